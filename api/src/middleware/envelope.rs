//! Errors, panics and requests that take too long all leave as the error envelope. OPTIONS is answered here: it is what
//! a 405 would say, and no error.

use std::any::Any;
use std::sync::Arc;
use std::time::Duration;

use poem::error::MethodNotAllowedError;
use poem::http::{Method, StatusCode, header};
use poem::middleware::{CatchPanic, CatchPanicEndpoint};
use poem::{Endpoint, IntoResponse, Middleware, Request, Response};

use super::methods::Methods;
use crate::error::ApiError;

type PanicHandler = fn(Box<dyn Any + Send>) -> Response;

/// The layer.
#[derive(Debug, Clone)]
pub struct Envelope {
    methods: Arc<Methods>,
    limit: Duration,
}

impl Envelope {
    /// Handlers get so much time; a 405 and OPTIONS list these methods.
    #[must_use]
    pub fn new(methods: Methods, limit: Duration) -> Self {
        Self {
            methods: Arc::new(methods),
            limit,
        }
    }
}

impl<E: Endpoint> Middleware<E> for Envelope {
    type Output = EnvelopeEndpoint<E>;

    fn transform(&self, inner: E) -> Self::Output {
        EnvelopeEndpoint {
            inner: CatchPanic::new()
                .with_handler(answer_panic as PanicHandler)
                .transform(inner),
            methods: Arc::clone(&self.methods),
            limit: self.limit,
        }
    }
}

/// The panic hook has logged where; the message may quote the data that caused it.
fn answer_panic(_: Box<dyn Any + Send>) -> Response {
    ApiError::fault("panic").response()
}

/// An endpoint with the layer around it.
pub struct EnvelopeEndpoint<E> {
    inner: CatchPanicEndpoint<E, PanicHandler>,
    methods: Arc<Methods>,
    limit: Duration,
}

impl<E: Endpoint> Endpoint for EnvelopeEndpoint<E> {
    type Output = Response;

    async fn call(&self, request: Request) -> poem::Result<Response> {
        let uri = request.uri().clone();
        let options = request.method() == Method::OPTIONS;
        let error = match tokio::time::timeout(self.limit, self.inner.call(request)).await {
            Ok(Ok(response)) => return Ok(response.into_response()),
            Ok(Err(error)) if error.is::<MethodNotAllowedError>() && options => {
                return Ok(Response::builder()
                    .status(StatusCode::NO_CONTENT)
                    .header(header::ALLOW, self.methods.of(uri.path()))
                    .finish());
            }
            Ok(Err(error)) if error.is::<MethodNotAllowedError>() => {
                ApiError::method_not_allowed(Some(self.methods.of(uri.path())))
            }
            Ok(Err(error)) => error.into(),
            Err(_) => ApiError::unavailable("the request timed out"),
        };
        Ok(error.response())
    }
}
