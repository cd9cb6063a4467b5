//! The queue of searches whose response has to be assembled.
//!
//! Assembling a response takes a thread for half a millisecond and waits for nothing. If each request assembled its
//! response as soon as it was read, an overloaded process would leave other requests unread in their sockets, where
//! they can only wait. Therefore as many responses are assembled at a time as there are threads, and about every
//! millisecond, the requests that have arrived are read: they are answered from memory, wait here, or are refused.

use std::cell::Cell;
use std::sync::Arc;
use std::thread::available_parallelism;
use std::time::{Duration, Instant};

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

/// Time for which a thread assembles responses before it reads requests again. What is read together is also answered
/// together, which is cheaper, since a client's process that is already awake need not be woken for each response.
const BETWEEN_READS: Duration = Duration::from_millis(1);

thread_local! {
    /// When this thread last read requests before it assembled a response.
    static READ_AT: Cell<Option<Instant>> = const { Cell::new(None) };
}

/// How many searches a process accepts whose response has to be assembled.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AssemblyLimits {
    /// Responses that are assembled at a time: as many as there are threads, since that waits for nothing.
    pub turns: usize,
    /// Searches that wait for their turn at a time.
    pub waiting: usize,
    /// Time for which a thread assembles responses before it reads requests.
    pub between_reads: Duration,
}

impl AssemblyLimits {
    /// The limits of a process with this number of threads.
    fn of_threads(threads: usize) -> Self {
        Self {
            turns: threads,
            waiting: WAITING_FOR_A_TURN.saturating_mul(threads).min(MAX_WAITING),
            between_reads: BETWEEN_READS,
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
    between_reads: Duration,
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
            between_reads: limits.between_reads,
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
        if READ_AT
            .get()
            .is_none_or(|read_at| read_at.elapsed() >= self.between_reads)
        {
            // Twice: on the multi-thread runtime, a task that yields once may run before the tasks that the I/O driver
            // has just woken. After the second time, these have usually run, and have read their requests.
            yield_now().await;
            yield_now().await;
            READ_AT.set(Some(Instant::now()));
        }
        make()
    }

    /// Whether another search would be refused.
    #[must_use]
    pub fn is_full(&self) -> bool {
        self.turns.available_permits() == 0 && self.waiting.available_permits() == 0
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
    use std::time::Duration;

    use futures::FutureExt as _;
    use poem::error::ResponseError as _;
    use poem::http::StatusCode;

    use super::{AssemblyLimits, AssemblyQueue};
    use crate::middleware::concurrency_limit::ConcurrencyLimits;

    fn limits(waiting: usize, between_reads: Duration) -> AssemblyLimits {
        AssemblyLimits {
            turns: 1,
            waiting,
            between_reads,
        }
    }

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
        let queue = AssemblyQueue::new(limits(1, Duration::ZERO));
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

    /// What happens when a request arrives while a task has the only thread: the task assembles a response first, and
    /// then another one, before which it may read.
    async fn events(between_reads: Duration) -> Vec<&'static str> {
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
                let queue = AssemblyQueue::new(limits(0, between_reads));
                queue.assemble(|| Ok(())).await.unwrap();
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
        let events = events.lock().unwrap();
        events.clone()
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 1)]
    async fn a_request_that_has_arrived_is_read_before_a_response_is_assembled() {
        assert_eq!(events(Duration::ZERO).await, ["read", "assembled"]);
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 1)]
    async fn several_responses_are_assembled_before_requests_are_read_again() {
        assert_eq!(events(Duration::from_secs(3600)).await, ["assembled", "read"]);
    }
}
