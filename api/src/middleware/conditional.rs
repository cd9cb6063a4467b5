//! Answers that may be kept, and asked for again with `If-None-Match` (RFC 9110 section 13, RFC 9111): cities, stops,
//! the schedule, and the pages of documentation. Everything else is `no-store`.
//!
//! The tag is a hash of the body before it is packed: it changes when anything in the body does, whatever that came
//! from. A 304 therefore saves the transfer, not the work; pages of the catalogue and kept schedules are
//! hashed once ([`crate::wire::rendered`]). The tag is weak, for one body has two representations,
//! packed and plain (RFC 9110 section 8.8.3.3), and `If-None-Match` compares weakly anyway.

mod etag;

pub use etag::of as tag;

use poem::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};
use poem::{Body, Endpoint, IntoResponse, Middleware, Request, Response};

use crate::auth::partner;
use crate::pages;

/// The layer; inside of compression, outside of what makes errors.
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

/// What a route answers with, as far as keeping it goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// Changes with the publication, a few times a day.
    Catalogue,
    /// Changes with every sale.
    Schedule,
    /// Tags itself and says how long it keeps.
    Page,
}

impl Kind {
    fn of(path: &str) -> Option<Self> {
        let under = |root: &str| {
            path.strip_prefix(root)
                .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        };
        match path {
            "/openapi.json" => Some(Self::Page),
            _ if pages::is_page(path) => Some(Self::Page),
            "/v2/offers/schedule" => Some(Self::Schedule),
            _ if under("/v2/cities") || under("/v2/stops") => Some(Self::Catalogue),
            _ => None,
        }
    }
}

/// Who asks, as far as the answer depends on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Asker {
    Anybody,
    /// With a key: the answer is right for its owner only.
    Partner,
    /// With a cookie, which may be that of a session.
    Browser,
}

impl Asker {
    fn of(headers: &HeaderMap) -> Self {
        if headers.contains_key(partner::HEADER) {
            Self::Partner
        } else if headers.contains_key(header::COOKIE) {
            Self::Browser
        } else {
            Self::Anybody
        }
    }
}

/// How an answer may be kept. `no-cache` keeps and asks each time.
const fn policy(kind: Kind, asker: Asker) -> Option<&'static str> {
    match (kind, asker) {
        (Kind::Page, _) => None,
        (Kind::Catalogue, Asker::Anybody) => Some("public, max-age=60"),
        (Kind::Schedule, Asker::Anybody) => Some("public, no-cache"),
        // Its ids are tokens that buy seats, made anew each second.
        (Kind::Schedule, Asker::Partner) => Some("private, no-store"),
        // A key that was revoked must stop working.
        (Kind::Catalogue, Asker::Partner) | (_, Asker::Browser) => Some("private, no-cache"),
    }
}

impl<E: Endpoint> Endpoint for ConditionalEndpoint<E> {
    type Output = Response;

    async fn call(&self, request: Request) -> poem::Result<Response> {
        let kind = match Kind::of(request.uri().path()) {
            Some(kind) if request.method() == Method::GET => kind,
            _ => return Ok(self.inner.call(request).await?.into_response()),
        };
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
        if let Some(policy) = policy(kind, asker) {
            let headers = response.headers_mut();
            headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(policy));
            headers.append(header::VARY, HeaderValue::from_static("x-api-key, cookie"));
        }
        if (kind, asker) == (Kind::Schedule, Asker::Partner) {
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

/// Leaves what RFC 9110 section 15.4.5 wants of a 304. Compression knows text by its type, which is gone then.
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

#[cfg(test)]
mod tests {
    use super::Kind;

    #[test]
    fn only_what_is_open_to_everybody_is_kept() {
        assert_eq!(Kind::of("/v2/cities"), Some(Kind::Catalogue));
        assert_eq!(Kind::of("/v2/cities/kyiv/stops"), Some(Kind::Catalogue));
        assert_eq!(Kind::of("/v2/stops/stp_1"), Some(Kind::Catalogue));
        assert_eq!(Kind::of("/v2/offers/schedule"), Some(Kind::Schedule));
        for page in ["/", "/docs", "/pages.css", "/guides/rest-to-v2-migration"] {
            assert_eq!(Kind::of(page), Some(Kind::Page), "{page}");
        }
        for other in ["/v2/offers", "/v2/bookings", "/v2/citiesx", "/v2/orders", "/healthz"] {
            assert_eq!(Kind::of(other), None, "{other}");
        }
    }
}
