/** Czech: invitation. */
import type en from "../en/invitation";
import type { Translation } from "../translation";

export default {
  "invitation.title": "Máte pozvánku",
  "invitation.lead": "Kdo vás zve a kam, stojí v e-mailu, který vás sem přivedl.",
  "invitation.accept": "Přijmout pozvánku",
  "invitation.incomplete": "Odkaz není úplný",
  "invitation.incompleteText": "Otevřete ho z e-mailu znovu, nebo ho zkopírujte celý, se vším za „#“.",
  "invitation.unknown": "Taková pozvánka není",
  "invitation.unknownText": "Odkaz je možná useknutý. Zkopírujte ho z e-mailu celý, nebo požádejte o novou pozvánku.",
  "invitation.over": "Pozvánka už neplatí",
  "invitation.overText":
    "Byla už přijata, odvolána, nebo je starší než 7 dní. Pokud jste ji přijali, přihlaste se; jinak požádejte o novou.",
  "invitation.newTitle": "O vás",
  "invitation.newText": "Vaše adresa je tu nová. Uveďte, kdo jste, a zvolte si heslo.",
  "invitation.firstName": "Jméno",
  "invitation.lastName": "Příjmení",
  "invitation.passwordHint": "8 až 128 znaků.",
  "invitation.join": "Přijmout a přihlásit se",
  "invitation.name": "Toto jméno nelze použít.",
  "invitation.acceptedTitle": "Vítejte v {place}",
  "invitation.acceptedText": "Vaše role: {role}.",
  "invitation.signInText": "Přihlaste se svým dosavadním heslem.",
  "invitation.replaces": "Je zde přihlášen {email}. Vaším přihlášením jeho relace skončí.",
  "invitation.open": "Přejít do {place}",
} satisfies Translation<typeof en>;
