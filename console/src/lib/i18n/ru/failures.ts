/** Russian: what failures mean. */
import type en from "../en/failures";
import type { Translation } from "../translation";

export default {
  "failure.forbidden": "Ваша роль этого не позволяет.",
  "failure.missing": "Такого нет, или это принадлежит другой компании.",
  "failure.conflict": "Тем временем что-то изменилось. Загрузите страницу снова.",
  "failure.limited": "Слишком много запросов. Подождите минуту и попробуйте снова.",
  "failure.signedOut": "Ваш сеанс завершён. Войдите снова.",
  "failure.broken": "Что-то пошло не так на нашей стороне.",
  "failure.invalid": "Платформа этого не принимает: {message}",
  "failure.email": "На такой адрес нельзя отправить письмо.",
  "failure.empty": "Обязательное поле пусто.",
  "failure.length": "Текст слишком короткий или слишком длинный.",
  "failure.range": "Число или день вне допустимых пределов.",
  "failure.form": "Значение записано не так, как ожидает платформа.",
  "failure.credentials": "Неверная почта или пароль.",
  "failure.noAccess": "Ваша учётная запись не имеет доступа ни к одной компании. Обратитесь к администратору своей компании.",
  "failure.orderConflict": "Заказ тем временем изменился, и его состояние этого уже не позволяет.",
  "failure.departureClosed": "В тот день такого рейса нет, или он уже отправился.",
  "failure.seatsUnavailable": "На том рейсе недостаточно свободных мест.",
  "failure.reportNotReady": "Отчёт ещё не готов.",
  "failure.requestId": "Для поддержки: {id}",
  "common.copyFailed": "Браузер не разрешил копировать. Выделите текст и скопируйте его сами.",
} satisfies Translation<typeof en>;
