/** Romanian: the passenger list. */
import type en from "../en/manifest";
import type { Translation } from "../translation";

export default {
  "manifest.boarding": "Îmbarcare",
  "manifest.collect": "De încasat la îmbarcare",
  "manifest.printed": "Situația la {at}",
  "manifest.payment": "Plată",
  "manifest.paid": "Plătit",
  "manifest.unconfirmed": "Încă neconfirmat",
  "manifest.present": "Prezență",
  "manifest.driver": "Șofer",
} satisfies Translation<typeof en>;
