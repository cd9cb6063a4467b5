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
  "signIn.or": "або",
  "signIn.withGoogle": "Увійти через Google",
  "signIn.googleWait": "Виконуємо вхід …",
  "signIn.google.denied": "Ви скасували вхід через Google.",
  "signIn.google.expired": "Вхід через Google тривав задовго або почався в іншому браузері. Спробуйте ще раз.",
  "signIn.google.unknown":
    "Немає користувача з електронною адресою цього облікового запису Google. Виберіть запис, на який вас запросили.",
  "signIn.google.away": "Вхід через Google зараз не працює. Спробуйте пізніше або скористайтеся паролем.",
  "signIn.about": "Про PREXSELL",
} satisfies Translation<typeof en>;
