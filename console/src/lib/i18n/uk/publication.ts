/** Ukrainian: publishing a timetable, and undoing that. */
import type en from "../en/publication";
import type { Translation } from "../translation";

export default {
  "timetable.publishTitle": "Опублікувати цей розклад?",
  "timetable.publishText": "Він замінить ваш опублікований розклад. Продані квитки змінюються разом зі своїми рейсами.",
  "timetable.publishConflict":
    "Зараз опублікувати не можна: публікується інший розклад або опублікований змінився після перевірки цього. Перевірте його ще раз.",
  "timetable.gone": "Термін зберігання архіву минув, і його видалено. Завантажте його ще раз.",
  "timetable.undoTitle": "Повернути попередній розклад?",
  "timetable.undoText":
    "Розклад, який замінила остання публікація, буде опубліковано знову. Продані квитки змінюються разом зі своїми рейсами. Якщо скасувати ще раз, повернеться нинішній розклад.",
  "timetable.undoConflict":
    "Попереднього розкладу немає, саме публікується розклад або він змінився після перевірки. Відкрийте це вікно ще раз.",
  "timetable.undoChecking": "Перевіряємо, що це змінить",
} satisfies Translation<typeof en>;
