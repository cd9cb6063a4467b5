/** English: the menu of the account. */
export default {
  "account.switch": "Switch to",
  "account.theme": "Appearance",
  "theme.system": "Same as system",
  "theme.light": "Light",
  "theme.dark": "Dark",
} as const;
