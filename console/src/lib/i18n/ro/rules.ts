/** Romanian: rules. */
import type en from "../en/rules";
import type { Translation } from "../translation";

export default {
  "rules.title": "Reguli și prețuri",
  "rules.lead": "Rambursări, reduceri și încheierea vânzării. Partenerii și pasagerii văd modificările imediat.",
  "rules.save": "Salvează",
  "rules.discard": "Renunță la modificări",
  "rules.saved": "Salvat. Se aplică de acum.",
  "rules.leave": "Modificările nu sunt salvate. Părăsiți pagina fără ele?",
  "rules.partners": "Ce poate face fiecare partener",
  "rules.partnersText": "Căutare, rezervare, anulare: se stabilesc pe o pagină separată.",
  "rules.partnersLink": "Parteneri",

  "refunds.title": "Rambursări",
  "refunds.text":
    "Dintre rândurile pentru care au rămas destule ore până la îmbarcare, se aplică cel cu cele mai multe ore. Regula este valabilă și pentru biletele deja vândute. Un bilet anulat în primele 20 de minute de la vânzare se rambursează integral.",
  "refunds.line": "Rândul {number}",
  "refunds.hours": "Ore înainte de îmbarcare, de la",
  "refunds.back": "Se rambursează",
  "refunds.unit": "Procent sau monedă",
  "refunds.add": "Adaugă un rând",
  "refunds.remove": "Elimină rândul {number}",
  "refunds.none": "Dacă nu există niciun rând, după 20 de minute de la vânzare nu se rambursează nimic.",
  "refunds.later": {
    one: "Cu mai puțin de {count} oră înainte de îmbarcare: nimic.",
    few: "Cu mai puțin de {count} ore înainte de îmbarcare: nimic.",
    other: "Cu mai puțin de {count} de ore înainte de îmbarcare: nimic.",
  },
  "refunds.twice": "Două rânduri au aceleași ore.",

  "example.title": "Exemplu",
  "example.price": "Prețul biletului",
  "example.currency": "Moneda",
  "example.hours": "Cu câte ore înainte de îmbarcare se anulează",
  "example.canceled": {
    one: "Anulat cu {count} oră înainte de îmbarcare:",
    few: "Anulat cu {count} ore înainte de îmbarcare:",
    other: "Anulat cu {count} de ore înainte de îmbarcare:",
  },
  "example.back": "se rambursează {amount}",
  "example.kept": "{amount} rămân la dvs.",
  "example.rate": "se rambursează {amount} la cursul zilei, cel mult prețul biletului",
  "example.closed": "Partenerii nu mai pot anula atunci; dvs. puteți.",
  "example.boarding": "Îmbarcare",

  "cutoffs.title": "Când se încheie vânzarea și anularea",
  "cutoffs.sale": "Cu câte minute înainte de îmbarcare se încheie vânzarea",
  "cutoffs.saleHint": "0: se vinde până la îmbarcare.",
  "cutoffs.cancel": "Partenerii pot anula bilete plătite",
  "cutoffs.always": "oricând",
  "cutoffs.until": "cel târziu cu câteva ore înainte de îmbarcare",
  "cutoffs.hours": "Ore înainte de îmbarcare",

  "discounts.title": "Reduceri",
  "discounts.text":
    "Valoarea unei reduceri nu se schimbă, fiindcă apare pe biletele vândute: retrageți-o și creați alta.",
  "discounts.create": "Reducere nouă",
  "discounts.empty": "Încă nu există reduceri",
  "discounts.always": "În orice zi de vânzare",
  "discounts.since": "Din {day}",
  "discounts.till": "Până la {day}",
  "discounts.active": "În vigoare",
  "discounts.coming": "Programată",
  "discounts.ended": "Încheiată",
  "discounts.days": "Schimbă zilele",
  "discounts.withdraw": "Retrage",
} satisfies Translation<typeof en>;
