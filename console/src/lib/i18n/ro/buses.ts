/** Romanian: buses. */
import type en from "../en/buses";
import type { Translation } from "../translation";

export default {
  "buses.title": "Autobuze",
  "buses.lead": "Poziții comunicate de dispozitivele de urmărire; la fiecare scrie cât de veche este.",
  "buses.silent": {
    one: "{count} autobuz nu și-a comunicat poziția de jumătate de oră.",
    few: "{count} autobuze nu și-au comunicat poziția de jumătate de oră.",
    other: "{count} de autobuze nu și-au comunicat poziția de jumătate de oră.",
  },
  "buses.map": "Harta autobuzelor; lista spune același lucru",
  "buses.noWebGl": "Acest browser nu desenează hărți. Lista conține fiecare poziție.",
  "buses.empty": "Niciun autobuz urmărit",
  "buses.emptyText": "Autobuzele apar aici după conectarea furnizorului dvs. de urmărire.",
  "map.zoomIn": "Mărește",
  "map.zoomOut": "Micșorează",
  "bus.tracking": "Urmărește {bus}",
  "bus.live": "Poziție",
  "bus.recent": "Ultima poziție",
  "bus.silent": "Tace, ultima poziție",
  "bus.off": "Neurmărit, ultima poziție",
  "bus.waiting": "Urmărit, încă fără poziție",
  "bus.never": "Neurmărit",
  "bus.speed": "{speed} km/h",
  "bus.runs": "{from} – {to}, {time}",
  "track.title": "Traseu",
  "track.day": "Zi",
  "track.time": "Oră",
  "track.none": "În această zi nu există poziții.",
} satisfies Translation<typeof en>;
