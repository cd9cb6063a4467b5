//! Errors, panics and requests that take too long are all answered with the error envelope. OPTIONS is answered here
//! too, with the `Allow` of a 405, but as a success.

use std::any::Any;
use std::time::Duration;

use poem::error::MethodNotAllowedError;
use poem::http::{Method, StatusCode, header};
use poem::middleware::{CatchPanic, CatchPanicEndpoint};
use poem::{Endpoint, IntoResponse, Middleware, Request, Response};

use crate::error::ApiError;
use crate::route::policy::Body;
use crate::route::{self, Table};

type PanicHandler = fn(Box<dyn Any + Send>) -> Response;

/// The layer.
#[derive(Debug, Clone, Copy)]
pub struct Envelope {
    limit: Duration,
    archive: Duration,
    routes: Table,
}

impl Envelope {
    /// A layer that gives handlers `limit`, and those that receive an archive `archive`. `routes` says which methods a
    /// path has.
    #[must_use]
    pub const fn new(limit: Duration, archive: Duration, routes: Table) -> Self {
        Self { limit, archive, routes }
    }
}

impl<E: Endpoint> Middleware<E> for Envelope {
    type Output = EnvelopeEndpoint<E>;

    fn transform(&self, inner: E) -> Self::Output {
        EnvelopeEndpoint {
            inner: CatchPanic::new()
                .with_handler(answer_panic as PanicHandler)
                .transform(inner),
            limits: *self,
        }
    }
}

/// The panic hook has logged the place. The message is not used, since it may quote the data that caused the panic.
fn answer_panic(_: Box<dyn Any + Send>) -> Response {
    ApiError::fault("panic").response()
}

/// An endpoint with the layer around it.
pub struct EnvelopeEndpoint<E> {
    inner: CatchPanicEndpoint<E, PanicHandler>,
    limits: Envelope,
}

impl<E: Endpoint> Endpoint for EnvelopeEndpoint<E> {
    type Output = Response;

    async fn call(&self, request: Request) -> poem::Result<Response> {
        let uri = request.uri().clone();
        let options = request.method() == Method::OPTIONS;
        let limit = match route::of(&request).policy.body {
            Body::Json => self.limits.limit,
            Body::Archive => self.limits.archive,
        };
        let error = match tokio::time::timeout(limit, self.inner.call(request)).await {
            Ok(Ok(response)) => return Ok(response.into_response()),
            Ok(Err(error)) if error.is::<MethodNotAllowedError>() && options => {
                return Ok(Response::builder()
                    .status(StatusCode::NO_CONTENT)
                    .header(header::ALLOW, self.limits.routes.allowed(uri.path()))
                    .finish());
            }
            Ok(Err(error)) if error.is::<MethodNotAllowedError>() => {
                ApiError::method_not_allowed(Some(self.limits.routes.allowed(uri.path())))
            }
            Ok(Err(error)) => error.into(),
            Err(_) => ApiError::unavailable("the request timed out"),
        };
        Ok(error.response())
    }
}
