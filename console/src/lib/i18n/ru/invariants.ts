/** Russian: what breaks the rules that always hold. */
import type en from "../en/invariants";
import type { Translation } from "../translation";

export default {
  "invariant.seat_sold_twice": "Два билета занимают одно место на пересекающихся участках одного рейса.",
  "invariant.doubtful_run_on_sale":
    "Рейс, который, возможно, уже продавался раньше, есть в продаже, хотя решение ещё не принято.",
  "invariant.ticket_without_seat": "Открытый или подтверждённый билет не занимает своего места на своём рейсе.",
  "invariant.seat_not_on_bus": "Билет продан на место, которого в его автобусе нет.",
  "invariant.expired_ticket_holds_seat": "Билет, который не оплатили вовремя, всё ещё занимает место.",
  "invariant.ended_ticket_holds_seat": "Отменённый, возвращённый или отклонённый билет всё ещё занимает место.",
  "invariant.ticket_without_history": "Нет первой записи истории билета.",
  "invariant.history_differs": "Последняя запись истории билета называет другое состояние, чем у билета.",
  "invariant.boarding_time_differs":
    "Время посадки по билету не совпадает со временем рейса или со временем в бронировании.",
  "invariant.ticket_state_impossible":
    "Состояние билета и состояние его оплаты образуют пару, к которой не ведёт ни одно действие.",
  "invariant.ticket_amount_impossible":
    "Стоимость, предоплата или сумма возврата противоречат состоянию билета или друг другу.",
  "invariant.event_without_message": "О событии с билетом нет сообщения, хотя у пассажира есть контакты.",
  "invariant.message_without_job": "Сообщение не отправлено, и ни одна задача его не отправит.",
  "invariant.message_state_impossible":
    "Сообщение отмечено как отправленное, но без времени отправки или без единой попытки.",
  "invariant.job_sent_not_recovered": "Задача потерялась в Redis и не отправлена снова.",
  "invariant.job_running_without_process": "Задачу удерживает процесс, который уже не работает.",
  "invariant.job_running_past_deadline": "Задача всё ещё удерживается, хотя её время истекло.",
  "invariant.job_time_in_future":
    "Время, когда задачу отправили или взяли в работу либо когда её процесс в последний раз подал сигнал, лежит в будущем: задачу ничто не возобновит.",
  "invariant.job_dead_without_error": "Задача завершилась сбоем, но причина не записана.",
  "invariant.job_state_impossible":
    "У задачи нет того, чего требует её состояние, или есть то, что бывает лишь в другом состоянии, она выполнена дважды или ждёт в неизвестной очереди.",
  "invariant.report_without_job": "Отчёт не завершён, и ни одна задача его не завершит.",
  "invariant.report_state_impossible": "Отчёт готов, но без файла, или не удался, но без причины.",
  "invariant.report_without_file": "Файла готового отчёта нет в хранилище, или у него там другой размер.",
  "invariant.upload_without_job": "Расписание проверяется или публикуется, но ни одна задача этого не выполняет.",
  "invariant.upload_state_impossible":
    "Расписание проверено или опубликовано без последствий, которые это имеет, или попытка не удалась, но без причины.",
  "invariant.upload_without_file": "Архива загруженного расписания нет в хранилище, или у него там другой размер.",
} satisfies Translation<typeof en>;
