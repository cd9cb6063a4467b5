//! Which pages of other origins may read responses in a browser (the CORS protocol of the Fetch standard).
//!
//! Only the Distribution surface is open, to the origins of the settings; `*` opens the operations that need no key,
//! and does not let pages send one. Cookies are never allowed: the back office belongs to pages of its own origin.
//! A request of an origin that is not allowed is answered without the headers, so the browser withholds the response
//! from the page; its preflight gets 403.

use std::sync::Arc;

use config::Origins;
use poem::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use poem::{Endpoint, IntoResponse, Middleware, Request, Response};

use crate::auth::header::API_KEY;
use crate::error::{ApiError, Code};
use crate::route;
use crate::route::policy::Cors as Scope;

/// Headers that a page may send besides those that are always allowed.
const ALLOWED: &str = "x-api-key, content-type, idempotency-key, if-none-match, x-request-id, traceparent";
/// The same for pages of an origin that only `*` allows.
const ALLOWED_TO_ANYONE: &str = "if-none-match, x-request-id, traceparent";
/// Headers that a page may read besides those that are always allowed.
const EXPOSED: &str = "x-request-id, etag, retry-after, ratelimit, ratelimit-policy, content-location, location, \
                       deprecation, sunset, link, idempotent-replayed";
/// How many seconds a browser may cache the response to a preflight.
const REMEMBERED: &str = "600";

/// The layer; it is outside the layers that make error responses, so that a page can read these too.
#[derive(Debug, Clone)]
pub struct Cors {
    origins: Arc<Origins>,
}

impl Cors {
    /// A layer that lets pages of these origins read responses.
    #[must_use]
    pub fn new(origins: Origins) -> Self {
        Self {
            origins: Arc::new(origins),
        }
    }
}

impl<E: Endpoint> Middleware<E> for Cors {
    type Output = CorsEndpoint<E>;

    fn transform(&self, inner: E) -> Self::Output {
        CorsEndpoint {
            inner,
            origins: Arc::clone(&self.origins),
        }
    }
}

/// An endpoint with the layer around it.
#[derive(Debug)]
pub struct CorsEndpoint<E> {
    inner: E,
    origins: Arc<Origins>,
}

/// A page that may read the response.
#[derive(Debug, Clone)]
enum Reader {
    Named(HeaderValue),
    Anyone,
}

impl<E> CorsEndpoint<E> {
    fn reader(&self, scope: Scope, headers: &HeaderMap) -> Option<Reader> {
        let mut given = headers.get_all(header::ORIGIN).iter();
        let (origin, None) = (given.next()?, given.next()) else {
            return None;
        };
        if scope != Scope::Own && self.origins.lists(origin.to_str().ok()?) {
            Some(Reader::Named(origin.clone()))
        } else if scope == Scope::Open && self.origins.anyone() && !headers.contains_key(API_KEY) {
            Some(Reader::Anyone)
        } else {
            None
        }
    }
}

impl<E: Endpoint> Endpoint for CorsEndpoint<E> {
    type Output = Response;

    async fn call(&self, request: Request) -> poem::Result<Response> {
        let scope = route::of(&request).policy.cors;
        let reader = self.reader(scope, request.headers());
        let preflight = request.method() == Method::OPTIONS
            && request.headers().contains_key(header::ORIGIN)
            && request.headers().contains_key(header::ACCESS_CONTROL_REQUEST_METHOD);
        if preflight && reader.is_none() {
            return Ok(ApiError::new(
                Code::Forbidden,
                "Pages of this origin are not allowed to call this operation",
            )
            .response());
        }
        let mut response = self.inner.call(request).await?.into_response();
        let answered = response.status() == StatusCode::NO_CONTENT;
        let headers = response.headers_mut();
        if scope != Scope::Own && !self.origins.is_empty() {
            headers.append(header::VARY, HeaderValue::from_static("origin"));
        }
        if let Some(reader) = reader {
            if preflight && answered {
                grant(headers, &reader);
            }
            let origin = match reader {
                Reader::Named(origin) => origin,
                Reader::Anyone => HeaderValue::from_static("*"),
            };
            headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, origin);
            headers.insert(header::ACCESS_CONTROL_EXPOSE_HEADERS, HeaderValue::from_static(EXPOSED));
        }
        Ok(response)
    }
}

/// Responds to a preflight with what the route supports.
fn grant(headers: &mut HeaderMap, reader: &Reader) {
    let allowed = match reader {
        Reader::Named(_) => ALLOWED,
        Reader::Anyone => ALLOWED_TO_ANYONE,
    };
    if let Some(methods) = headers.get(header::ALLOW).cloned() {
        headers.insert(header::ACCESS_CONTROL_ALLOW_METHODS, methods);
    }
    headers.insert(header::ACCESS_CONTROL_ALLOW_HEADERS, HeaderValue::from_static(allowed));
    headers.insert(header::ACCESS_CONTROL_MAX_AGE, HeaderValue::from_static(REMEMBERED));
}
