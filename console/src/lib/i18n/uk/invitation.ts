/** Ukrainian: invitation. */
import type en from "../en/invitation";
import type { Translation } from "../translation";

export default {
  "invitation.title": "Вас запрошено",
  "invitation.lead": "Хто вас запрошує і куди, написано в листі, який привів вас сюди.",
  "invitation.accept": "Прийняти запрошення",
  "invitation.incomplete": "Посилання неповне",
  "invitation.incompleteText": "Відкрийте його з листа ще раз або скопіюйте повністю, з усім, що після «#».",
  "invitation.unknown": "Такого запрошення немає",
  "invitation.unknownText":
    "Можливо, посилання обрізано. Скопіюйте його з листа повністю або попросіть нове запрошення.",
  "invitation.over": "Запрошення вже не діє",
  "invitation.overText":
    "Його вже прийнято, відкликано, або йому понад 7 днів. Якщо ви його прийняли, увійдіть; якщо ні, попросіть нове.",
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
