//! No more requests at a time than the process can hold: an overload is answered early, and memory stays bounded.

use std::sync::Arc;

use poem::http::{HeaderValue, header};
use poem::{Endpoint, Middleware, Request};
use tokio::sync::Semaphore;

use crate::error::{ApiError, Code};

/// The layer. Probes pass it always, so that a busy process is not taken for a dead one.
#[derive(Debug, Clone)]
pub struct Crowd {
    places: Arc<Semaphore>,
}

impl Crowd {
    /// Lets in so many requests at a time.
    #[must_use]
    pub fn new(places: usize) -> Self {
        Self {
            places: Arc::new(Semaphore::new(places)),
        }
    }
}

impl<E: Endpoint> Middleware<E> for Crowd {
    type Output = CrowdEndpoint<E>;

    fn transform(&self, inner: E) -> Self::Output {
        CrowdEndpoint {
            inner,
            places: Arc::clone(&self.places),
        }
    }
}

/// An endpoint with the layer around it.
#[derive(Debug)]
pub struct CrowdEndpoint<E> {
    inner: E,
    places: Arc<Semaphore>,
}

impl<E: Endpoint> Endpoint for CrowdEndpoint<E> {
    type Output = E::Output;

    async fn call(&self, request: Request) -> poem::Result<Self::Output> {
        let _place = match self.places.try_acquire() {
            Ok(place) => Some(place),
            Err(_) if matches!(request.uri().path(), "/healthz" | "/readyz") => None,
            Err(_) => {
                let crowded = ApiError::new(Code::Unavailable, "Too many requests at a time, try again");
                return Err(crowded
                    .header(header::RETRY_AFTER, HeaderValue::from_static("1"))
                    .into());
            }
        };
        self.inner.call(request).await
    }
}
