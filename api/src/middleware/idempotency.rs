//! `Idempotency-Key` (contract section 1): a POST with a key is carried out once, even if it is sent repeatedly. This
//! layer reads the key, and stores the response or replaces it by the first one. The extractors identify the caller
//! ([`crate::auth`]). What the effect is, and when it ends, is in [`app::idempotency`].
//!
//! Operations that require neither a partner nor a right, those of sessions, have no caller here: their responses
//! contain cookies, which are not stored. Their keys are validated and have no effect.

use std::sync::Arc;

use app::error::{AppError, FieldError};
use app::idempotency::IdempotentRequest;
use app::work::Work;
use domain::idempotency::{Answer, Request as Asked};
use poem::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};
use poem::{Endpoint, IntoResponse, Middleware, Request, Response};

use crate::error::ApiError;
use crate::route;
use crate::route::policy::{Body, Idempotency as Effect};
use crate::state::State;

/// The header that carries the key.
pub const KEY: HeaderName = HeaderName::from_static("idempotency-key");

/// Marks a response as a replay.
pub const REPLAYED: HeaderName = HeaderName::from_static("idempotent-replayed");

/// The layer. Handlers of POSTs under `/v2` get the [`Work`] of their use cases from it.
#[derive(Clone)]
pub struct Idempotency {
    state: Arc<State>,
}

impl Idempotency {
    /// A layer with the database and the clock of this state.
    #[must_use]
    pub const fn new(state: Arc<State>) -> Self {
        Self { state }
    }
}

impl<E: Endpoint> Middleware<E> for Idempotency {
    type Output = IdempotencyEndpoint<E>;

    fn transform(&self, inner: E) -> Self::Output {
        IdempotencyEndpoint {
            inner,
            state: Arc::clone(&self.state),
        }
    }
}

/// An endpoint with the layer around it.
pub struct IdempotencyEndpoint<E> {
    inner: E,
    state: Arc<State>,
}

impl<E: Endpoint> Endpoint for IdempotencyEndpoint<E> {
    type Output = Response;

    async fn call(&self, mut request: Request) -> poem::Result<Response> {
        if request.method() != Method::POST || route::of(&request).policy.idempotency == Effect::Ignored {
            return Ok(self.inner.call(request).await?.into_response());
        }
        let platform = &self.state.platform;
        let Some(asked) = asked(&mut request).await? else {
            request.set_data(Work::Own(platform.pool.clone()));
            return Ok(self.inner.call(request).await?.into_response());
        };
        let (pool, clock) = (platform.pool.clone(), platform.clock.clone());
        let vault = Arc::clone(&self.state.vault);
        let once = Arc::new(match route::of(&request).policy.body {
            Body::Archive => IdempotentRequest::without_body(pool, clock, vault, asked),
            _ => IdempotentRequest::new(pool, clock, vault, asked),
        });
        request.set_data(Work::Idempotent(Arc::clone(&once)));
        let outcome = self.inner.call(request).await;
        if !once.has_caller() {
            return Ok(outcome?.into_response());
        }
        let mut response = outcome.map_or_else(|error| ApiError::from(error).response(), IntoResponse::into_response);
        let answer = answer(&mut response).await?;
        // In a box, because it is rare: this future is part of that of every request, and with the queries it would be
        // several times as large, which is allocated and moved even for a search.
        match Box::pin(once.settle(&answer)).await {
            Ok(None) => {
                response.set_body(answer.body);
                Ok(response)
            }
            Ok(Some(first)) => Ok(replay(first)?),
            Err(error) => Ok(ApiError::from(error).response()),
        }
    }
}

/// The request with its key, if there is one. The body is available: [`super::body`] has read it.
async fn asked(request: &mut Request) -> poem::Result<Option<Asked>> {
    let mut keys = request.headers().get_all(&KEY).iter();
    let Some(key) = keys.next().cloned() else {
        return Ok(None);
    };
    if keys.next().is_some() {
        let several = FieldError::new("Idempotency-Key", "single", "must be given once");
        return Err(ApiError::validation(vec![several]).into());
    }
    if route::of(request).policy.body == Body::Archive {
        // The handler reads the body as it arrives, and adds its checksum (`Work::note_body`).
        return named(request, &key, &[]).map(Some);
    }
    let body = request.take_body().into_bytes().await?;
    let asked = named(request, &key, &body)?;
    request.set_body(poem::Body::from_bytes(body));
    Ok(Some(asked))
}

fn named(request: &Request, key: &HeaderValue, body: &[u8]) -> poem::Result<Asked> {
    let target = request.uri().path_and_query().map_or("", |target| target.as_str());
    let asked = Asked::new(key.as_bytes(), request.method().as_str(), target, body);
    Ok(asked.map_err(|wrong| ApiError::validation(vec![wrong]))?)
}

/// A response in the form in which it is stored; takes its body.
async fn answer(response: &mut Response) -> poem::Result<Answer> {
    let body = response.take_body().into_vec().await?;
    let text = |headers: &HeaderMap, name| Some(headers.get(name)?.to_str().ok()?.to_owned());
    Ok(Answer {
        status: response.status().as_u16(),
        content_type: text(response.headers(), header::CONTENT_TYPE),
        content_location: text(response.headers(), header::CONTENT_LOCATION),
        body,
    })
}

/// The first response again.
fn replay(first: &Answer) -> Result<Response, ApiError> {
    let broken = |_| AppError::Internal("a stored response has no status".to_owned());
    let mut response = Response::builder()
        .status(StatusCode::from_u16(first.status).map_err(broken)?)
        .header(REPLAYED, HeaderValue::from_static("true"))
        .body(first.body.clone());
    for (name, value) in [
        (header::CONTENT_TYPE, &first.content_type),
        (header::CONTENT_LOCATION, &first.content_location),
    ] {
        if let Some(value) = value.as_deref().and_then(|value| HeaderValue::from_str(value).ok()) {
            response.headers_mut().insert(name, value);
        }
    }
    Ok(response)
}
