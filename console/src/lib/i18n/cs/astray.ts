/** Czech: pages that do not exist, or that a user may not see. */
import type en from "../en/astray";
import type { Translation } from "../translation";

export default {
  "forbidden.title": "Není pro vaši roli",
  "forbidden.text": "Vaše role neumožňuje přístup na tuto stránku. Změnit to může správce vaší společnosti.",
  "notFound.title": "Stránka nebyla nalezena",
  "notFound.text": "Adresa může obsahovat překlep, nebo pochází ze starší verze.",
} satisfies Translation<typeof en>;
