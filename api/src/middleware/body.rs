//! Limits on requests: the length of the URI, the size, duration and coding of the body. The limits on the socket are
//! in [`crate::listener`].
//!
//! The body is read here, before the sender is authenticated, so that no slow sender occupies a handler. Therefore
//! little is read from a sender without a credential, and the memory held for all bodies together is limited
//! ([`super::in_flight`]) until the request ends.
//!
//! An archive is not read here: its handler reads it as it arrives. It requires a credential before anything is read,
//! and its parts have to arrive in time.
//!
//! poem's `SizeLimit` is not used, since it refuses every request without `Content-Length`, GETs and chunked bodies
//! included.

use std::sync::Arc;
use std::time::Duration;

use app::error::{AppError, FieldError};
use bytes::{Bytes, BytesMut};
use clients::gtfs_source::MOST_DOWNLOAD;
use futures::{StreamExt, TryStreamExt};
use http_body_util::BodyExt as _;
use http_body_util::combinators::BoxBody;
use hyper::body::Body as _;
use poem::error::ReadBodyError;
use poem::http::header;
use poem::{Body, Endpoint, Middleware, Request};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::in_flight::{Capacity, Held, InFlight};
use crate::auth::{self, address};
use crate::error::{ApiError, Code};
use crate::route;
use crate::route::policy::{Body as Kind, LargeBody};
use crate::state::State;

/// Maximum number of bytes of path and query together; only undeclared parameters can come close to it.
const MAX_URI: usize = 8 * 1024;

/// Bytes of each body that are not counted: nearly all legitimate bodies are no larger, and are accepted even if others
/// use the whole capacity.
const FREE: usize = 8 * 1024;

/// How many archives a process receives at a time.
const ARCHIVES: usize = 8;

/// How many bytes of bodies a process holds at a time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BodyCapacity {
    /// From senders without a credential; what may be sent without one (signing in) is much smaller.
    pub strangers: Capacity,
    /// From senders with a live key or a genuine session token.
    pub known: Capacity,
}

impl Default for BodyCapacity {
    fn default() -> Self {
        const KIB: usize = 1024;
        const MIB: usize = 1024 * KIB;
        Self {
            strangers: Capacity {
                body: 64 * KIB,
                address: MIB,
                all: 8 * MIB,
            },
            known: Capacity {
                body: MIB,
                address: 8 * MIB,
                all: 32 * MIB,
            },
        }
    }
}

/// The middleware: it reads the body before the handler runs.
#[derive(Clone)]
pub struct BodyLimit {
    state: Arc<State>,
    timeout: Duration,
    strangers: InFlight,
    known: InFlight,
    bodies: BodyCapacity,
    archives: Arc<Semaphore>,
}

impl BodyLimit {
    /// A layer with this memory for bodies; each must arrive within `timeout`.
    #[must_use]
    pub fn new(state: Arc<State>, bodies: BodyCapacity, timeout: Duration) -> Self {
        Self {
            state,
            timeout,
            strangers: InFlight::new(bodies.strangers),
            known: InFlight::new(bodies.known),
            bodies,
            archives: Arc::new(Semaphore::new(ARCHIVES)),
        }
    }
}

impl<E: Endpoint> Middleware<E> for BodyLimit {
    type Output = BodyLimitEndpoint<E>;

    fn transform(&self, inner: E) -> Self::Output {
        BodyLimitEndpoint {
            inner,
            limit: self.clone(),
        }
    }
}

