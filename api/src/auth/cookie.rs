//! The cookies of the back office (contract section 6).

use chrono::TimeDelta;
use domain::session::{ACCESS_LIFETIME, LIFETIME};
use domain::{device, google};
use poem::Request;
use poem::http::{HeaderValue, header};
use secrecy::{ExposeSecret, SecretString};

use crate::error::ApiError;

/// The cookie with the access token.
pub const ACCESS: &str = "backoffice_access_token";

/// The cookie with the refresh token. It is sent only to the operations of sessions.
pub const REFRESH: &str = "backoffice_refresh_token";

/// The cookie of a device that a person signed in from. It is sent only to the operations of sessions.
pub const DEVICE: &str = "backoffice_device";

/// The cookie of a sign-in with Google that the browser has begun. It is sent only to the operations of sessions.
pub const GOOGLE: &str = "backoffice_google";

/// The cookie of that name; `None` when it is missing, or when several differ.
#[must_use]
pub fn read<'a>(request: &'a Request, name: &str) -> Option<&'a str> {
    let headers = request.headers().get_all(header::COOKIE).iter();
    let mut values = headers
        .filter_map(|header| header.to_str().ok())
        .flat_map(|header| header.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .filter_map(|(key, value)| (key == name).then_some(value));
    let value = values.next()?;
    values.all(|other| other == value).then_some(value)
}

/// `Set-Cookie` with an access token.
///
/// # Errors
/// When the token is not printable; tokens of this platform always are.
pub fn access(token: &SecretString, secure: bool) -> Result<HeaderValue, ApiError> {
    write(ACCESS, token.expose_secret(), ACCESS_LIFETIME, secure)
}

/// `Set-Cookie` with a refresh token.
///
/// # Errors
/// As [`access`].
pub fn refresh(token: &SecretString, secure: bool) -> Result<HeaderValue, ApiError> {
    write(REFRESH, token.expose_secret(), LIFETIME, secure)
}

/// `Set-Cookie` with the token of a device.
///
/// # Errors
/// As [`access`].
pub fn device(token: &str, secure: bool) -> Result<HeaderValue, ApiError> {
    write(DEVICE, token, device::LIFETIME, secure)
}

/// `Set-Cookie` that begins a sign-in with Google, or with `None` ends it.
///
/// # Errors
/// As [`access`].
pub fn google(value: Option<&str>, secure: bool) -> Result<HeaderValue, ApiError> {
    let lifetime = value.map_or(TimeDelta::zero(), |_| google::LIFETIME);
    write(GOOGLE, value.unwrap_or_default(), lifetime, secure)
}

/// `Set-Cookie` that removes both tokens of a session. The cookie of the device stays, since it outlives sessions.
///
/// # Errors
/// None in practice: names and values are constants.
pub fn cleared(secure: bool) -> Result<[HeaderValue; 2], ApiError> {
    let clear = |name| write(name, "", TimeDelta::zero(), secure);
    // In this order: curl 7.88 forgets a cookie of its file only if the latter of two has the shorter path.
    Ok([clear(REFRESH)?, clear(ACCESS)?])
}

fn write(name: &str, value: &str, age: TimeDelta, secure: bool) -> Result<HeaderValue, ApiError> {
    let path = if name == ACCESS { "/" } else { "/v2/auth" };
    let secure = if secure { "; Secure" } else { "" };
    let text = format!(
        "{name}={value}; Path={path}; Max-Age={}; HttpOnly; SameSite=Lax{secure}",
        age.num_seconds()
    );
    let mut value = HeaderValue::from_str(&text).map_err(|error| ApiError::fault(error.to_string()))?;
    value.set_sensitive(true);
    Ok(value)
}
