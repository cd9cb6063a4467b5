/** Ukrainian: publishing a timetable, and undoing that. */
import type en from "../en/publication";
import type { Translation } from "../translation";

export default {
  "timetable.publishTitle": "Опублікувати цей розклад?",
  "timetable.publishText": "Він замінить ваш опублікований розклад. Продані квитки змінюються разом зі своїми рейсами.",
  "timetable.publishConflict": "Зараз опублікувати не можна: публікується інший розклад або цей тим часом змінився.",
  "timetable.gone": "Термін зберігання архіву минув, і його видалено. Завантажте його ще раз.",
  "timetable.undoTitle": "Повернути попередній розклад?",
  "timetable.undoText":
    "Розклад, який замінила остання публікація, буде опубліковано знову. Продані квитки змінюються разом зі своїми рейсами. Якщо скасувати ще раз, повернеться нинішній розклад.",
  "timetable.undoConflict": "Попереднього розкладу немає, або саме публікується розклад.",
} satisfies Translation<typeof en>;
