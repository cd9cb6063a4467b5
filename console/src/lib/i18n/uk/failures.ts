/** Ukrainian: what failures mean. */
import type en from "../en/failures";
import type { Translation } from "../translation";

export default {
  "failure.forbidden": "Ваша роль цього не дозволяє.",
  "failure.missing": "Такого немає, або це належить іншій компанії.",
  "failure.conflict": "Тим часом щось змінилося. Завантажте сторінку знову.",
  "failure.limited": "Забагато запитів. Зачекайте хвилину й спробуйте знову.",
  "failure.signedOut": "Ваш сеанс завершено. Увійдіть ще раз.",
  "failure.broken": "Щось пішло не так на нашому боці.",
  "failure.invalid": "Платформа цього не приймає: {message}",
  "failure.email": "На таку адресу неможливо надіслати лист.",
  "failure.empty": "Обовʼязкове поле порожнє.",
  "failure.length": "Текст закороткий або задовгий.",
  "failure.range": "Число або день поза дозволеними межами.",
  "failure.form": "Значення записано не так, як очікує платформа.",
  "failure.credentials": "Неправильна пошта або пароль.",
  "failure.noAccess": "Ваш обліковий запис не має доступу до жодної компанії. Зверніться до адміністратора своєї компанії.",
  "failure.orderConflict": "Замовлення тим часом змінилося, і його стан цього вже не дозволяє.",
  "failure.departureClosed": "Того дня такого рейсу немає, або він уже вирушив.",
  "failure.seatsUnavailable": "У тому рейсі недостатньо вільних місць.",
  "failure.reportNotReady": "Звіт ще не готовий.",
  "failure.requestId": "Для підтримки: {id}",
  "common.copyFailed": "Браузер не дозволив копіювати. Виділіть текст і скопіюйте його самі.",
} satisfies Translation<typeof en>;
