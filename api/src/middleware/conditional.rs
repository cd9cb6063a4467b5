//! Responses that may be kept, and revalidated with `If-None-Match` (RFC 9110 section 13, RFC 9111): cities, stops, the
//! schedule, tickets as files, and the pages of documentation. Everything else is `no-store`.
//!
//! The tag is a hash of the body before compression: it changes whenever the body changes. A 304 therefore saves the
//! transfer, not the work; pages of the catalogue and stored schedules are hashed once ([`crate::wire::rendered`]). The
//! tag is weak, because one body has two representations, compressed and plain (RFC 9110 section 8.8.3.3), and
//! `If-None-Match` compares weakly anyway.

use poem::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};
use poem::{Body, Endpoint, IntoResponse, Middleware, Request, Response};

use crate::auth::header::API_KEY;
use crate::route;
use crate::route::policy::Cache;
use crate::wire::etag;

/// The layer; it is inside the compression layer and outside the layers that make error responses.
#[derive(Debug, Clone, Copy, Default)]
pub struct Conditional;

impl<E: Endpoint> Middleware<E> for Conditional {
    type Output = ConditionalEndpoint<E>;

    fn transform(&self, inner: E) -> Self::Output {
        ConditionalEndpoint { inner }
    }
}

/// An endpoint with the layer around it.
#[derive(Debug)]
pub struct ConditionalEndpoint<E> {
    inner: E,
}

/// The caller, as far as the response depends on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Asker {
    Anybody,
    /// With a key: the response is for its owner only.
    Partner,
    /// With a cookie, which may be that of a session.
    Browser,
}

impl Asker {
    fn of(headers: &HeaderMap) -> Self {
        if headers.contains_key(API_KEY) {
            Self::Partner
        } else if headers.contains_key(header::COOKIE) {
            Self::Browser
        } else {
            Self::Anybody
        }
    }
}

/// How a response may be cached. With `no-cache` it is stored, but revalidated each time.
const fn policy(cache: Cache, asker: Asker) -> Option<&'static str> {
    match (cache, asker) {
        (Cache::Never | Cache::Page, _) => None,
        (Cache::Catalogue, Asker::Anybody) => Some("public, max-age=60"),
        (Cache::Timetable, Asker::Anybody) => Some("public, no-cache"),
        // Its ids are offer tokens, which are new each second.
        (Cache::Timetable, Asker::Partner) => Some("private, no-store"),
        // A key that was revoked, or a session that ended, must stop working.
        (Cache::Own, _) => Some("private, no-cache"),
        (Cache::Catalogue, Asker::Partner) | (_, Asker::Browser) => Some("private, no-cache"),
    }
}

impl<E: Endpoint> Endpoint for ConditionalEndpoint<E> {
    type Output = Response;

    async fn call(&self, request: Request) -> poem::Result<Response> {
        let cache = route::of(&request).policy.cache;
        if cache == Cache::Never || request.method() != Method::GET {
            return Ok(self.inner.call(request).await?.into_response());
        }
        let asker = Asker::of(request.headers());
        let known: Vec<HeaderValue> = request
            .headers()
            .get_all(header::IF_NONE_MATCH)
            .iter()
            .cloned()
            .collect();
        let mut response = self.inner.call(request).await?.into_response();
        if response.status() != StatusCode::OK {
            return Ok(response);
        }
        if let Some(policy) = policy(cache, asker) {
            let headers = response.headers_mut();
            headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(policy));
            headers.append(header::VARY, HeaderValue::from_static("x-api-key, cookie"));
        }
        if (cache, asker) == (Cache::Timetable, Asker::Partner) {
            return Ok(response);
        }
        let tag = match response.headers().get(header::ETAG) {
            Some(tag) => tag.clone(),
            None => {
                let body = response.take_body().into_bytes().await?;
                let tag = etag::of(&body);
                response.set_body(Body::from_bytes(body));
                response.headers_mut().insert(header::ETAG, tag.clone());
                tag
            }
        };
        if etag::any_is(&known, &tag) {
            not_modified(&mut response);
        }
        Ok(response)
    }
}

/// Removes what RFC 9110 section 15.4.5 does not want in a 304. Without its type the compression layer does not know
/// that the response is text, so `Vary` is added here.
fn not_modified(response: &mut Response) {
    const GONE: [HeaderName; 3] = [header::CONTENT_TYPE, header::CONTENT_ENCODING, header::CONTENT_LENGTH];
    response.set_status(StatusCode::NOT_MODIFIED);
    response.set_body(());
    let headers = response.headers_mut();
    for name in GONE {
        headers.remove(name);
    }
    headers.append(header::VARY, HeaderValue::from_static("accept-encoding"));
}
