//! Anybody who comes or goes: the operations that begin and end sessions ask for no credential. They are closed to
//! pages of other sites only, so that nobody is signed in or out by a page that they merely look at.

use common::error::AppError;
use poem::{FromRequest, Request, RequestBody};
use secrecy::SecretString;

use super::{cookie, csrf};
use crate::error::ApiError;

/// Somebody at a page of ours, or without a browser; with the tokens that they happen to have, which prove nothing yet.
#[derive(Debug, Clone)]
pub struct Guest {
    /// What the cookie of access tokens says.
    pub access_token: Option<SecretString>,
    /// What the cookie of refresh tokens says.
    pub refresh_token: Option<SecretString>,
    /// What the cookie of the device says.
    pub device_token: Option<SecretString>,
}

impl<'a> FromRequest<'a> for Guest {
    async fn from_request(request: &'a Request, _: &mut RequestBody) -> poem::Result<Self> {
        if csrf::source(request, &super::state(request)?.origin) == csrf::Source::Foreign {
            return Err(ApiError::from(AppError::Forbidden(csrf::FOREIGN)).into());
        }
        let read = |name| cookie::read(request, name).map(SecretString::from);
        Ok(Self {
            access_token: read(cookie::ACCESS),
            refresh_token: read(cookie::REFRESH),
            device_token: read(cookie::DEVICE),
        })
    }
}
