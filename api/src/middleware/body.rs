//! Limits of requests: how long the address, how large and how slow the body, and that it comes as it is. What the
//! socket is held to is in [`crate::listener`].
//!
//! poem's `SizeLimit` refuses every request without `Content-Length`, GETs and chunked bodies included, hence our own.

use std::time::Duration;

use common::error::FieldError;
use poem::http::header;
use poem::{Body, Endpoint, Middleware, Request};

use crate::error::{ApiError, Code};

/// Bytes that path and query may have together; what comes close to it are parameters that nobody declared.
const MAX_URI: usize = 8 * 1024;

/// The layer: it reads the body, so that handlers have it at hand and no slow sender keeps one waiting.
#[derive(Debug, Clone, Copy)]
pub struct BodyLimit {
    /// Bytes that a body may have.
    pub max: usize,
    /// How long it may take to arrive.
    pub patience: Duration,
}

impl<E: Endpoint> Middleware<E> for BodyLimit {
    type Output = BodyLimitEndpoint<E>;

    fn transform(&self, inner: E) -> Self::Output {
        BodyLimitEndpoint { inner, limit: *self }
    }
}

/// An endpoint with the layer around it.
#[derive(Debug)]
pub struct BodyLimitEndpoint<E> {
    inner: E,
    limit: BodyLimit,
}

impl<E: Endpoint> Endpoint for BodyLimitEndpoint<E> {
    type Output = E::Output;

    async fn call(&self, mut request: Request) -> poem::Result<E::Output> {
        if request
            .uri()
            .path_and_query()
            .is_some_and(|uri| uri.as_str().len() > MAX_URI)
        {
            let long = FieldError::new("uri", "maxLength", format!("is over {MAX_URI} bytes"));
            return Err(ApiError::validation(vec![long]).into());
        }
        let too_large = || {
            ApiError::new(
                Code::PayloadTooLarge,
                format!("The body is over {} bytes", self.limit.max),
            )
        };
        let announced = request
            .headers()
            .get(header::CONTENT_LENGTH)
            .and_then(|length| length.to_str().ok()?.parse().ok());
        if announced.is_some_and(|length: usize| length > self.limit.max) {
            return Err(too_large().into());
        }
        if request
            .headers()
            .get(header::CONTENT_ENCODING)
            .is_some_and(|encoding| encoding != "identity")
        {
            return Err(ApiError::new(Code::UnsupportedMediaType, "Bodies must not be compressed").into());
        }
        let reading = request.take_body().into_bytes_limit(self.limit.max);
        let body = match tokio::time::timeout(self.limit.patience, reading).await {
            Ok(Ok(body)) => body,
            Ok(Err(poem::error::ReadBodyError::PayloadTooLarge)) => return Err(too_large().into()),
            Ok(Err(error)) => return Err(error.into()),
            Err(_) => {
                let slow = FieldError::new("body", "timeout", "did not arrive in time");
                return Err(ApiError::validation(vec![slow]).into());
            }
        };
        request.set_body(Body::from_bytes(body));
        self.inner.call(request).await
    }
}
