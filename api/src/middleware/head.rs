//! HEAD is answered as GET without the body: same status, same headers, and the length that the body would have, if it
//! is known. poem drops the body before its length can be determined.

use http_body_util::combinators::BoxBody;
use hyper::body::Body as _;
use poem::http::{HeaderMap, Method, StatusCode, header};
use poem::{Endpoint, IntoResponse, Middleware, Request, Response};

/// The layer; all layers that read bodies are inside it.
#[derive(Debug, Clone, Copy, Default)]
pub struct Head;

impl<E: Endpoint> Middleware<E> for Head {
    type Output = HeadEndpoint<E>;

    fn transform(&self, inner: E) -> Self::Output {
        HeadEndpoint { inner }
    }
}

/// An endpoint with the layer around it.
#[derive(Debug)]
pub struct HeadEndpoint<E> {
    inner: E,
}

impl<E: Endpoint> Endpoint for HeadEndpoint<E> {
    type Output = Response;

    async fn call(&self, mut request: Request) -> poem::Result<Response> {
        if request.method() != Method::HEAD {
            return Ok(self.inner.call(request).await?.into_response());
        }
        request.set_method(Method::GET);
        let mut response = self.inner.call(request).await?.into_response();
        let body: BoxBody<bytes::Bytes, std::io::Error> = response.take_body().into();
        if let Some(length) = body.size_hint().exact()
            && has_length(response.status(), response.headers())
        {
            response.headers_mut().insert(header::CONTENT_LENGTH, length.into());
        }
        Ok(response)
    }
}

/// Whether the response may state a length (RFC 9110 section 8.6), but does not yet.
fn has_length(status: StatusCode, headers: &HeaderMap) -> bool {
    !matches!(status, StatusCode::NO_CONTENT | StatusCode::NOT_MODIFIED)
        && !headers.contains_key(header::CONTENT_LENGTH)
}
