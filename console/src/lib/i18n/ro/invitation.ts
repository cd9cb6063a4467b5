/** Romanian: invitation. */
import type en from "../en/invitation";
import type { Translation } from "../translation";

export default {
  "invitation.title": "Ați primit o invitație",
  "invitation.to": "Invitație la {place}",
  "invitation.lead": "{inviter} vă invită să lucrați în PREXSELL pentru {place}.",
  "invitation.role": "Rol",
  "invitation.until": "Valabilă până la",
  "invitation.expired": "Invitația a expirat",
  "invitation.expiredText": "A fost valabilă până la {at}. Cereți alta: {inviter}, {place}.",
  "invitation.withdrawn": "Invitația a fost retrasă",
  "invitation.withdrawnText":
    "Invitația la {place} nu mai este valabilă sau a fost înlocuită de un e-mail ulterior. Dacă nu aveți unul ulterior, întrebați persoana care v-a invitat: {inviter}.",
  "invitation.used": "Invitația a fost deja acceptată",
  "invitation.usedText": "{email} are deja acces la {place}. Intrați în cont.",
  "invitation.accept": "Acceptă invitația",
  "invitation.incomplete": "Linkul este incomplet",
  "invitation.incompleteText":
    "Deschideți-l din nou din e-mail sau copiați-l în întregime, cu tot ce urmează după „#”.",
  "invitation.unknown": "Nu există o astfel de invitație",
  "invitation.unknownText":
    "Poate că linkul a fost tăiat. Copiați-l în întregime din e-mail sau cereți o altă invitație.",
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
