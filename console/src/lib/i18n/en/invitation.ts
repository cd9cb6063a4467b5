/** English: invitation. */
export default {
  "invitation.title": "You are invited",
  "invitation.lead": "Whoever invites you, and where to, is in the e-mail that brought you here.",
  "invitation.accept": "Accept the invitation",
  "invitation.incomplete": "The link is incomplete",
  "invitation.incompleteText":
    "Open it from the e-mail again, or copy the whole of it, with everything behind the “#”.",
  "invitation.unknown": "There is no such invitation",
  "invitation.unknownText":
    "The link may have been cut. Copy the whole of it from the e-mail, or ask for another invitation.",
  "invitation.over": "The invitation is no longer valid",
  "invitation.overText":
    "It was accepted already, was withdrawn, or is more than 7 days old. If you have accepted it, sign in; otherwise ask for another one.",
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
