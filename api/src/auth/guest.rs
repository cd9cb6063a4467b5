//! Callers without a credential: the operations that start and end sessions require none. They only refuse requests
//! from pages of other sites, so that such a page cannot sign its visitors in or out.

use app::error::AppError;
use domain::browser;
use poem::http::header;
use poem::{FromRequest, Request, RequestBody};
use secrecy::SecretString;

use super::{cookie, csrf};
use crate::error::ApiError;
use crate::state::State;

/// A caller from a page of this origin, or without a browser, with the tokens that it sent. They are not verified yet.
#[derive(Debug, Clone)]
pub struct Guest {
    /// Value of the cookie of access tokens.
    pub access_token: Option<SecretString>,
    /// Value of the cookie of refresh tokens.
    pub refresh_token: Option<SecretString>,
    /// Value of the cookie of the device.
    pub device_token: Option<SecretString>,
    /// Value of the cookie of a sign-in with Google.
    pub google_attempt: Option<SecretString>,
    /// Browser and operating system, if the caller names known ones.
    pub browser: Option<String>,
}

impl<'a> FromRequest<'a> for Guest {
    async fn from_request(request: &'a Request, _: &mut RequestBody) -> poem::Result<Self> {
        if csrf::source(request, &State::of(request)?.origin) == csrf::Source::Foreign {
            return Err(ApiError::from(AppError::Forbidden(csrf::FOREIGN)).into());
        }
        let read = |name| cookie::read(request, name).map(SecretString::from);
        Ok(Self {
            access_token: read(cookie::ACCESS),
            refresh_token: read(cookie::REFRESH),
            device_token: read(cookie::DEVICE),
            google_attempt: read(cookie::GOOGLE),
            browser: request.header(header::USER_AGENT).and_then(browser::name),
        })
    }
}
