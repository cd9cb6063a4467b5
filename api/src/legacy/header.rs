//! The headers of every response of `/rest`: `Deprecation` (RFC 9745), `Sunset` (RFC 8594) and `Link`. Also its only
//! different status: the response to a missing or unknown key is 403 here, with the body of the 401.

use domain::legacy::Deprecation;
use poem::http::header::{LINK, WWW_AUTHENTICATE};
use poem::http::{HeaderName, HeaderValue, StatusCode};
use poem::{Endpoint, IntoResponse, Middleware, Request, Response};

use crate::route;

/// The header with the time from which the API is deprecated.
pub const DEPRECATION: HeaderName = HeaderName::from_static("deprecation");

/// The header with the time at which the API ends.
pub const SUNSET: HeaderName = HeaderName::from_static("sunset");

/// The layer. It is outside of the one that turns errors into responses, so that these carry the headers too.
#[derive(Debug, Clone)]
pub struct Headers(Vec<(HeaderName, HeaderValue)>);

impl Headers {
    /// The headers of a deprecation; `guide` is the URL of the guide.
    #[must_use]
    pub fn new(deprecation: &Deprecation, guide: &str) -> Self {
        let texts = [
            (DEPRECATION, format!("@{}", deprecation.began.timestamp())),
            (
                SUNSET,
                deprecation.sunset.format("%a, %d %b %Y %H:%M:%S GMT").to_string(),
            ),
            (LINK, format!("<{guide}>; rel=\"deprecation\"")),
        ];
        let values = texts
            .into_iter()
            .filter_map(|(name, text)| Some((name, HeaderValue::try_from(text).ok()?)));
        Self(values.collect())
    }
}

impl<E: Endpoint> Middleware<E> for Headers {
    type Output = HeadersEndpoint<E>;

    fn transform(&self, inner: E) -> Self::Output {
        HeadersEndpoint {
            inner,
            headers: self.clone(),
        }
    }
}

/// An endpoint with the layer around it.
#[derive(Debug)]
pub struct HeadersEndpoint<E> {
    inner: E,
    headers: Headers,
}

impl<E: Endpoint> Endpoint for HeadersEndpoint<E> {
    type Output = Response;

    async fn call(&self, request: Request) -> poem::Result<Response> {
        let deprecated = route::of(&request).policy.deprecated;
        let mut response = self.inner.call(request).await?.into_response();
        if deprecated {
            response.headers_mut().extend(self.headers.0.iter().cloned());
            if response.status() == StatusCode::UNAUTHORIZED {
                response.set_status(StatusCode::FORBIDDEN);
                response.headers_mut().remove(WWW_AUTHENTICATE);
            }
        }
        Ok(response)
    }
}
