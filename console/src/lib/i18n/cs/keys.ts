/** Czech: keys. */
import type en from "../en/keys";
import type { Translation } from "../translation";

export default {
  "keys.title": "Klíče API",
  "keys.lead": "Klíčem se přihlašuje váš program. Mějte ho na svém serveru; při výměně jich může platit více.",
  "keys.docs": "Dokumentace API",
  "keys.create": "Nový klíč",
  "keys.name": "Název",
  "keys.nameHint": "K čemu klíč slouží.",
  "keys.once": "Toto je klíč. Znovu zobrazen nebude: zkopírujte ho teď.",
  "keys.copy": "Kopírovat klíč",
  "keys.copied": "Klíč je zkopírován.",
  "keys.kept": "Klíč mám uložený",
  "keys.created": "Vytvořeno {at}",
  "keys.used": "Použito {ago}",
  "keys.unused": "Nikdy nepoužito",
  "keys.revoke": "Zneplatnit",
  "keys.revokeTitle": "Zneplatnit klíč „{name}“?",
  "keys.revokeText": "Každý další požadavek s ním bude odmítnut. Nelze to vrátit.",
  "keys.revoked": "Klíč „{name}“ je zneplatněn.",
  "keys.revokedAt": "Zneplatněno {at}",
  "keys.empty": "Zatím žádné klíče",
  "keys.emptyText": "Vytvořte klíč pro svůj obchod nebo aplikaci.",
  "keys.made": "Nový klíč: {name}",
  "keys.environment.staging": "testovací prostředí",
  "keys.environment.production": "produkční prostředí",
} satisfies Translation<typeof en>;
