/** English: what failures mean. */
export default {
  "failure.forbidden": "Your role does not allow this.",
  "failure.missing": "There is no such thing, or it belongs to another company.",
  "failure.conflict": "It has changed meanwhile. Load the page again.",
  "failure.limited": "Too many requests. Wait a minute and try again.",
  "failure.signedOut": "You are signed out.",
  "failure.broken": "Something went wrong on our side.",
  "failure.invalid": "The platform does not accept this: {message}",
  "failure.credentials": "E-mail or password is wrong.",
  "failure.noAccess": "You have no workplace here. Ask an administrator of your company.",
  "failure.orderConflict": "The order has changed meanwhile, and its state does not allow this any more.",
  "failure.departureClosed": "There is no such departure on that day, or it has left.",
  "failure.seatsUnavailable": "There are not enough free seats on that departure.",
  "failure.reportNotReady": "The report is not ready yet.",
  "failure.requestId": "For support: {id}",
} as const;
