/** Romanian: usage. */
import type en from "../en/usage";
import type { Translation } from "../translation";

export default {
  "usage.title": "Utilizarea API-ului",
  "usage.lead": "Totalul tuturor cheilor dvs., pe zile UTC. Ultimele câteva secunde pot lipsi.",
  "usage.docs": "Documentația API",
  "usage.period": "Perioadă",
  "usage.days": { one: "{count} zi", few: "{count} zile", other: "{count} de zile" },
  "usage.looks": "Căutări",
  "usage.bookings": "Rezervări",
  "usage.lookToBook": "Căutări la o rezervare",
  "usage.paid": "Bilete plătite",
  "usage.booked": "Bilete cu plata la îmbarcare",
  "usage.canceled": "Bilete anulate",
  "usage.requests": "Cereri",
  "usage.limited": "Refuzate (limită)",
  "usage.chart": "Căutări și rezervări pe zile",
  "usage.most": "Maximum pe zi: {count}",
  "usage.table": "Cifre pe zile",
  "usage.day": "Ziua",
  "usage.sum": "Total",
  "usage.empty": "Nicio cerere în această perioadă",
  "usage.emptyText": "Cifrele apar odată cu prima cerere a uneia dintre cheile dvs.",
  "usage.limits": "Limite de cereri",
  "usage.limitsText": "Sunt comune tuturor cheilor dvs. O cerere peste limită primește răspunsul 429.",
  "usage.limit": "{quota} la {seconds} s",
  "class.catalogue": "Orașe și stații",
  "class.search": "Căutare",
  "class.read": "Citirea rezervărilor",
  "class.write": "Modificarea rezervărilor",
  "usage.old": "Vechiul API",
  "usage.oldText":
    "De câte ori apelează programele dvs. /rest, cu ce se înlocuiesc apelurile și când se închide vechiul API pentru dvs.",
  "usage.move": "Migrarea de la vechiul API",
} satisfies Translation<typeof en>;
