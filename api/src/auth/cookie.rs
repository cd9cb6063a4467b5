//! The cookies of the backoffice (contract section 6).

use poem::Request;
use poem::http::header;

/// The cookie with the access token.
pub const ACCESS: &str = "backoffice_access_token";

/// The cookie of that name; `None` when there is none, or when several contradict each other.
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
