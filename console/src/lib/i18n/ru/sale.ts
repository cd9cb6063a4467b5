/** Russian: closing and reopening the sale. */
import type en from "../en/sale";
import type { Translation } from "../translation";

export default {
  "departure.closeTitle": "Закрыть продажу на этот рейс?",
  "departure.closeText":
    "С этого момента билет на него никто не купит. Проданные билеты остаются в силе, и их ещё можно оплатить.",
  "departure.reopenTitle": "Открыть продажу на этот рейс?",
  "departure.reopenText": "Партнёры сразу снова будут его находить.",
  "departure.reason": "Причина",
  "departure.reasonHint": "Необязательно. Останется в истории.",
  "departure.history": "История продажи",
  "departure.closed": "Закрыта",
  "departure.reopened": "Открыта снова",
  "departure.you": "вы",
  "departure.colleague": "ваш коллега",
} satisfies Translation<typeof en>;
