/** Romanian: invitation. */
import type en from "../en/invitation";
import type { Translation } from "../translation";

export default {
  "invitation.title": "Ați primit o invitație",
  "invitation.lead": "Cine vă invită și unde scrie în e-mailul care v-a adus aici.",
  "invitation.accept": "Acceptă invitația",
  "invitation.incomplete": "Linkul este incomplet",
  "invitation.incompleteText":
    "Deschideți-l din nou din e-mail sau copiați-l în întregime, cu tot ce urmează după „#”.",
  "invitation.unknown": "Nu există o astfel de invitație",
  "invitation.unknownText":
    "Poate că linkul a fost tăiat. Copiați-l în întregime din e-mail sau cereți o altă invitație.",
  "invitation.over": "Invitația nu mai este valabilă",
  "invitation.overText":
    "A fost deja acceptată, a fost retrasă sau are mai mult de 7 zile. Dacă ați acceptat-o, intrați în cont; altfel cereți alta.",
  "invitation.newTitle": "Despre dvs.",
  "invitation.newText": "Adresa dvs. este nouă aici. Spuneți cine sunteți și alegeți o parolă.",
  "invitation.firstName": "Prenume",
  "invitation.lastName": "Nume",
  "invitation.passwordHint": "Între 8 și 128 de caractere.",
  "invitation.join": "Acceptă și intră în cont",
  "invitation.name": "Acest nume nu poate fi folosit.",
  "invitation.acceptedTitle": "Bun venit la {place}",
  "invitation.acceptedText": "Rolul dvs. acolo: {role}.",
  "invitation.signInText": "Intrați cu parola pe care o aveți deja.",
  "invitation.replaces": "Aici este conectat {email}. Sesiunea se încheie când intrați dvs.",
  "invitation.open": "La {place}",
} satisfies Translation<typeof en>;
