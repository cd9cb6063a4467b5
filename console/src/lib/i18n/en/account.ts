/** English: account. */
export default {
  "account.switchTo": "Switch",
  "account.here": "You are here",
  "account.workplaces": "Workplaces",
  "account.sessions": "Sessions",
  "account.sessionsText": "A session ends when you sign out, or after 30 days without use.",
  "account.lastUsed": "Last used",
  "account.endsAt": "Ends",
  "account.signOutAll": "Sign out everywhere",
  "account.signOutAllTitle": "Sign out everywhere?",
  "account.signOutAllText": "All your sessions end at once, on every device, this one included.",
} as const;
