/** Ukrainian: keys. */
import type en from "../en/keys";
import type { Translation } from "../translation";

export default {
  "keys.title": "Ключі API",
  "keys.lead": "З ключем входить ваша програма. Зберігайте його на своєму сервері; під час заміни можуть діяти кілька.",
  "keys.docs": "Довідник API",
  "keys.create": "Новий ключ",
  "keys.name": "Назва",
  "keys.nameHint": "Для чого цей ключ.",
  "keys.once": "Ось ключ. Більше його не буде показано: скопіюйте його зараз.",
  "keys.copy": "Скопіювати ключ",
  "keys.copied": "Ключ скопійовано.",
  "keys.kept": "Ключ збережено",
  "keys.created": "Створено {at}",
  "keys.used": "Використано {ago}",
  "keys.unused": "Ще не використано",
  "keys.revoke": "Відкликати",
  "keys.revokeTitle": "Відкликати ключ «{name}»?",
  "keys.revokeText": "Усі подальші запити з ним буде відхилено. Повернути його не можна.",
  "keys.revoked": "Ключ «{name}» відкликано.",
  "keys.revokedAt": "Відкликано {at}",
  "keys.empty": "Ключів ще немає",
  "keys.emptyText": "Створіть ключ для свого магазину чи застосунку.",
  "keys.made": "Новий ключ: {name}",
  "keys.environment.staging": "тестове середовище",
  "keys.environment.production": "робоче середовище",
} satisfies Translation<typeof en>;
