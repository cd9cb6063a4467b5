/** Polish: what breaks the rules that always hold. */
import type en from "../en/invariants";
import type { Translation } from "../translation";

export default {
  "invariant.seat_sold_twice": "Dwa bilety zajmują jedno miejsce na nakładających się odcinkach tego samego kursu.",
  "invariant.doubtful_run_on_sale":
    "Kurs, który być może był już wcześniej sprzedawany, jest w sprzedaży, choć nie podjęto decyzji.",
  "invariant.ticket_without_seat": "Otwarty lub potwierdzony bilet nie zajmuje swojego miejsca w swoim kursie.",
  "invariant.seat_not_on_bus": "Bilet sprzedano na miejsce, którego jego autobus nie ma.",
  "invariant.expired_ticket_holds_seat": "Bilet, którego nie opłacono na czas, nadal zajmuje miejsce.",
  "invariant.ended_ticket_holds_seat": "Anulowany, zwrócony lub odrzucony bilet nadal zajmuje miejsce.",
  "invariant.ticket_without_history": "Brakuje pierwszego wpisu w historii biletu.",
  "invariant.history_differs": "Ostatni wpis historii biletu podaje inny stan niż ten, który ma bilet.",
  "invariant.history_impossible": "Wpis w historii biletu nie może następować po poprzednim wpisie.",
  "invariant.boarding_time_differs":
    "Godzina wsiadania na bilecie różni się od godziny kursu albo od godziny w rezerwacji, albo kurs nie zatrzymuje się tam, gdzie pasażer wysiada.",
  "invariant.ticket_of_another":
    "Bilet należy do innego partnera niż jego rezerwacja albo do innej firmy niż jego trasa.",
  "invariant.ticket_state_impossible":
    "Stan biletu i stan jego płatności tworzą parę, do której nie prowadzi żadne działanie.",
  "invariant.ticket_amount_impossible": "Cena, przedpłata lub zwrot są sprzeczne ze stanem biletu albo ze sobą.",
  "invariant.ticket_without_terms": "Bilet nie ma słów do wyszukiwania, więc firma nie może go znaleźć.",
  "invariant.event_without_message":
    "O zdarzeniu dotyczącym biletu nie ma wiadomości, choć z pasażerem można się skontaktować.",
  "invariant.booking_without_ticket": "Rezerwacja nie ma żadnego biletu albo błędnie oznaczono ją jako pustą.",
  "invariant.partner_counts_differ": "Zapisana liczba rezerwacji lub biletów partnera jest błędna.",
  "invariant.company_counts_differ": "Zapisana liczba biletów firmy jest błędna.",
  "invariant.message_without_job": "Wiadomości nie wysłano i żadne zadanie jej nie wyśle.",
  "invariant.message_state_impossible":
    "Wiadomość oznaczono jako wysłaną, ale bez czasu wysłania albo bez żadnej próby, albo dotyczy ona innego biletu lub zdarzenia niż jej wpis w historii.",
  "invariant.job_sent_not_recovered": "Zadanie zaginęło w Redisie i nie zostało wysłane ponownie.",
  "invariant.job_running_without_process": "Zadanie jest przypisane do procesu, który już nie działa.",
  "invariant.job_running_past_deadline": "Zadanie nadal jest przypisane do procesu, choć jego czas minął.",
  "invariant.job_time_in_future":
    "Czas wysłania lub przejęcia zadania albo ostatniego sygnału życia jego procesu leży w przyszłości: nic nie wznowi zadania.",
  "invariant.job_dead_without_error": "Zadanie się nie powiodło, a przyczyny nie zapisano.",
  "invariant.job_state_impossible":
    "Zadaniu brakuje tego, czego wymaga jego stan, ma ono to, co należy do innego stanu, wykonano je dwukrotnie albo czeka w nieznanej kolejce.",
  "invariant.report_without_job": "Raport nie jest ukończony i żadne zadanie go nie ukończy.",
  "invariant.report_state_impossible": "Raport jest gotowy, ale bez pliku, albo nie powiódł się, ale bez przyczyny.",
  "invariant.report_without_file": "Pliku gotowego raportu nie ma w magazynie albo ma tam inny rozmiar.",
  "invariant.upload_without_job": "Rozkład jazdy jest sprawdzany lub publikowany, ale nie robi tego żadne zadanie.",
  "invariant.upload_state_impossible":
    "Rozkład jazdy sprawdzono lub opublikowano, ale bez skutków, które to ma, albo próba się nie powiodła, ale bez przyczyny.",
  "invariant.upload_without_file": "Archiwum przesłanego rozkładu jazdy nie ma w magazynie albo ma tam inny rozmiar.",
} satisfies Translation<typeof en>;