/// An endpoint with the layer around it.
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
            let long = FieldError::new("uri", "maxLength", format!("must be at most {MAX_URI} bytes"));
            return Err(ApiError::validation(vec![long]).into());
        }
        let announced = request
            .headers()
            .get(header::CONTENT_LENGTH)
            .and_then(|length| length.to_str().ok()?.parse().ok());
        let is_archive = route::of(&request).policy.body == Kind::Archive;
        let most = if is_archive {
            MOST_DOWNLOAD
        } else {
            self.limit.bodies.known.body
        };
        if announced.is_some_and(|length: usize| length > most) {
            return Err(too_large(most).into());
        }
        if request
            .headers()
            .get(header::CONTENT_ENCODING)
            .is_some_and(|encoding| encoding != "identity")
        {
            return Err(ApiError::new(Code::UnsupportedMediaType, "Bodies must not be compressed").into());
        }
        if is_archive {
            let _place = self.limit.pass_on(&mut request).await?;
            return self.inner.call(request).await;
        }
        let body = request.take_body();
        let reading = self.limit.read(&request, body, announced.unwrap_or(0));
        let (body, _held) = match tokio::time::timeout(self.limit.timeout, reading).await {
            Ok(read) => read?,
            Err(_) => {
                let slow = FieldError::new("body", "timeout", "must arrive in time");
                return Err(ApiError::validation(vec![slow]).into());
            }
        };
        request.set_body(Body::from_bytes(body.freeze()));
        self.inner.call(request).await
    }
}

impl BodyLimit {
    /// Leaves an archive to the handler, in parts that must arrive in time. How many are received at a time is limited,
    /// since each takes the memory of a part or two.
    async fn pass_on(&self, request: &mut Request) -> poem::Result<Option<OwnedSemaphorePermit>> {
        if !Box::pin(auth::shows_credential(request, &self.state)).await? {
            // If the handler will reject the sender, nothing is read.
            request.take_body();
            return Ok(None);
        }
        let place = Arc::clone(&self.archives).try_acquire_owned();
        let place = place.map_err(|_| ApiError::unavailable("too many archives are received at a time"))?;
        let timeout = self.timeout;
        let parts = request.take_body().into_bytes_stream().boxed();
        let parts = futures::stream::try_unfold(parts, move |mut parts| async move {
            let next = tokio::time::timeout(timeout, parts.try_next()).await;
            let next = next.map_err(|_| std::io::Error::from(std::io::ErrorKind::TimedOut))??;
            Ok::<_, std::io::Error>(next.map(|next| (next, parts)))
        });
        request.set_body(Body::from_bytes_stream(parts));
        Ok(Some(place))
    }

    /// Reads a body. Its memory is accounted for until the request has been answered.
    async fn read(&self, request: &Request, body: Body, announced: usize) -> poem::Result<(BytesMut, Held)> {
        let address = address::of(request, &self.state.trusted_proxies);
        let (mut held, mut most) = (self.strangers.begin(address), self.bodies.strangers.body);
        let (mut data, mut next) = (BytesMut::new(), Bytes::new());
        let mut chunks: BoxBody<Bytes, std::io::Error> = body.into();
        if announced == 0 && chunks.is_end_stream() {
            return Ok((data, held));
        }
        // A sender that announces a large body must show a credential before anything is read.
        let mut length = announced;
        loop {
            if length > most && most < self.bodies.known.body {
                if !Box::pin(auth::shows_credential(request, &self.state)).await? {
                    return Err(stranger(request, most).into());
                }
                (held, most) = (self.known.begin(address), self.bodies.known.body);
            }
            if length > most {
                return Err(too_large(most).into());
            }
            data.extend_from_slice(&next);
            held.grow(data.len().saturating_sub(FREE))?;
            let Some(frame) = chunks.frame().await else {
                return Ok((data, held));
            };
            // Frames without data are trailers, which are not used.
            next = frame.map_err(ReadBodyError::Io)?.into_data().unwrap_or_default();
            length = data.len() + next.len();
        }
    }
}

/// The error for a body of more than `most` bytes.
#[must_use]
pub fn too_large(most: usize) -> ApiError {
    ApiError::new(Code::PayloadTooLarge, format!("The body is over {most} bytes"))
}

/// The response to a body that is larger than what is read without a credential: that a credential is required, if the
/// operation requires one; otherwise that the body is too large.
fn stranger(request: &Request, most: usize) -> ApiError {
    match route::of(request).policy.large_body() {
        LargeBody::NeedsKey => AppError::Unauthorized.into(),
        LargeBody::NeedsSession => AppError::NoSession.into(),
        LargeBody::Refused => too_large(most),
    }
}
