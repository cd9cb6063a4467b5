/** Czech: buses. */
import type en from "../en/buses";
import type { Translation } from "../translation";

export default {
  "buses.title": "Autobusy",
  "buses.lead": "Polohy, jak je nahlásily sledovací jednotky; u každé je uvedeno stáří.",
  "buses.silent": {
    one: "{count} autobus nenahlásil polohu půl hodiny.",
    few: "{count} autobusy nenahlásily polohu půl hodiny.",
    many: "{count} autobusu nenahlásilo polohu půl hodiny.",
    other: "{count} autobusů nenahlásilo polohu půl hodiny.",
  },
  "buses.map": "Mapa autobusů; seznam říká totéž",
  "buses.noWebGl": "Tento prohlížeč mapy nekreslí. V seznamu je každá poloha.",
  "buses.empty": "Žádné sledované autobusy",
  "buses.emptyText": "Autobusy se zde objeví po připojení vašeho poskytovatele sledování.",
  "map.zoomIn": "Přiblížit",
  "map.zoomOut": "Oddálit",
  "bus.tracking": "Sledovat {bus}",
  "bus.live": "Poloha",
  "bus.recent": "Poslední poloha",
  "bus.silent": "Mlčí, poslední poloha",
  "bus.off": "Nesledován, poslední poloha",
  "bus.waiting": "Sledován, zatím bez polohy",
  "bus.never": "Nesledován",
  "bus.speed": "{speed} km/h",
  "bus.runs": "{from} – {to}, {time}",
  "track.title": "Ujetá trasa",
  "track.day": "Den",
  "track.time": "Čas",
  "track.none": "Tento den nejsou žádné polohy.",
} satisfies Translation<typeof en>;
