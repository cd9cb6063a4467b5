/** Russian: invitation. */
import type en from "../en/invitation";
import type { Translation } from "../translation";

export default {
  "invitation.title": "Вас пригласили",
  "invitation.lead": "Кто вас приглашает и куда, написано в письме, которое привело вас сюда.",
  "invitation.accept": "Принять приглашение",
  "invitation.incomplete": "Ссылка неполная",
  "invitation.incompleteText": "Откройте её из письма ещё раз или скопируйте целиком, со всем, что после «#».",
  "invitation.unknown": "Такого приглашения нет",
  "invitation.unknownText":
    "Возможно, ссылка обрезана. Скопируйте её из письма целиком или попросите новое приглашение.",
  "invitation.over": "Приглашение больше не действует",
  "invitation.overText":
    "Его уже приняли, отозвали, или ему больше 7 дней. Если вы его приняли, войдите; если нет, попросите новое.",
  "invitation.newTitle": "О вас",
  "invitation.newText": "Ваш адрес здесь новый. Укажите, кто вы, и выберите пароль.",
  "invitation.firstName": "Имя",
  "invitation.lastName": "Фамилия",
  "invitation.passwordHint": "От 8 до 128 символов.",
  "invitation.join": "Принять и войти",
  "invitation.name": "Такое имя не подходит.",
  "invitation.acceptedTitle": "Добро пожаловать в {place}",
  "invitation.acceptedText": "Ваша роль там: {role}.",
  "invitation.signInText": "Войдите с паролем, который у вас уже есть.",
  "invitation.replaces": "Здесь вошёл пользователь {email}. После вашего входа его сеанс завершится.",
  "invitation.open": "Перейти в {place}",
} satisfies Translation<typeof en>;
