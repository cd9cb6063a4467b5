/** English: signIn. */
export default {
  "signIn.title": "Sign in",
  "signIn.lead": "For bus companies and for partners.",
  "signIn.password": "Password",
  "signIn.action": "Sign in",
  "signIn.choose": "Where do you work today?",
  "signIn.hello": "Welcome, {name}.",
  "signIn.other": "Sign in as somebody else",
  "signIn.about": "About PREXSELL",
} as const;
