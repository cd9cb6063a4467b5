//! Error responses of the operations on sessions, as the document lists them.

use crate::wire::reply::refusals;

const WRONG: (u16, &str) = (
    401,
    "`INVALID_CREDENTIALS`: the user does not exist or the password is wrong; the response does not say which.",
);
const SEVERAL: (u16, &str) = (
    400,
    "`COMPANY_REQUIRED`: the user has several workplaces. `details` lists them in `companies` and `partners`, each \
     with `id` and `name`.",
);
const UNPROVEN: (u16, &str) = (
    401,
    "`INVALID_CREDENTIALS`: the token is not valid or the user does not exist; the response does not say which.",
);
const FOREIGN: (u16, &str) = (403, "`FORBIDDEN`: the request comes from a page of another origin.");
const NOT_OURS: (u16, &str) = (
    403,
    "`FORBIDDEN`: the request does not come from a page of this origin.",
);
const TOO_MANY: (u16, &str) = (
    429,
    "`RATE_LIMITED`: too many failed sign-in attempts, or the rate limit of the client's address is exceeded; try again \
     after `Retry-After` seconds.",
);
const ELSEWHERE: (u16, &str) = (
    404,
    "`COMPANY_NOT_FOUND`: the workplace does not exist or the user has no access to it.",
);

refusals! {
    /// Listing workplaces.
    PreLogin: [WRONG, FOREIGN, TOO_MANY];
    /// Signing in.
    Login: [
        SEVERAL,
        WRONG,
        (403, "`NO_ACCESS`: the user has no workplace. `FORBIDDEN`: the request comes from a page of another origin."),
        ELSEWHERE,
        TOO_MANY,
    ];
    /// Listing workplaces, with Google.
    GooglePreLogin: [
        UNPROVEN,
        (
            403,
            "`FORBIDDEN`: sign-in with Google is not configured, or the request comes from a page of another origin.",
        ),
        TOO_MANY,
    ];
    /// Signing in with Google.
    GoogleLogin: [
        SEVERAL,
        UNPROVEN,
        (
            403,
            "`NO_ACCESS`: the user has no workplace. `FORBIDDEN`: sign-in with Google is not configured, or the \
             request comes from a page of another origin.",
        ),
        ELSEWHERE,
        TOO_MANY,
    ];
    /// Beginning to sign in with Google by redirect.
    GoogleStart: [(
        403,
        "`FORBIDDEN`: sign-in with Google by redirect is not configured, or the request comes from a page of another \
         origin.",
    )];
    /// Exchanging the code of Google.
    GoogleCode: [
        (
            400,
            "`VALIDATION_ERROR`: `state` does not belong to a sign-in that this browser began in the last 10 minutes.",
        ),
        (
            401,
            "`INVALID_CREDENTIALS`: Google does not accept the code, its ID token is not valid, or the user does not \
             exist; the response does not say which.",
        ),
        (
            403,
            "`FORBIDDEN`: sign-in with Google by redirect is not configured, or the request comes from a page of \
             another origin.",
        ),
        TOO_MANY,
    ];
    /// Refreshing tokens.
    Refresh: [
        (
            401,
            "`SESSION_REPLAYED`: the refresh token was superseded more than 20 seconds ago. It may have been stolen, \
             so the session is revoked and both cookies are cleared.",
        ),
        NOT_OURS,
    ];
    /// Switching workplaces.
    Switch: [NOT_OURS, ELSEWHERE];
    /// Signing out.
    Logout: [FOREIGN];
    /// Signing out of all sessions.
    LogoutAll: [NOT_OURS];
    /// Ending a session.
    EndSession: [NOT_OURS, (404, "`NOT_FOUND`: the session does not exist or belongs to another user.")];
    /// Looking at an invitation.
    Preview: [
        FOREIGN,
        (404, "`NOT_FOUND`: the token does not belong to an invitation, or the invitation was deleted."),
    ];
    /// Accepting an invitation.
    Accept: [
        FOREIGN,
        (404, "`NOT_FOUND`: the token does not belong to an invitation."),
        (410, "`GONE`: the invitation has expired, or was accepted or withdrawn."),
    ];
    /// Changing a password.
    ChangePassword: [
        (
            400,
            "`VALIDATION_ERROR`: the current password is wrong (`currentPassword`), or the new one is too short or too long \
             (`newPassword`).",
        ),
        NOT_OURS,
        TOO_MANY,
    ];
}
