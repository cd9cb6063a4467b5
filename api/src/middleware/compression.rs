//! gzip for JSON and pages of a kilobyte or more. poem's own layer compresses every response, even empty ones, and
//! unpacks request bodies of any size. Downloads are not compressed: they are streamed, and compression here would hold
//! them in memory. A response that a handler has compressed itself ([`crate::wire::rendered`]) is not changed.

use poem::http::{HeaderMap, HeaderValue, header};
use poem::{Body, Endpoint, IntoResponse, Middleware, Request, Response};

use crate::wire::coding::{WORTH_IT, accepts_gzip};
use crate::wire::gzip;

/// The layer.
#[derive(Debug, Clone, Copy, Default)]
pub struct Compression;

impl<E: Endpoint> Middleware<E> for Compression {
    type Output = CompressionEndpoint<E>;

    fn transform(&self, inner: E) -> Self::Output {
        CompressionEndpoint { inner }
    }
}

/// An endpoint with the layer around it.
#[derive(Debug)]
pub struct CompressionEndpoint<E> {
    inner: E,
}

impl<E: Endpoint> Endpoint for CompressionEndpoint<E> {
    type Output = Response;

    async fn call(&self, request: Request) -> poem::Result<Response> {
        let wanted = accepts_gzip(request.headers());
        let mut response = self.inner.call(request).await?.into_response();
        if !is_text(response.headers()) || response.headers().contains_key(header::CONTENT_DISPOSITION) {
            return Ok(response);
        }
        response
            .headers_mut()
            .append(header::VARY, HeaderValue::from_static("accept-encoding"));
        if !wanted || response.headers().contains_key(header::CONTENT_ENCODING) {
            return Ok(response);
        }
        let body = response.take_body().into_bytes().await?;
        if body.len() >= WORTH_IT {
            let headers = response.headers_mut();
            headers.remove(header::CONTENT_LENGTH);
            headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static("gzip"));
            response.set_body(Body::from_bytes(gzip::fast(&body)));
        } else {
            response.set_body(Body::from_bytes(body));
        }
        Ok(response)
    }
}

fn is_text(headers: &HeaderMap) -> bool {
    let content_type = headers
        .get(header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    ["application/json", "text/html", "text/plain"]
        .iter()
        .any(|text| content_type.starts_with(text))
}
