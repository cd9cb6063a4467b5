/** Russian: the passenger list. */
import type en from "../en/manifest";
import type { Translation } from "../translation";

export default {
  "manifest.boarding": "Посадка",
  "manifest.collect": "Получить при посадке",
  "manifest.printed": "По состоянию на {at}",
  "manifest.payment": "Оплата",
  "manifest.paid": "Оплачено",
  "manifest.unconfirmed": "Ещё не подтверждён",
  "manifest.present": "Присутствие",
  "manifest.driver": "Водитель",
} satisfies Translation<typeof en>;
