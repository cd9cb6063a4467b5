/** English: signIn. */
export default {
  "signIn.title": "Sign in",
  "signIn.lead": "For bus companies and for partners.",
  "signIn.password": "Password",
  "signIn.action": "Sign in",
  "signIn.choose": "Where do you work today?",
  "signIn.hello": "Welcome, {name}.",
  "signIn.other": "Sign in as someone else",
  "signIn.or": "or",
  "signIn.withGoogle": "Sign in with Google",
  "signIn.googleWait": "Signing in …",
  "signIn.google.denied": "You canceled the sign-in with Google.",
  "signIn.google.expired": "The sign-in with Google took too long, or began in another browser. Please try again.",
  "signIn.google.unknown":
    "No user has the e-mail address of this Google account. Choose the account to which you were invited.",
  "signIn.google.away":
    "Sign-in with Google does not work at the moment. Please try again later, or use your password.",
  "signIn.about": "About PREXSELL",
} as const;
