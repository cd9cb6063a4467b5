/** Outlines of icons on a grid of 24, drawn for the console. */
export const ICONS = {
  ticket: "M4 7h16v3.500a1.5 1.5 0 0 0 0 3V17H4v-3.500a1.5 1.5 0 0 0 0-3zM14 7v2M14 11v2M14 15v2",
  report: "M6 3.500h8l4 4V20.500H6zM14 3.500v4h4M9 12h6M9 16h6",
  bus: "M5 6.500A1.5 1.5 0 0 1 6.5 5h11A1.5 1.5 0 0 1 19 6.500V17H5zM5 12h14M7 17v2.500M17 17v2.500M8 14.500h.010M16 14.500h.01",
  people: "M9 11a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7zM3 20c0-3.3 2.7-6 6-6s6 2.7 6 6M16 4.500a3.5 3.5 0 0 1 0 6M18 14.500c1.8.9 3 2.9 3 5.5",
  key: "M8 16a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM12 12h9M18 12v3.500M15 12v2.5",
  person: "M12 11.500a3.75 3.75 0 1 0 0-7.5 3.75 3.75 0 0 0 0 7.500zM4.5 20.500c0-3.6 3.4-6.5 7.5-6.500s7.5 2.9 7.5 6.5",
  down: "M6.5 9.5 12 15l5.5-5.5",
  back: "M14.5 6 8.5 12l6 6",
  forward: "M9.5 6l6 6-6 6",
  search: "M10.5 17a6.5 6.5 0 1 0 0-13 6.5 6.5 0 0 0 0 13zM15.5 15.5 20.5 20.5",
  download: "M12 4v11M7.5 11 12 15.5 16.5 11M5 20h14",
  check: "M5 12.5 10 17.5 19.5 7",
  close: "M6 6l12 12M18 6 6 18",
  alert: "M12 4 2.5 20h19zM12 10v4.500M12 17.200h.01",
  print: "M7 9V4h10v5M7 17H4.500V9h15v8H17M7 14h10v6.500H7z",
  copy: "M9 9h10.500v11H9zM15 9V4H4.500v11H9",
  plus: "M12 5v14M5 12h14",
  minus: "M5 12h14",
  filter: "M4 6h16M7 12h10M10 18h4",
  refresh: "M19.5 12a7.5 7.5 0 1 1-2.2-5.300L19.5 9M19.5 4.500V9H15",
} as const;

export type IconName = keyof typeof ICONS;
