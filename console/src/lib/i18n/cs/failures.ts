/** Czech: what failures mean. */
import type en from "../en/failures";
import type { Translation } from "../translation";

export default {
  "failure.forbidden": "Vaše role to nedovoluje.",
  "failure.missing": "Nic takového není, nebo to patří jiné společnosti.",
  "failure.conflict": "Mezitím se něco změnilo. Načtěte stránku znovu.",
  "failure.limited": "Příliš mnoho požadavků. Počkejte minutu a zkuste to znovu.",
  "failure.signedOut": "Vaše relace skončila. Přihlaste se znovu.",
  "failure.broken": "Na naší straně se něco pokazilo.",
  "failure.invalid": "Platforma to nepřijímá: {message}",
  "failure.email": "Na takovou adresu nelze poslat e-mail.",
  "failure.empty": "Povinné pole je prázdné.",
  "failure.length": "Text je příliš krátký nebo příliš dlouhý.",
  "failure.range": "Číslo nebo den je mimo povolený rozsah.",
  "failure.form": "Hodnota není zapsaná tak, jak platforma očekává.",
  "failure.credentials": "Chybný e-mail nebo heslo.",
  "failure.noAccess": "Váš účet nemá přístup k žádné společnosti. Obraťte se na správce své společnosti.",
  "failure.orderConflict": "Objednávka se mezitím změnila a její stav to už nedovoluje.",
  "failure.departureClosed": "Ten den takový spoj nejede, nebo už odjel.",
  "failure.seatsUnavailable": "Na tom spoji není dost volných míst.",
  "failure.reportNotReady": "Přehled ještě není hotový.",
  "failure.requestId": "Pro podporu: {id}",
  "common.copyFailed": "Prohlížeč kopírování nedovolil. Označte text a zkopírujte ho sami.",
} satisfies Translation<typeof en>;
