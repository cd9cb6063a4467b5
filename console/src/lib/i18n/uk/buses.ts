/** Ukrainian: buses. */
import type en from "../en/buses";
import type { Translation } from "../translation";

export default {
  "buses.title": "Автобуси",
  "buses.lead": "Позиції за даними трекерів; про кожну сказано, скільки їй часу.",
  "buses.silent": {
    one: "{count} автобус не повідомляв позиції понад пів години.",
    few: "{count} автобуси не повідомляли позиції понад пів години.",
    many: "{count} автобусів не повідомляли позиції понад пів години.",
    other: "{count} автобуса не повідомляли позиції понад пів години.",
  },
  "buses.map": "Мапа автобусів; у списку те саме",
  "buses.noWebGl": "Цей браузер не малює мап. У списку є кожна позиція.",
  "buses.empty": "Автобусів із трекерами немає",
  "buses.emptyText": "Автобуси зʼявляться тут, коли буде підключено вашого постачальника стеження.",
  "map.zoomIn": "Наблизити",
  "map.zoomOut": "Віддалити",
  "bus.tracking": "Стежити за {bus}",
  "bus.live": "Позиція",
  "bus.recent": "Остання позиція",
  "bus.silent": "Мовчить, остання позиція",
  "bus.off": "Без стеження, остання позиція",
  "bus.waiting": "Стеження ввімкнено, позиції ще немає",
  "bus.never": "Без стеження",
  "bus.speed": "{speed} км/год",
  "bus.runs": "{from} – {to}, {time}",
  "track.title": "Шлях",
  "track.day": "День",
  "track.time": "Час",
  "track.none": "Цього дня позицій немає.",
} satisfies Translation<typeof en>;
