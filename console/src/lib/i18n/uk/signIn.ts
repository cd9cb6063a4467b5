/** Ukrainian: signIn. */
import type en from "../en/signIn";
import type { Translation } from "../translation";

export default {
  "signIn.title": "Вхід",
  "signIn.lead": "Для автобусних компаній і партнерів.",
  "signIn.password": "Пароль",
  "signIn.action": "Увійти",
  "signIn.choose": "Де ви працюєте сьогодні?",
  "signIn.hello": "Вітаємо, {name}!",
  "signIn.other": "Увійти під іншим іменем",
  "signIn.about": "Про PREXSELL",
} satisfies Translation<typeof en>;
