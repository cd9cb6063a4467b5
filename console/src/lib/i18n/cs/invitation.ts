/** Czech: invitation. */
import type en from "../en/invitation";
import type { Translation } from "../translation";

export default {
  "invitation.title": "Máte pozvánku",
  "invitation.to": "Pozvánka do {place}",
  "invitation.lead": "{inviter} vás zve k práci v PREXSELL pro {place}.",
  "invitation.role": "Role",
  "invitation.until": "Platí do",
  "invitation.expired": "Platnost pozvánky skončila",
  "invitation.expiredText": "Platila do {at}. Požádejte o novou: {inviter}, {place}.",
  "invitation.withdrawn": "Pozvánka byla odvolána",
  "invitation.withdrawnText":
    "Pozvánka do {place} už neplatí, nebo ji nahradil pozdější e-mail. Pokud pozdější nemáte, obraťte se na toho, kdo vás zve: {inviter}.",
  "invitation.used": "Pozvánka už byla přijata",
  "invitation.usedText": "{email} už má přístup do {place}. Přihlaste se.",
  "invitation.accept": "Přijmout pozvánku",
  "invitation.incomplete": "Odkaz není úplný",
  "invitation.incompleteText": "Otevřete ho z e-mailu znovu, nebo ho zkopírujte celý, se vším za „#“.",
  "invitation.unknown": "Taková pozvánka neexistuje",
  "invitation.unknownText": "Odkaz je možná useknutý. Zkopírujte ho z e-mailu celý, nebo požádejte o novou pozvánku.",
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
