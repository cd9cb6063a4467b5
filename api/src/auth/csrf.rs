//! Requests that change something and are authorised by a cookie must come from our own pages (contract section 6).
//! Browsers send the origin of a request, and pages cannot forge it.

use app::error::AppError;
use poem::Request;
use poem::http::{HeaderName, Method, header};

use crate::state::State;

/// Message to a page of another site.
pub const FOREIGN: &str = "The request must come from a page of this site";

const FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");

/// The origin of a request according to its headers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Source {
    /// A page of this origin, or the user directly.
    Ours,
    /// Another site.
    Foreign,
    /// Unknown: the client is not a current browser.
    Untold,
}

/// Where a request comes from; `origin` is that of our pages.
#[must_use]
pub fn source(request: &Request, origin: &str) -> Source {
    let value = |name: &HeaderName| {
        request
            .headers()
            .get(name)
            .map(|value| value.to_str().unwrap_or_default())
    };
    // If both headers are present, both must be ours: an old proxy may add an Origin, but a page can set neither.
    let site = value(&FETCH_SITE).map(|site| matches!(site, "same-origin" | "none"));
    let from = value(&header::ORIGIN).map(|from| from.eq_ignore_ascii_case(origin));
    match (site, from) {
        (None, None) => Source::Untold,
        (site, from) if site.unwrap_or(true) && from.unwrap_or(true) => Source::Ours,
        _ => Source::Foreign,
    }
}

/// Whether requests of this method change nothing.
#[must_use]
pub const fn is_safe(method: &Method) -> bool {
    matches!(*method, Method::GET | Method::HEAD | Method::OPTIONS)
}

/// Refuses a request that changes something unless it comes from a page of this origin.
///
/// # Errors
/// [`AppError::Forbidden`].
pub fn require_own_origin(request: &Request, state: &State) -> Result<(), AppError> {
    if is_safe(request.method()) || source(request, &state.origin) == Source::Ours {
        Ok(())
    } else {
        Err(AppError::Forbidden(FOREIGN))
    }
}
