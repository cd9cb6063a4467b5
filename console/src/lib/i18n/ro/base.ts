/** Romanian: base. */
import type en from "../en/base";
import type { Translation } from "../translation";

export default {
  "common.all": "Toate",
  "common.back": "Înapoi",
  "common.close": "Închide",
  "common.loading": "Se încarcă …",
  "common.retry": "Încearcă din nou",
  "common.undo": "Anulează modificarea",
  "common.today": "Astăzi",
  "common.tomorrow": "Mâine",
  "pager.label": "Paginile listei",
  "pager.previous": "Înapoi",
  "pager.next": "Înainte",
  "pager.shown": "{from}–{to} din {total}",

  "nav.label": "Secțiuni",
  "nav.home": "PREXSELL, început",
  "nav.skip": "Salt la conținut",
  "nav.today": "Astăzi",
  "nav.departures": "Plecări",
  "nav.timetable": "Orar",
  "nav.orders": "Comenzi",
  "nav.reports": "Rapoarte",
  "nav.buses": "Autobuze",
  "nav.partners": "Parteneri",
  "nav.keys": "Chei API",
  "nav.rules": "Reguli și prețuri",
  "nav.people": "Persoane",
  "nav.usage": "Utilizare",
  "nav.migration": "Migrare",
  "nav.more": "Mai mult",

  "common.email": "E-mail",

  "workplace.platform": "Platformă",
  "role.ADMIN": "Administrator",
  "role.MANAGER": "Manager",
  "role.DISPATCHER": "Dispecer",
  "role.ACCOUNTANT": "Contabil",
  "role.OPERATOR": "Operator al platformei",

  "account.menu": "Cont și setări",
  "account.title": "Cont și sesiuni",

  "failure.offline": "Platforma nu poate fi contactată. Verificați conexiunea.",
  "failure.update": "Pagina nu a putut fi încărcată. Poate există o versiune mai nouă: încărcați-o din nou.",

  "nav.ops": "Cozi",
  "nav.jobs": "Eșecuri",
  "nav.story": "Parcurs",
  "nav.members": "Parteneri",
  "nav.audit": "Jurnal",
  "notFound.home": "La început",
  "account.language": "Limbă",
  "account.signOut": "Ieși din cont",
} satisfies Translation<typeof en>;
