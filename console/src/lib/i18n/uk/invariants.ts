/** Ukrainian: what breaks the rules that always hold. */
import type en from "../en/invariants";
import type { Translation } from "../translation";

export default {
  "invariant.seat_sold_twice": "Два квитки займають одне місце на ділянках того самого рейсу, що перетинаються.",
  "invariant.doubtful_run_on_sale":
    "Рейс, який, можливо, вже продавали раніше, є у продажу, хоча рішення ще не ухвалено.",
  "invariant.ticket_without_seat": "Відкритий або підтверджений квиток не займає свого місця на своєму рейсі.",
  "invariant.seat_not_on_bus": "Квиток продано на місце, якого в його автобусі немає.",
  "invariant.expired_ticket_holds_seat": "Квиток, який не оплатили вчасно, досі займає місце.",
  "invariant.ended_ticket_holds_seat": "Скасований, повернений або відхилений квиток досі займає місце.",
  "invariant.ticket_without_history": "Бракує першого запису історії квитка.",
  "invariant.history_differs": "Останній запис історії квитка називає інший стан, ніж має квиток.",
  "invariant.history_impossible": "Запис історії квитка не може йти після попереднього запису.",
  "invariant.boarding_time_differs":
    "Час посадки за квитком не збігається з часом рейсу або з часом у бронюванні, або рейс не зупиняється там, де пасажир виходить.",
  "invariant.ticket_of_another":
    "Квиток належить іншому партнерові, ніж його бронювання, або іншій компанії, ніж його маршрут.",
  "invariant.ticket_state_impossible": "Стан квитка і стан його оплати утворюють пару, до якої не веде жодна дія.",
  "invariant.ticket_amount_impossible":
    "Вартість, передоплата або сума повернення суперечать стану квитка чи одна одній.",
  "invariant.ticket_without_terms": "Квиток не має слів для пошуку, тому компанія не може його знайти.",
  "invariant.event_without_message": "Про подію з квитком немає повідомлення, хоча пасажир має контакти.",
  "invariant.booking_without_ticket": "Бронювання не має жодного квитка або помилково позначене як порожнє.",
  "invariant.partner_counts_differ": "Збережена кількість бронювань або квитків партнера хибна.",
  "invariant.company_counts_differ": "Збережена кількість квитків компанії хибна.",
  "invariant.message_without_job": "Повідомлення не надіслано, і жодне завдання його не надішле.",
  "invariant.message_state_impossible":
    "Повідомлення позначено як надіслане, але без часу надсилання або без жодної спроби, або воно стосується іншого квитка чи іншої події, ніж його запис історії.",
  "invariant.job_sent_not_recovered": "Завдання загубилося в Redis, і його не надіслано знову.",
  "invariant.job_running_without_process": "Завдання утримує процес, який уже не працює.",
  "invariant.job_running_past_deadline": "Завдання досі утримується, хоча його час вичерпано.",
  "invariant.job_time_in_future":
    "Час, коли завдання надіслали чи взяли в роботу або коли його процес востаннє подав сигнал, лежить у майбутньому: завдання ніщо не відновить.",
  "invariant.job_dead_without_error": "Завдання завершилося збоєм, але причину не записано.",
  "invariant.job_state_impossible":
    "Завданню бракує того, чого вимагає його стан, або воно має те, що буває лише в іншому стані, виконане двічі чи чекає в невідомій черзі.",
  "invariant.report_without_job": "Звіт не завершено, і жодне завдання його не завершить.",
  "invariant.report_state_impossible": "Звіт готовий, але без файлу, або не вдався, але без причини.",
  "invariant.report_without_file": "Файлу готового звіту немає у сховищі, або він має там інший розмір.",
  "invariant.upload_without_job": "Розклад перевіряється або публікується, але жодне завдання цього не виконує.",
  "invariant.upload_state_impossible":
    "Розклад перевірено або опубліковано без наслідків, які це має, або спроба не вдалася, але без причини.",
  "invariant.upload_without_file": "Архіву завантаженого розкладу немає у сховищі, або він має там інший розмір.",
} satisfies Translation<typeof en>;
