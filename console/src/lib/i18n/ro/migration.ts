/** Romanian: migration. */
import type en from "../en/migration";
import type { Translation } from "../translation";

export default {
  "migration.title": "Migrarea de la vechiul API",
  "migration.lead":
    "/v2 înlocuiește vechiul API de la adresa /rest. Zilele sunt în UTC; apelurile din ultimele câteva secunde pot lipsi.",
  "migration.guide": "Ghidul de migrare",
  "migration.docs": "Documentația API",
  "migration.unused": "Programele dvs. nu au apelat niciodată vechiul API.",
  "migration.unusedText": "Nu trebuie să modificați nimic. Vechiul API se închide pentru dvs. pe {day}.",
  "migration.moved": {
    one: "Programele dvs. nu au mai apelat vechiul API de {count} zi.",
    few: "Programele dvs. nu au mai apelat vechiul API de {count} zile.",
    other: "Programele dvs. nu au mai apelat vechiul API de {count} de zile.",
  },
  "migration.movedText":
    "Migrarea este încheiată. Vechiul API se închide pentru dvs. pe {day}, dacă nu mai este apelat.",
  "migration.calling": "Programele dvs. încă apelează vechiul API.",
  "migration.callingText": "Ultimul apel: {ago}. Vechiul API se închide pentru dvs. pe {day}, dacă nu mai este apelat.",
  "migration.closed": "Vechiul API este închis pentru dvs. din {day}.",
  "migration.closedText": "Orice apel către /rest primește răspunsul 410.",
  "migration.rule":
    "Vechiul API se închide pentru dvs. după data anunțată, odată ce programele dvs. nu l-au mai apelat timp de 30 de zile.",
  "migration.dates": "Date",
  "migration.deprecatedAt": "Declarat învechit",
  "migration.sunsetAt": "Închidere anunțată",
  "migration.closesAt": "Se închide pentru dvs.",
  "migration.closedAt": "Închis pentru dvs.",
  "migration.operations": "Operațiile vechiului API",
  "migration.operation": "Operație veche",
  "migration.replacement": "Înlocuitor",
  "migration.change": "Ce se modifică",
  "migration.calls": "Apeluri în 90 de zile",
  "migration.still": "Încă apelată",
  "migration.none": "Niciun apel",
  "migration.last": "Ultima dată pe {day}, cele mai multe într-o zi: {count}",
  "migration.empty": "Niciun apel către vechiul API",
  "migration.emptyText": "Aici ar apărea apelurile către /rest și operațiile care le înlocuiesc.",
} satisfies Translation<typeof en>;
