/** Russian: keys. */
import type en from "../en/keys";
import type { Translation } from "../translation";

export default {
  "keys.title": "Ключи API",
  "keys.lead": "С ключом входит ваша программа. Храните его на своём сервере; при замене могут действовать несколько.",
  "keys.docs": "Справочник API",
  "keys.create": "Новый ключ",
  "keys.name": "Название",
  "keys.nameHint": "Для чего этот ключ.",
  "keys.once": "Вот ключ. Больше он показан не будет: скопируйте его сейчас.",
  "keys.copy": "Скопировать ключ",
  "keys.copied": "Ключ скопирован.",
  "keys.kept": "Ключ сохранён",
  "keys.created": "Создан {at}",
  "keys.used": "Использован {ago}",
  "keys.unused": "Ещё не использован",
  "keys.revoke": "Отозвать",
  "keys.revokeTitle": "Отозвать ключ «{name}»?",
  "keys.revokeText": "Все дальнейшие запросы с ним будут отклонены. Отменить это нельзя.",
  "keys.revoked": "Ключ «{name}» отозван.",
  "keys.revokedAt": "Отозван {at}",
  "keys.empty": "Ключей пока нет",
  "keys.emptyText": "Создайте ключ для своего магазина или приложения.",
  "keys.made": "Новый ключ: {name}",
  "keys.environment.staging": "тестовая среда",
  "keys.environment.production": "рабочая среда",
} satisfies Translation<typeof en>;
