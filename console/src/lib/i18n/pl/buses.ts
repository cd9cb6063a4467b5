/** Polish: buses. */
import type en from "../en/buses";
import type { Translation } from "../translation";

export default {
  "buses.title": "Autobusy",
  "buses.lead": "Pozycje podane przez lokalizatory; przy każdej widać, ile ma czasu.",
  "buses.silent": {
    one: "{count} autobus nie podał pozycji od pół godziny.",
    few: "{count} autobusy nie podały pozycji od pół godziny.",
    many: "{count} autobusów nie podało pozycji od pół godziny.",
    other: "{count} autobusu nie podało pozycji od pół godziny.",
  },
  "buses.map": "Mapa autobusów; lista mówi to samo",
  "buses.noWebGl": "Ta przeglądarka nie rysuje map. Lista zawiera każdą pozycję.",
  "buses.empty": "Brak śledzonych autobusów",
  "buses.emptyText": "Autobusy pojawią się tutaj po podłączeniu Twojego dostawcy lokalizacji.",
  "map.zoomIn": "Przybliż",
  "map.zoomOut": "Oddal",
  "bus.tracking": "Śledź {bus}",
  "bus.live": "Pozycja",
  "bus.recent": "Ostatnia pozycja",
  "bus.silent": "Milczy, ostatnia pozycja",
  "bus.off": "Bez śledzenia, ostatnia pozycja",
  "bus.waiting": "Śledzony, jeszcze bez pozycji",
  "bus.never": "Bez śledzenia",
  "bus.speed": "{speed} km/h",
  "bus.runs": "{from} – {to}, {time}",
  "track.title": "Trasa przejazdu",
  "track.day": "Dzień",
  "track.time": "Godzina",
  "track.none": "Tego dnia nie ma pozycji.",
} satisfies Translation<typeof en>;
