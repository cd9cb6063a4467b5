/** Russian: invitation. */
import type en from "../en/invitation";
import type { Translation } from "../translation";

export default {
  "invitation.title": "Вас пригласили",
  "invitation.to": "Приглашение в {place}",
  "invitation.lead": "{inviter} приглашает вас работать в PREXSELL для {place}.",
  "invitation.role": "Роль",
  "invitation.until": "Действует до",
  "invitation.expired": "Срок приглашения истёк",
  "invitation.expiredText": "Оно действовало до {at}. Попросите новое: {inviter}, {place}.",
  "invitation.withdrawn": "Приглашение отозвано",
  "invitation.withdrawnText":
    "Приглашение в {place} больше не действует, или его заменило более позднее письмо. Если его нет, обратитесь к тому, кто вас пригласил: {inviter}.",
  "invitation.used": "Приглашение уже принято",
  "invitation.usedText": "{email} уже имеет доступ к {place}. Войдите.",
  "invitation.accept": "Принять приглашение",
  "invitation.incomplete": "Ссылка неполная",
  "invitation.incompleteText": "Откройте её из письма ещё раз или скопируйте целиком, со всем, что после «#».",
  "invitation.unknown": "Такого приглашения нет",
  "invitation.unknownText":
    "Возможно, ссылка обрезана. Скопируйте её из письма целиком или попросите новое приглашение.",
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
