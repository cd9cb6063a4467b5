/** Russian: signIn. */
import type en from "../en/signIn";
import type { Translation } from "../translation";

export default {
  "signIn.title": "Вход",
  "signIn.lead": "Для автобусных компаний и партнёров.",
  "signIn.password": "Пароль",
  "signIn.action": "Войти",
  "signIn.choose": "Где вы работаете сегодня?",
  "signIn.hello": "Здравствуйте, {name}!",
  "signIn.other": "Войти под другим именем",
  "signIn.about": "О PREXSELL",
} satisfies Translation<typeof en>;
