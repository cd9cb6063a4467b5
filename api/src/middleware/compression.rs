//! gzip for answers that are worth it: text of a kilobyte or more. poem's own layer compresses every answer, the empty
//! ones too, and unpacks request bodies of any size. Files that people save are left alone: they are sent as they are
//! read, and whoever packs them here would hold them in memory.

use poem::http::{HeaderMap, HeaderValue, header};
use poem::web::{Compress, CompressionAlgo, CompressionLevel};
use poem::{Body, Endpoint, IntoResponse, Middleware, Request, Response};

const WORTH_IT: usize = 1024;

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
        if !wanted {
            return Ok(response);
        }
        let body = response.take_body().into_bytes().await?;
        let worth_it = body.len() >= WORTH_IT;
        response.set_body(Body::from_bytes(body));
        if worth_it {
            let packed = Compress::new(response, CompressionAlgo::GZIP).with_quality(CompressionLevel::Fastest);
            response = packed.into_response();
        }
        Ok(response)
    }
}

fn is_text(headers: &HeaderMap) -> bool {
    let content_type = headers
        .get(header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    content_type.starts_with("application/json") || content_type.starts_with("text/")
}

fn accepts_gzip(headers: &HeaderMap) -> bool {
    let refused = |weight: &str| weight.trim().strip_prefix("q=").is_some_and(|q| q.parse() == Ok(0.0));
    headers
        .get_all(header::ACCEPT_ENCODING)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .any(|coding| {
            let mut parts = coding.split(';');
            let name = parts.next().unwrap_or_default().trim();
            name.eq_ignore_ascii_case("gzip") && !parts.any(refused)
        })
}
