/** English: pages that do not exist, or that a user may not see. */
export default {
  "forbidden.title": "Not for your role",
  "forbidden.text": "Your role does not allow this page. An administrator of your company can change that.",
  "notFound.title": "Page not found",
  "notFound.text": "The address may be mistyped, or from an older version.",
} as const;
