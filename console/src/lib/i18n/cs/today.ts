/** Czech: today. */
import type en from "../en/today";
import type { Translation } from "../translation";

export default {
  "today.title": "Dnes",
  "today.attention": "Vyžaduje vaši pozornost",
  "today.calm": "Teď je vše v pořádku.",
  "today.failed": {
    one: "{count} zpráva nedoručena",
    few: "{count} zprávy nedoručeny",
    many: "{count} zprávy nedoručeno",
    other: "{count} zpráv nedoručeno",
  },
  "today.waiting": {
    one: "{count} objednávka čeká na vás",
    few: "{count} objednávky čekají na vás",
    many: "{count} objednávky čeká na vás",
    other: "{count} objednávek čeká na vás",
  },
  "today.rejectedToday": {
    one: "{count} objednávka na dnešek odmítnuta",
    few: "{count} objednávky na dnešek odmítnuty",
    many: "{count} objednávky na dnešek odmítnuto",
    other: "{count} objednávek na dnešek odmítnuto",
  },
  "today.rejectedTomorrow": {
    one: "{count} objednávka na zítřek odmítnuta",
    few: "{count} objednávky na zítřek odmítnuty",
    many: "{count} objednávky na zítřek odmítnuto",
    other: "{count} objednávek na zítřek odmítnuto",
  },
  "today.silent": {
    one: "{count} autobus nehlásí polohu",
    few: "{count} autobusy nehlásí polohu",
    many: "{count} autobusu nehlásí polohu",
    other: "{count} autobusů nehlásí polohu",
  },
  "today.schedules": {
    one: "{count} pravidelný přehled se nezdařil",
    few: "{count} pravidelné přehledy se nezdařily",
    many: "{count} pravidelného přehledu se nezdařilo",
    other: "{count} pravidelných přehledů se nezdařilo",
  },
  "today.reports": "Připravované přehledy",
  "today.soldOf": "Prodáno {sold} z {seats}",
  "today.noneToday": "Dnes nejede žádný spoj",
  "today.noneTomorrow": "Zítra nejede žádný spoj",

  "messages.title": "Nedoručené zprávy",
  "messages.lead": "Cestujícím, kteří ještě neodjeli. Opravte adresu a pošlete jízdenku znovu, nebo zavolejte.",
  "messages.departs": "Odjezd {at}.",
  "messages.again": "Odesláno znovu",
  "messages.none": "Všechny zprávy jsou doručeny",
  "messages.noneText": "Nikdo na zprávu nečeká.",
} satisfies Translation<typeof en>;
