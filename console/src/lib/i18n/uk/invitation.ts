/** Ukrainian: invitation. */
import type en from "../en/invitation";
import type { Translation } from "../translation";

export default {
  "invitation.title": "Вас запрошено",
  "invitation.to": "Запрошення до {place}",
  "invitation.lead": "{inviter} запрошує вас працювати в PREXSELL для {place}.",
  "invitation.role": "Роль",
  "invitation.until": "Діє до",
  "invitation.expired": "Термін запрошення минув",
  "invitation.expiredText": "Воно діяло до {at}. Попросіть нове: {inviter}, {place}.",
  "invitation.withdrawn": "Запрошення відкликано",
  "invitation.withdrawnText":
    "Запрошення до {place} більше не діє, або його замінив пізніший лист. Якщо пізнішого листа немає, зверніться до того, хто запросив: {inviter}.",
  "invitation.used": "Запрошення вже прийнято",
  "invitation.usedText": "{email} уже має доступ до {place}. Увійдіть.",
  "invitation.accept": "Прийняти запрошення",
  "invitation.incomplete": "Посилання неповне",
  "invitation.incompleteText": "Відкрийте його з листа ще раз або скопіюйте повністю, з усім, що після «#».",
  "invitation.unknown": "Такого запрошення немає",
  "invitation.unknownText":
    "Можливо, посилання обрізано. Скопіюйте його з листа повністю або попросіть нове запрошення.",
  "invitation.newTitle": "Про вас",
  "invitation.newText": "Ваша адреса тут нова. Вкажіть, хто ви, і виберіть пароль.",
  "invitation.firstName": "Імʼя",
  "invitation.lastName": "Прізвище",
  "invitation.passwordHint": "Від 8 до 128 символів.",
  "invitation.join": "Прийняти й увійти",
  "invitation.name": "Таке імʼя не підходить.",
  "invitation.acceptedTitle": "Вітаємо в {place}",
  "invitation.acceptedText": "Ваша роль там: {role}.",
  "invitation.signInText": "Увійдіть з паролем, який у вас уже є.",
  "invitation.replaces": "Тут увійшов користувач {email}. Після вашого входу його сеанс завершиться.",
  "invitation.open": "До {place}",
} satisfies Translation<typeof en>;
