/** English: invitation. */
export default {
  "invitation.title": "You are invited",
  "invitation.to": "Invitation to {place}",
  "invitation.lead": "{inviter} invites you to work in PREXSELL for {place}.",
  "invitation.role": "Role",
  "invitation.until": "Valid until",
  "invitation.expired": "The invitation has expired",
  "invitation.expiredText": "It was valid until {at}. Ask {inviter} of {place} for another one.",
  "invitation.withdrawn": "The invitation was withdrawn",
  "invitation.withdrawnText":
    "The invitation to {place} is no longer valid, or a later e-mail has replaced it. If you have no later one, ask {inviter}.",
  "invitation.used": "The invitation was accepted",
  "invitation.usedText": "{email} already works for {place}. Sign in.",
  "invitation.accept": "Accept the invitation",
  "invitation.incomplete": "The link is incomplete",
  "invitation.incompleteText":
    "Open it from the e-mail again, or copy all of it, including everything after the “#”.",
  "invitation.unknown": "There is no such invitation",
  "invitation.unknownText":
    "The link may have been cut. Copy the whole of it from the e-mail, or ask for another invitation.",
  "invitation.newTitle": "About you",
  "invitation.newText": "Your address is new here. Say who you are, and choose a password.",
  "invitation.firstName": "First name",
  "invitation.lastName": "Last name",
  "invitation.passwordHint": "8 to 128 characters.",
  "invitation.join": "Accept and sign in",
  "invitation.name": "This name cannot be used.",
  "invitation.acceptedTitle": "Welcome to {place}",
  "invitation.acceptedText": "Your role there: {role}.",
  "invitation.signInText": "Sign in with the password that you have.",
  "invitation.replaces": "{email} is signed in here. That ends with your sign-in.",
  "invitation.open": "To {place}",
} as const;
