//! The queue of searches whose response has to be assembled.
//!
//! Assembling a response takes a thread for half a millisecond and waits for nothing. If each request assembled its
//! response as soon as it was read, an overloaded process would leave other requests unread in their sockets, where
//! they can only wait. Therefore as many responses are assembled at a time as there are threads, and before each of
//! them, the requests that have arrived are usually read: they are answered from memory, wait here, or are refused.

use std::sync::Arc;
use std::thread::available_parallelism;

use app::metrics::count_refused_search;
use tokio::runtime::Handle;
use tokio::sync::{Semaphore, SemaphorePermit};
use tokio::task::yield_now;

use crate::error::ApiError;

/// Searches that wait for each turn: few enough to be answered within a quarter of a second.
const WAITING_FOR_A_TURN: usize = 256;

/// Searches that wait, however many turns there are: fewer than the places of a process (`ConcurrencyLimits::served`),
/// so that searches that differ leave places to other requests. Equal searches wait here as one, but each has a place.
const MAX_WAITING: usize = 448;

/// How many searches a process accepts whose response has to be assembled.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AssemblyLimits {
    /// Responses that are assembled at a time: as many as there are threads, since that waits for nothing.
    pub turns: usize,
    /// Searches that wait for their turn at a time.
    pub waiting: usize,
}

impl AssemblyLimits {
    /// The limits of a process with this number of threads.
    fn of_threads(threads: usize) -> Self {
        Self {
            turns: threads,
            waiting: WAITING_FOR_A_TURN.saturating_mul(threads).min(MAX_WAITING),
        }
    }
}

impl Default for AssemblyLimits {
    /// The limits for the threads of the runtime, or outside of one, for those of the machine.
    fn default() -> Self {
        let threads = match Handle::try_current() {
            Ok(runtime) => runtime.metrics().num_workers(),
            Err(_) => available_parallelism().map_or(1, usize::from),
        };
        Self::of_threads(threads)
    }
}

/// The queue of a process.
#[derive(Debug)]
pub struct AssemblyQueue {
    turns: Semaphore,
    waiting: Semaphore,
    /// What [`AssemblyQueue::enter`] returns.
    present: Arc<()>,
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
            present: Arc::default(),
        }
    }

    /// Counts a search without a stored response, until the result is dropped.
    #[must_use]
    pub fn enter(&self) -> Arc<()> {
        Arc::clone(&self.present)
    }

    /// The number of these searches; equal ones wait for a turn as one. Tests wait until all of theirs are here.
    #[must_use]
    pub fn searches(&self) -> usize {
        Arc::strong_count(&self.present).saturating_sub(1)
    }

    /// Waits for a turn, then makes a response. `make` cannot wait for anything, so no turn is held while a database is
    /// awaited.
    ///
    /// # Errors
    /// When too many searches wait; and those of `make`.
    pub async fn assemble<T>(&self, make: impl FnOnce() -> Result<T, ApiError>) -> Result<T, ApiError> {
        let _turn = self.turn().await?;
        // Twice: on the multi-thread runtime, a task that yields once may run before the tasks that the I/O driver has
        // just woken. After the second time, these have usually run, and have read their requests.
        yield_now().await;
        yield_now().await;
        make()
    }

    /// A turn, in the order of arrival; it ends when it is dropped. Tests hold one, so that others wait.
    ///
    /// # Errors
    /// When too many searches wait: to be refused without waiting here is better for their users.
    pub async fn turn(&self) -> Result<SemaphorePermit<'_>, ApiError> {
        if let Ok(turn) = self.turns.try_acquire() {
            return Ok(turn);
        }
        let Ok(_waiting) = self.waiting.try_acquire() else {
            count_refused_search();
            return Err(ApiError::too_busy());
        };
        self.turns.acquire().await.map_err(|_| ApiError::too_busy())
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;
    use std::os::unix::net::UnixStream;
    use std::sync::{Arc, Mutex};

    use futures::FutureExt as _;
    use poem::error::ResponseError as _;
    use poem::http::StatusCode;

    use super::{AssemblyLimits, AssemblyQueue};
    use crate::middleware::concurrency_limit::ConcurrencyLimits;

    #[test]
    fn as_many_searches_wait_as_are_answered_soon_and_leave_places_to_others() {
        let waiting = [1, 2, 64].map(|threads| AssemblyLimits::of_threads(threads).waiting);
        assert_eq!(waiting, [256, 448, 448]);
        let places = ConcurrencyLimits::default().served;
        assert!(waiting.iter().all(|waiting| *waiting < places), "of {places}");
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 3)]
    async fn as_many_responses_are_assembled_at_a_time_as_the_runtime_has_threads() {
        assert_eq!(AssemblyLimits::default().turns, 3);
    }

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

    #[tokio::test(flavor = "multi_thread", worker_threads = 1)]
    async fn a_request_that_has_arrived_is_read_before_a_response_is_assembled() {
        let (mut client, socket) = UnixStream::pair().unwrap();
        socket.set_nonblocking(true).unwrap();
        let socket = tokio::net::UnixStream::from_std(socket).unwrap();
        let events = Arc::new(Mutex::new(Vec::new()));
        let reading = tokio::spawn({
            let events = Arc::clone(&events);
            async move {
                socket.readable().await.unwrap();
                events.lock().unwrap().push("read");
            }
        });
        let assembling = tokio::spawn({
            let events = Arc::clone(&events);
            async move {
                let queue = AssemblyQueue::new(AssemblyLimits { turns: 1, waiting: 0 });
                // The request arrives while this task has the only thread.
                client.write_all(b"GET /v2/offers").unwrap();
                let assembled = queue.assemble(|| {
                    events.lock().unwrap().push("assembled");
                    Ok(())
                });
                assembled.await.unwrap();
            }
        });
        reading.await.unwrap();
        assembling.await.unwrap();
        assert_eq!(*events.lock().unwrap(), ["read", "assembled"]);
    }
}
