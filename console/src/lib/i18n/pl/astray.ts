/** Polish: pages that do not exist, or that a user may not see. */
import type en from "../en/astray";
import type { Translation } from "../translation";

export default {
  "forbidden.title": "Nie dla Twojej roli",
  "forbidden.text": "Twoja rola nie daje dostępu do tej strony. Może to zmienić administrator Twojej firmy.",
  "notFound.title": "Nie ma takiej strony",
  "notFound.text": "Adres może zawierać błąd albo pochodzić ze starszej wersji.",
} satisfies Translation<typeof en>;
