/** Romanian: pages that do not exist, or that a user may not see. */
import type en from "../en/astray";
import type { Translation } from "../translation";

export default {
  "forbidden.title": "Nu pentru rolul dvs.",
  "forbidden.text": "Rolul dvs. nu permite această pagină. Un administrator al companiei poate schimba asta.",
  "notFound.title": "Nu există o astfel de pagină",
  "notFound.text": "Adresa poate fi greșită sau dintr-o versiune mai veche.",
} satisfies Translation<typeof en>;
