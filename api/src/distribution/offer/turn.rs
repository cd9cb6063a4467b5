//! Turns of searches whose response has to be assembled.
//!
//! Assembling one takes a thread for a good part of a millisecond and waits for nothing. If each request assembled its
//! response as soon as it was read, a busy process would read few others: these would wait unread in their sockets,
//! where they cannot be refused. Therefore as many searches have a turn as there are threads, and each lets the
//! requests that have arrived be read first.

use tokio::sync::{Semaphore, SemaphorePermit};

use crate::error::ApiError;

/// The turns of a process.
#[derive(Debug)]
pub struct Turns {
    turns: Semaphore,
    waiting: Semaphore,
}

impl Turns {
    /// This many turns at a time, and this many searches that wait for one.
    #[must_use]
    pub fn new(turns: usize, waiting: usize) -> Self {
        Self {
            turns: Semaphore::new(turns),
            waiting: Semaphore::new(waiting),
        }
    }

    /// A turn, in the order of arrival; it ends when it is dropped.
    ///
    /// # Errors
    /// When too many searches wait for one: to be refused at once is better for their users than to wait.
    pub async fn turn(&self) -> Result<SemaphorePermit<'_>, ApiError> {
        let waiting = self.waiting.try_acquire().map_err(|_| ApiError::too_busy())?;
        let turn = self.turns.acquire().await.map_err(|_| ApiError::too_busy())?;
        drop(waiting);
        // The runtime resumes a task that yields only after all others that are ready.
        tokio::task::yield_now().await;
        Ok(turn)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use poem::http::StatusCode;
    use tokio::sync::mpsc;

    use super::Turns;

    #[tokio::test]
    async fn searches_beyond_those_that_may_wait_are_refused_at_once() {
        let turns = Arc::new(Turns::new(1, 1));
        let first = turns.turn().await.unwrap();
        let waiting = tokio::spawn({
            let turns = Arc::clone(&turns);
            async move { turns.turn().await.is_ok() }
        });
        while turns.waiting.available_permits() > 0 {
            tokio::task::yield_now().await;
        }
        let refused: poem::Error = turns.turn().await.unwrap_err().into();
        assert_eq!(refused.status(), StatusCode::SERVICE_UNAVAILABLE);
        drop(first);
        assert!(waiting.await.unwrap());
        assert!(turns.turn().await.is_ok(), "both places are free again");
    }

    #[tokio::test]
    async fn requests_that_have_arrived_are_read_before_a_turn_begins() {
        let turns = Arc::new(Turns::new(1, 1));
        let (events, mut seen) = mpsc::channel(2);
        let read = events.clone();
        tokio::spawn(async move {
            let _turn = turns.turn().await.unwrap();
            events.try_send("assembled").unwrap();
        });
        tokio::spawn(async move { read.try_send("read").unwrap() });
        assert_eq!(
            [seen.recv().await, seen.recv().await],
            [Some("read"), Some("assembled")]
        );
    }
}
