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
    one: "{count} autobus mlčí",
    few: "{count} autobusy mlčí",
    many: "{count} autobusu mlčí",
    other: "{count} autobusů mlčí",
  },
  "today.reports": "Připravované přehledy",
  "today.soldOf": "Prodáno {sold} z {seats}",
  "today.noneToday": "Dnes nic nejede",
  "today.noneTomorrow": "Zítra nic nejede",
} satisfies Translation<typeof en>;
