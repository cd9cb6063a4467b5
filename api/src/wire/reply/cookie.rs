//! Responses that set cookies, as the document shows them.

use poem::{IntoResponse, Response};
use poem_openapi::ApiResponse;
use poem_openapi::registry::{MetaResponses, Registry};

use super::with_header;

const COOKIES: &str = "`backoffice_access_token` (15 minutes, path `/`) and `backoffice_refresh_token` (30 days, path \
                       `/v2/auth`), one header each: HttpOnly, Secure, SameSite=Lax. Switching to another workplace \
                       sets only the first. Signing out clears both (`Max-Age=0`). Signing in also sets \
                       `backoffice_device` (180 days, path `/v2/auth`). This cookie grants no access. Attempts to sign \
                       in from the device are then throttled separately from attempts from elsewhere.";

/// A response that sets cookies, as the document shows it.
#[derive(Debug)]
pub struct Cookies<R>(pub R);

impl<R: IntoResponse> IntoResponse for Cookies<R> {
    fn into_response(self) -> Response {
        self.0.into_response()
    }
}

impl<R: ApiResponse> ApiResponse for Cookies<R> {
    fn meta() -> MetaResponses {
        with_header::<R, String>("Set-Cookie", COOKIES, true)
    }

    fn register(_: &mut Registry) {}
}

const ATTEMPT: &str = "`backoffice_google` (10 minutes, path `/v2/auth`): HttpOnly, Secure, SameSite=Lax. It ties a \
                       sign-in with Google to the browser that began it. It is cleared (`Max-Age=0`) when the code has \
                       been exchanged.";

/// A response that sets or clears the cookie of a sign-in with Google.
#[derive(Debug)]
pub struct AttemptCookie<R>(pub R);

impl<R: IntoResponse> IntoResponse for AttemptCookie<R> {
    fn into_response(self) -> Response {
        self.0.into_response()
    }
}

impl<R: ApiResponse> ApiResponse for AttemptCookie<R> {
    fn meta() -> MetaResponses {
        with_header::<R, String>("Set-Cookie", ATTEMPT, true)
    }

    fn register(_: &mut Registry) {}
}
