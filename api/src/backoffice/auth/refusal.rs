//! What operations on sessions may refuse, for the document.

use crate::wire::reply::Refusals;

macro_rules! refusals {
    ($($(#[$doc:meta])* $name:ident: $list:expr;)*) => {$(
        $(#[$doc])*
        #[derive(Debug)]
        pub enum $name {}

        impl Refusals for $name {
            const LIST: &'static [(u16, &'static str)] = &$list;
        }
    )*};
}

const WRONG: (u16, &str) = (
    401,
    "`INVALID_CREDENTIALS`: there is no such person, or this is not the password; which of the two is not told.",
);
const SEVERAL: (u16, &str) = (
    400,
    "`COMPANY_REQUIRED`: the person works in several places, `details` lists them: `companies` and `partners`, with `id` and `name`.",
);
const UNPROVEN: (u16, &str) = (
    401,
    "`INVALID_CREDENTIALS`: the token proves nothing, or there is no such person; which of the two is not told.",
);
const FOREIGN: (u16, &str) = (403, "`FORBIDDEN`: the request comes from a page of another site.");
const NOT_OURS: (u16, &str) = (403, "`FORBIDDEN`: the request does not come from a page of ours.");
const TOO_MANY: (u16, &str) = (
    429,
    "`RATE_LIMITED`: too many failed attempts, try again after `Retry-After` seconds.",
);
const ELSEWHERE: (u16, &str) = (404, "`COMPANY_NOT_FOUND`: unknown, or the person does not work there.");

refusals! {
    /// Looking where one may work.
    PreLogin: [WRONG, FOREIGN, TOO_MANY];
    /// Signing in.
    Login: [
        SEVERAL,
        WRONG,
        (403, "`NO_ACCESS`: the person works nowhere. `FORBIDDEN`: the request comes from a page of another site."),
        ELSEWHERE,
        TOO_MANY,
    ];
    /// Looking where one may work, with Google.
    GooglePreLogin: [
        UNPROVEN,
        (403, "`FORBIDDEN`: sign-in with Google is not set up, or the request comes from a page of another site."),
        TOO_MANY,
    ];
    /// Signing in with Google.
    GoogleLogin: [
        SEVERAL,
        UNPROVEN,
        (403, "`NO_ACCESS`: the person works nowhere. `FORBIDDEN`: sign-in with Google is not set up, or the request comes from a page of another site."),
        ELSEWHERE,
        TOO_MANY,
    ];
    /// Getting new tokens.
    Refresh: [
        (401, "`SESSION_REPLAYED`: the token was superseded long ago. Somebody has a copy of it, so the session is revoked and both cookies are cleared."),
        NOT_OURS,
    ];
    /// Working elsewhere.
    Switch: [NOT_OURS, ELSEWHERE];
    /// Signing out.
    Logout: [FOREIGN];
    /// Signing out everywhere.
    LogoutAll: [NOT_OURS];
}
