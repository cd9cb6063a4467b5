/** Romanian: keys. */
import type en from "../en/keys";
import type { Translation } from "../translation";

export default {
  "keys.title": "Chei API",
  "keys.lead": "Cu o cheie se autentifică programul dvs. Păstrați-o pe serverul dvs.; la înlocuire pot fi active mai multe.",
  "keys.docs": "Documentația API",
  "keys.create": "Cheie nouă",
  "keys.name": "Nume",
  "keys.nameHint": "La ce folosește cheia.",
  "keys.once": "Aceasta este cheia. Nu va mai fi afișată: copiați-o acum.",
  "keys.copy": "Copiază cheia",
  "keys.copied": "Cheia a fost copiată.",
  "keys.kept": "Am păstrat-o",
  "keys.created": "Creată {at}",
  "keys.used": "Folosită {ago}",
  "keys.unused": "Niciodată folosită",
  "keys.revoke": "Revocă",
  "keys.revokeTitle": "Revocați cheia „{name}”?",
  "keys.revokeText": "Orice cerere ulterioară cu ea va fi respinsă. Nu se poate reveni.",
  "keys.revoked": "Cheia „{name}” este revocată.",
  "keys.revokedAt": "Revocată {at}",
  "keys.empty": "Încă nu există chei",
  "keys.emptyText": "Creați una pentru magazinul sau aplicația dvs.",
  "keys.made": "Cheie nouă: {name}",
  "keys.environment.staging": "mediu de testare",
  "keys.environment.production": "mediu de producție",
} satisfies Translation<typeof en>;
