//! Limits the requests that a process serves at a time. Others wait in the order of their arrival, up to a number and a
//! time. Beyond that they are refused, since an early refusal is better than a late one and memory must stay bounded.
//!
//! Requests that may change something take one of fewer places first, and wait for it in a separate queue. A rush on
//! one departure, whose buyers wait for each other while they are served, therefore leaves places to those who read.
//!
//! Waiting costs memory only: no database connection, no CPU. A request that waited too long is rejected, as the client
//! is likely to have given up; a request whose client has disconnected is dropped by the listener, and stops waiting.

use std::sync::Arc;
use std::time::Duration;

use app::metrics::count_refused_search;
use domain::rate_limit::Class;
use poem::{Endpoint, Middleware, Request};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::timeout;

use crate::error::ApiError;
use crate::route;

/// How many requests a process accepts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ConcurrencyLimits {
    /// Served at a time.
    pub served: usize,
    /// How many of these may change something.
    pub writes: usize,
    /// Requests that only read and wait at a time. Few: to be refused at once is better for their users than to wait for
    /// seconds.
    pub waiting_reads: usize,
    /// Requests that may change something and wait at a time: as many as want one bus when its sale begins.
    pub waiting_writes: usize,
    /// How long one waits, for both places together.
    pub wait: Duration,
}

impl Default for ConcurrencyLimits {
    fn default() -> Self {
        Self {
            served: 512,
            writes: 384,
            waiting_reads: 1_024,
            waiting_writes: 5_632,
            wait: Duration::from_secs(10),
        }
    }
}

/// The layer. Probes always pass, so that a busy process is not mistaken for a dead one.
#[derive(Debug, Clone)]
pub struct ConcurrencyLimit {
    all: Line,
    writes: Line,
    wait: Duration,
}

/// A number of places, and those who wait for one.
#[derive(Debug, Clone)]
struct Line {
    served: Arc<Semaphore>,
    waiting: Arc<Semaphore>,
}

impl Line {
    fn new(served: usize, waiting: usize) -> Self {
        Self {
            served: Arc::new(Semaphore::new(served)),
            waiting: Arc::new(Semaphore::new(waiting)),
        }
    }

    /// A place; `None` if too many wait for one.
    async fn place(&self) -> Option<OwnedSemaphorePermit> {
        if let Ok(place) = Arc::clone(&self.served).try_acquire_owned() {
            return Some(place);
        }
        let _waiting = self.waiting.try_acquire().ok()?;
        self.await_place().await
    }

    /// A place, however many wait. The semaphore gives places in the order of the requests for them.
    async fn await_place(&self) -> Option<OwnedSemaphorePermit> {
        Arc::clone(&self.served).acquire_owned().await.ok()
    }
}

/// A place among the requests that are served, until it is dropped.
#[derive(Debug)]
struct Admission {
    _write: Option<OwnedSemaphorePermit>,
    _any: OwnedSemaphorePermit,
}

impl ConcurrencyLimit {
    /// A layer with these limits.
    #[must_use]
    pub fn new(places: ConcurrencyLimits) -> Self {
        Self {
            all: Line::new(places.served, places.waiting_reads),
            writes: Line::new(places.writes, places.waiting_writes),
            wait: places.wait,
        }
    }

    /// A place among the requests that are served; `None` if too many wait for one, or if the wait took too long.
    async fn place(&self, may_write: bool) -> Option<Admission> {
        let places = async {
            let (write, any) = match may_write {
                // The requests with a place among the writes are few enough.
                true => (Some(self.writes.place().await?), self.all.await_place().await?),
                false => (None, self.all.place().await?),
            };
            Some(Admission {
                _write: write,
                _any: any,
            })
        };
        timeout(self.wait, places).await.ok()?
    }
}

impl<E: Endpoint> Middleware<E> for ConcurrencyLimit {
    type Output = ConcurrencyLimitEndpoint<E>;

    fn transform(&self, inner: E) -> Self::Output {
        ConcurrencyLimitEndpoint {
            inner,
            limit: self.clone(),
        }
    }
}

/// An endpoint with the layer around it.
#[derive(Debug)]
pub struct ConcurrencyLimitEndpoint<E> {
    inner: E,
    limit: ConcurrencyLimit,
}

impl<E: Endpoint> Endpoint for ConcurrencyLimitEndpoint<E> {
    type Output = E::Output;

    async fn call(&self, request: Request) -> poem::Result<Self::Output> {
        let policy = route::of(&request).policy;
        if policy.probe {
            return self.inner.call(request).await;
        }
        let Some(_place) = self.limit.place(policy.may_write()).await else {
            if policy.rate == Some(Class::Search) {
                count_refused_search();
            }
            return Err(ApiError::too_busy().into());
        };
        self.inner.call(request).await
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::{ConcurrencyLimit, ConcurrencyLimits};

    fn waits(limit: &ConcurrencyLimit) -> tokio::task::JoinHandle<bool> {
        let limit = limit.clone();
        tokio::spawn(async move { limit.place(false).await.is_some() })
    }

    async fn one_waits(limit: &ConcurrencyLimit) {
        while limit.all.waiting.available_permits() > 0 {
            tokio::task::yield_now().await;
        }
    }

    #[tokio::test]
    async fn places_go_to_those_who_wait_and_the_rest_is_refused_at_once() {
        let limit = ConcurrencyLimit::new(ConcurrencyLimits {
            served: 1,
            writes: 1,
            waiting_reads: 1,
            waiting_writes: 1,
            wait: Duration::from_secs(60),
        });
        let first = limit.place(false).await.unwrap();
        let waiting = waits(&limit);
        one_waits(&limit).await;
        assert!(limit.place(false).await.is_none(), "one waits already");
        // A request that stops waiting leaves its place to another.
        waiting.abort();
        assert!(waiting.await.unwrap_err().is_cancelled());
        let waiting = waits(&limit);
        one_waits(&limit).await;
        drop(first);
        assert!(waiting.await.unwrap());
        assert!(limit.place(false).await.is_some());
    }

    #[tokio::test]
    async fn those_who_change_something_leave_places_to_those_who_read() {
        let limit = ConcurrencyLimit::new(ConcurrencyLimits {
            served: 3,
            writes: 2,
            waiting_reads: 0,
            waiting_writes: 0,
            wait: Duration::from_secs(60),
        });
        let writes = [limit.place(true).await.unwrap(), limit.place(true).await.unwrap()];
        assert!(limit.place(true).await.is_none());
        let read = limit.place(false).await.unwrap();
        assert!(limit.place(false).await.is_none());
        // A refused request leaves nothing taken: a request that ends makes room for one of either kind.
        drop(writes);
        assert!(limit.place(true).await.is_some());
        drop(read);
        assert!(limit.place(false).await.is_some());
    }

    #[tokio::test]
    async fn no_request_waits_longer_than_the_limit() {
        let limit = ConcurrencyLimit::new(ConcurrencyLimits {
            served: 0,
            writes: 1,
            waiting_reads: 1,
            waiting_writes: 1,
            wait: Duration::from_millis(1),
        });
        for may_write in [false, true] {
            assert!(limit.place(may_write).await.is_none());
        }
        assert_eq!(limit.all.waiting.available_permits(), 1);
        assert_eq!(limit.writes.served.available_permits(), 1);
    }
}
