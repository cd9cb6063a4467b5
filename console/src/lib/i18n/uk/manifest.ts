/** Ukrainian: the passenger list. */
import type en from "../en/manifest";
import type { Translation } from "../translation";

export default {
  "manifest.boarding": "Посадка",
  "manifest.collect": "Отримати під час посадки",
  "manifest.printed": "Станом на {at}",
  "manifest.payment": "Оплата",
  "manifest.paid": "Оплачено",
  "manifest.unconfirmed": "Ще не підтверджено",
  "manifest.present": "Присутність",
  "manifest.driver": "Водій",
} satisfies Translation<typeof en>;
