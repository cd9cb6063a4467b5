//! How taking jobs goes, as the readiness check is to know it.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// A try to take jobs waits a second for one. If it lasts longer than this, PostgreSQL or Redis does not answer.
const LONG: Duration = Duration::from_secs(15);

/// Tries to take jobs; there is none while all slots are taken.
#[derive(Debug, Default)]
pub struct Taking {
    /// Whether the last try failed.
    pub is_failing: AtomicBool,
    /// When the present try began.
    since: Mutex<Option<Instant>>,
}

impl Taking {
    /// Notes how long a try lasts.
    pub async fn watch<T>(&self, attempt: impl Future<Output = T>) -> T {
        self.note(Some(Instant::now()));
        let ended = Box::pin(attempt).await;
        self.note(None);
        ended
    }

    fn note(&self, since: Option<Instant>) {
        *self.since.lock().unwrap_or_else(PoisonError::into_inner) = since;
    }

    /// Whether it goes well at this moment; else what is wrong.
    pub fn check(&self, now: Instant) -> Result<(), &'static str> {
        let since = *self.since.lock().unwrap_or_else(PoisonError::into_inner);
        if self.is_failing.load(Ordering::Relaxed) {
            return Err("could not take jobs");
        }
        match since {
            Some(since) if now.saturating_duration_since(since) > LONG => Err("has not looked for jobs lately"),
            _ => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::Ordering;
    use std::time::{Duration, Instant};

    use futures::FutureExt;

    use super::{LONG, Taking};

    #[test]
    fn a_try_that_never_ends_is_a_problem() {
        let taking = Taking::default();
        let later = || Instant::now() + LONG + Duration::from_secs(1);
        assert_eq!(taking.check(later()), Ok(()), "it does not try");
        {
            let mut hanging = Box::pin(taking.watch(std::future::pending::<()>()));
            assert!(hanging.as_mut().now_or_never().is_none());
            assert_eq!(taking.check(Instant::now()), Ok(()));
            assert!(taking.check(later()).is_err());
        }
        assert_eq!(taking.watch(std::future::ready(1)).now_or_never(), Some(1));
        assert_eq!(taking.check(later()), Ok(()));
        taking.is_failing.store(true, Ordering::Relaxed);
        assert!(taking.check(Instant::now()).is_err());
    }
}
