//! A process that is shutting down sends `Connection: close` with every response, so that clients connect to another
//! one before their connection is closed during a request.

use poem::http::{HeaderValue, header};
use poem::{Endpoint, IntoResponse, Middleware, Request, Response};
use tokio_util::sync::CancellationToken;

/// The layer.
#[derive(Debug, Clone)]
pub struct Retire {
    /// Cancelled when the process is asked to end.
    pub shutdown: CancellationToken,
}

impl<E: Endpoint> Middleware<E> for Retire {
    type Output = RetireEndpoint<E>;

    fn transform(&self, inner: E) -> Self::Output {
        RetireEndpoint {
            inner,
            shutdown: self.shutdown.clone(),
        }
    }
}

/// An endpoint with the layer around it.
pub struct RetireEndpoint<E> {
    inner: E,
    shutdown: CancellationToken,
}

impl<E: Endpoint> Endpoint for RetireEndpoint<E> {
    type Output = Response;

    async fn call(&self, request: Request) -> poem::Result<Response> {
        let mut response = self.inner.call(request).await?.into_response();
        if self.shutdown.is_cancelled() {
            let headers = response.headers_mut();
            headers.insert(header::CONNECTION, HeaderValue::from_static("close"));
        }
        Ok(response)
    }
}
