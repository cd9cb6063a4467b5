//! External effects that a handler still has to record.
//!
//! A mail that the server has accepted cannot be taken back. From then on its handler is not stopped at its time-out
//! and does not fail because the database does not answer: it continues until the effect is recorded. Only the end of
//! the process can prevent that.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use kernel::chain;

/// A try to record that takes longer is abandoned and repeated on another connection.
const TIMEOUT: Duration = Duration::from_secs(10);

/// Pause between two tries.
const PAUSE: Duration = Duration::from_millis(250);

tokio::task_local! {
    /// The effect of the handler that runs in this task.
    static CURRENT: Effect;
}

/// Whether a handler has had an external effect that is not recorded yet.
#[derive(Debug, Clone, Default)]
pub struct Effect(Arc<AtomicBool>);

impl Effect {
    /// Runs a handler; [`record`] inside it is noted here.
    pub async fn watch<F: Future>(&self, handler: F) -> F::Output {
        CURRENT.scope(self.clone(), handler).await
    }

    /// Whether something is being recorded. The handler must then not be dropped.
    #[must_use]
    pub fn is_pending(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}

/// Records an effect that has happened: calls `write` until it succeeds. It must be idempotent, since a response of the
/// database may be lost. `what` is for the log.
pub async fn record<T, E, F>(what: &'static str, write: impl FnMut() -> F) -> T
where
    F: Future<Output = Result<T, E>>,
    E: std::error::Error,
{
    // Outside a worker (in a test) there is no effect to set, and nothing would drop the handler.
    let note = |is_pending| {
        let _ = CURRENT.try_with(|effect| effect.0.store(is_pending, Ordering::Relaxed));
    };
    note(true);
    let written = until_written(what, write).await;
    note(false);
    written
}

async fn until_written<T, E, F>(what: &'static str, mut write: impl FnMut() -> F) -> T
where
    F: Future<Output = Result<T, E>>,
    E: std::error::Error,
{
    let mut is_failing = false;
    loop {
        let problem = match tokio::time::timeout(TIMEOUT, write()).await {
            Ok(Ok(written)) => {
                if is_failing {
                    tracing::info!(what, "effect recorded");
                }
                return written;
            }
            Ok(Err(error)) => chain(&error),
            Err(_) => "the database does not answer".to_owned(),
        };
        if !is_failing {
            tracing::warn!(what, error = problem, "could not record an effect yet, will retry");
        }
        is_failing = true;
        tokio::time::sleep(PAUSE).await;
    }
}
