/** Russian: buses. */
import type en from "../en/buses";
import type { Translation } from "../translation";

export default {
  "buses.title": "Автобусы",
  "buses.lead": "Позиции по данным трекеров; о каждой сказано, сколько ей времени.",
  "buses.silent": {
    one: "{count} автобус не сообщал позицию более получаса.",
    few: "{count} автобуса не сообщали позицию более получаса.",
    many: "{count} автобусов не сообщали позицию более получаса.",
    other: "{count} автобуса не сообщали позицию более получаса.",
  },
  "buses.map": "Карта автобусов; в списке то же самое",
  "buses.noWebGl": "Этот браузер не рисует карт. В списке есть каждая позиция.",
  "buses.empty": "Автобусов с трекерами нет",
  "buses.emptyText": "Автобусы появятся здесь, когда будет подключён ваш поставщик слежения.",
  "map.zoomIn": "Приблизить",
  "map.zoomOut": "Отдалить",
  "bus.tracking": "Следить за {bus}",
  "bus.live": "Позиция",
  "bus.recent": "Последняя позиция",
  "bus.silent": "Молчит, последняя позиция",
  "bus.off": "Без слежения, последняя позиция",
  "bus.waiting": "Слежение включено, позиции пока нет",
  "bus.never": "Без слежения",
  "bus.speed": "{speed} км/ч",
  "bus.runs": "{from} – {to}, {time}",
  "track.title": "Путь",
  "track.day": "День",
  "track.time": "Время",
  "track.none": "В этот день позиций нет.",
} satisfies Translation<typeof en>;
