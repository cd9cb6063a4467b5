/** Romanian: what breaks the rules that always hold. */
import type en from "../en/invariants";
import type { Translation } from "../translation";

export default {
  "invariant.seat_sold_twice": "Două bilete ocupă un singur loc pe segmente care se suprapun ale aceleiași plecări.",
  "invariant.doubtful_run_on_sale":
    "O plecare care poate a fost vândută deja este în vânzare, deși nu s-a luat nicio decizie.",
  "invariant.ticket_without_seat": "Un bilet deschis sau confirmat nu își ocupă locul la plecarea sa.",
  "invariant.seat_not_on_bus": "Un bilet a fost vândut pe un loc pe care autobuzul său nu îl are.",
  "invariant.expired_ticket_holds_seat": "Un bilet care nu a fost plătit la timp ocupă încă un loc.",
  "invariant.ended_ticket_holds_seat": "Un bilet anulat, rambursat sau respins ocupă încă un loc.",
  "invariant.ticket_without_history": "Lipsește prima înregistrare din istoricul unui bilet.",
  "invariant.history_differs": "Ultima înregistrare din istoricul unui bilet arată altă stare decât cea a biletului.",
  "invariant.history_impossible": "O înregistrare din istoricul unui bilet nu poate urma după cea dinaintea ei.",
  "invariant.boarding_time_differs":
    "Ora îmbarcării de pe bilet diferă de ora plecării sau de cea din rezervare ori plecarea nu oprește acolo unde coboară pasagerul.",
  "invariant.ticket_of_another":
    "Un bilet aparține altui partener decât rezervarea sa sau altei companii decât ruta sa.",
  "invariant.ticket_state_impossible":
    "Starea biletului și starea plății lui formează o pereche la care nu duce nicio acțiune.",
  "invariant.ticket_amount_impossible":
    "Prețul, avansul sau suma rambursată contrazic starea biletului ori se contrazic între ele.",
  "invariant.ticket_without_terms": "Un bilet nu are cuvinte de căutare, astfel încât compania sa nu îl poate găsi.",
  "invariant.event_without_message":
    "Despre un eveniment al unui bilet nu există niciun mesaj, deși pasagerul poate fi contactat.",
  "invariant.booking_without_ticket": "O rezervare nu are niciun bilet sau este marcată greșit ca fiind goală.",
  "invariant.partner_counts_differ": "Numărul păstrat al rezervărilor sau al biletelor unui partener este greșit.",
  "invariant.company_counts_differ": "Numărul păstrat al biletelor unei companii este greșit.",
  "invariant.message_without_job": "Un mesaj nu a fost trimis și nicio sarcină nu îl va trimite.",
  "invariant.message_state_impossible":
    "Un mesaj este marcat ca trimis, dar fără ora trimiterii sau fără nicio încercare, ori se referă la alt bilet sau eveniment decât înregistrarea sa din istoric.",
  "invariant.job_sent_not_recovered": "O sarcină s-a pierdut în Redis și nu a fost trimisă din nou.",
  "invariant.job_running_without_process": "O sarcină este deținută de un proces care nu mai rulează.",
  "invariant.job_running_past_deadline": "O sarcină este încă deținută, deși termenul ei a expirat.",
  "invariant.job_time_in_future":
    "Ora la care o sarcină a fost trimisă sau preluată ori la care procesul ei a dat ultimul semn de viață este în viitor: nimic nu o reia.",
  "invariant.job_dead_without_error": "O sarcină a eșuat, iar motivul nu este înregistrat.",
  "invariant.job_state_impossible":
    "Unei sarcini îi lipsește ce îi cere starea sau are ce ține de altă stare, a fost executată de două ori ori așteaptă într-o coadă necunoscută.",
  "invariant.report_without_job": "Un raport nu este finalizat și nicio sarcină nu îl va finaliza.",
  "invariant.report_state_impossible": "Un raport este gata, dar fără fișier, sau a eșuat, dar fără motiv.",
  "invariant.report_without_file": "Fișierul unui raport gata nu se află în depozit sau are acolo altă mărime.",
  "invariant.upload_without_job": "Un orar este verificat sau publicat, dar nicio sarcină nu face acest lucru.",
  "invariant.upload_state_impossible":
    "Un orar a fost verificat sau publicat fără efectele pe care le are acest lucru ori a eșuat, dar fără motiv.",
  "invariant.upload_without_file": "Arhiva unui orar încărcat nu se află în depozit sau are acolo altă mărime.",
} satisfies Translation<typeof en>;
