/** Romanian: what failures mean. */
import type en from "../en/failures";
import type { Translation } from "../translation";

export default {
  "failure.forbidden": "Rolul dvs. nu permite acest lucru.",
  "failure.missing": "Nu există așa ceva sau aparține altei companii.",
  "failure.conflict": "S-a schimbat între timp. Încărcați pagina din nou.",
  "failure.limited": "Prea multe cereri. Așteptați un minut și încercați din nou.",
  "failure.signedOut": "Sesiunea s-a încheiat. Intrați din nou în cont.",
  "failure.broken": "Ceva nu a mers bine la noi.",
  "failure.invalid": "Platforma nu acceptă: {message}",
  "failure.email": "La o astfel de adresă nu se poate trimite e-mail.",
  "failure.empty": "Un câmp obligatoriu este gol.",
  "failure.length": "Un text este prea scurt sau prea lung.",
  "failure.range": "Un număr sau o zi este în afara limitelor permise.",
  "failure.form": "O valoare nu este scrisă așa cum o așteaptă platforma.",
  "failure.credentials": "E-mailul sau parola este greșită.",
  "failure.noAccess": "Contul dvs. nu are acces la nicio companie. Întrebați un administrator al companiei.",
  "failure.orderConflict": "Comanda s-a schimbat între timp, iar starea ei nu mai permite acest lucru.",
  "failure.departureClosed": "Nu există o astfel de plecare în acea zi sau a plecat deja.",
  "failure.seatsUnavailable": "Nu sunt destule locuri libere la acea plecare.",
  "failure.reportNotReady": "Raportul nu este încă gata.",
  "failure.requestId": "Pentru asistență: {id}",
  "common.copyFailed": "Browserul nu a permis copierea. Selectați textul și copiați-l dvs.",
} satisfies Translation<typeof en>;
