/** English: buses. */
export default {
  "buses.title": "Buses",
  "buses.lead": "Positions as the trackers told them; each says how old it is.",
  "buses.silent": {
    one: "{count} bus has not told its position for half an hour.",
    other: "{count} buses have not told their position for half an hour.",
  },
  "buses.map": "Map of the buses; the list says the same",
  "buses.noWebGl": "This browser draws no maps. The list has every position.",
  "buses.empty": "No tracked buses",
  "buses.emptyText": "Buses appear here when your tracking provider is connected.",
  "map.zoomIn": "Zoom in",
  "map.zoomOut": "Zoom out",
  "bus.tracking": "Track {bus}",
  "bus.live": "Position",
  "bus.recent": "Last position",
  "bus.silent": "Silent, last position",
  "bus.off": "Not tracked, last position",
  "bus.waiting": "Tracked, no position yet",
  "bus.never": "Not tracked",
  "bus.speed": "{speed} km/h",
} as const;
