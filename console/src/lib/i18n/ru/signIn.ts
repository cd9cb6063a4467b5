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
  "signIn.or": "или",
  "signIn.withGoogle": "Войти через Google",
  "signIn.googleWait": "Выполняется вход …",
  "signIn.google.denied": "Вы отменили вход через Google.",
  "signIn.google.expired":
    "Вход через Google занял слишком много времени или начался в другом браузере. Попробуйте ещё раз.",
  "signIn.google.unknown":
    "Нет пользователя с электронным адресом этого аккаунта Google. Выберите аккаунт, на который вас пригласили.",
  "signIn.google.away": "Вход через Google сейчас не работает. Попробуйте позже или используйте пароль.",
  "signIn.about": "О PREXSELL",
} satisfies Translation<typeof en>;
