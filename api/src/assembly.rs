//! The queue of searches whose response has to be assembled.
//!
//! Assembling a response takes a thread for half a millisecond and waits for nothing. If each request assembled its
//! response as soon as it was read, an overloaded process would leave other requests unread in their sockets, where
//! they can only wait. Therefore as many responses are assembled at a time as there are threads, and before each of
//! them, the requests that have arrived are read: they are answered from memory, wait here, or are refused.

use std::thread::available_parallelism;

use tokio::sync::{Semaphore, SemaphorePermit};
use tokio::task::yield_now;

use crate::error::ApiError;

/// Searches that wait by default: fewer than the places of a process (`ConcurrencyLimits::served`), so that others find
/// a place, and few enough to be answered within a quarter of a second.
const MAX_WAITING: usize = 256;

/// How many searches a process accepts whose response has to be assembled.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AssemblyLimits {
    /// Responses that are assembled at a time: as many as there are threads, since that waits for nothing.
    pub turns: usize,
    /// Searches that wait for their turn at a time.
    pub waiting: usize,
}

impl Default for AssemblyLimits {
    fn default() -> Self {
        Self {
            // As tokio determines the number of its threads.
            turns: available_parallelism().map_or(1, usize::from),
            waiting: MAX_WAITING,
        }
    }
}

/// The queue of a process.
#[derive(Debug)]
pub struct AssemblyQueue {
    turns: Semaphore,
    waiting: Semaphore,
}

impl Default for AssemblyQueue {
    fn default() -> Self {
        Self::new(AssemblyLimits::default())
    }
}

impl AssemblyQueue {
    /// A queue with these limits.
    #[must_use]
    pub fn new(limits: AssemblyLimits) -> Self {
        Self {
            turns: Semaphore::new(limits.turns),
            waiting: Semaphore::new(limits.waiting),
        }
    }

    /// Waits for a turn, then makes a response. `make` cannot wait for anything, so no turn is held while a database is
    /// awaited.
    ///
    /// # Errors
    /// When too many searches wait; and those of `make`.
    pub async fn assemble<T>(&self, make: impl FnOnce() -> Result<T, ApiError>) -> Result<T, ApiError> {
        let _turn = self.turn().await?;
        // The runtime reads the requests that have arrived before it resumes a task that yields.
        yield_now().await;
        make()
    }

    /// A turn, in the order of arrival; it ends when it is dropped. Tests hold one, so that others wait.
    ///
    /// # Errors
    /// When too many searches wait: to be refused at once is better for their users than to wait.
    pub async fn turn(&self) -> Result<SemaphorePermit<'_>, ApiError> {
        if let Ok(turn) = self.turns.try_acquire() {
            return Ok(turn);
        }
        let _waiting = self.waiting.try_acquire().map_err(|_| ApiError::too_busy())?;
        self.turns.acquire().await.map_err(|_| ApiError::too_busy())
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex;

    use futures::FutureExt as _;
    use poem::error::ResponseError as _;
    use poem::http::StatusCode;

    use super::{AssemblyLimits, AssemblyQueue};

    #[tokio::test]
    async fn searches_beyond_those_that_may_wait_are_refused_at_once() {
        let queue = AssemblyQueue::new(AssemblyLimits { turns: 1, waiting: 1 });
        let first = queue.turn().await.unwrap();
        let mut waiting = Box::pin(queue.turn());
        assert!(waiting.as_mut().now_or_never().is_none());
        let refused = queue.turn().await.unwrap_err();
        assert_eq!(refused.status(), StatusCode::SERVICE_UNAVAILABLE);
        // A search that stops waiting leaves its place to another.
        drop(waiting);
        let waiting = queue.turn();
        let (turn, ()) = tokio::join!(waiting, async { drop(first) });
        drop(turn.unwrap());
        assert!(queue.turn().await.is_ok(), "both places are free again");
    }

    #[tokio::test]
    async fn requests_that_have_arrived_are_read_before_a_response_is_assembled() {
        let queue = AssemblyQueue::new(AssemblyLimits { turns: 1, waiting: 0 });
        let events = Mutex::new(Vec::new());
        let assembled = queue.assemble(|| {
            events.lock().unwrap().push("assembled");
            Ok(())
        });
        let read = async { events.lock().unwrap().push("read") };
        let (assembled, ()) = tokio::join!(assembled, read);
        assembled.unwrap();
        assert_eq!(*events.lock().unwrap(), ["read", "assembled"]);
    }
}
