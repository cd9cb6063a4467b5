//! Caches the result of an expensive check for one second. Concurrent callers share one run, so any number of probes
//! costs one check per second.

use std::time::{Duration, Instant};

use tokio::sync::Mutex;

/// How long a result is valid, from the start of its check.
pub const AGE: Duration = Duration::from_secs(1);

/// The latest result.
#[derive(Debug)]
pub struct ProbeCache<T>(Mutex<Option<(Instant, T)>>);

impl<T> Default for ProbeCache<T> {
    fn default() -> Self {
        Self(Mutex::default())
    }
}

impl<T: Clone> ProbeCache<T> {
    /// The latest result, if it is not older than [`AGE`]; otherwise that of `find_out`. If a caller is dropped during
    /// the check, the next caller repeats it.
    pub async fn get(&self, now: Instant, find_out: impl Future<Output = T>) -> T {
        let mut latest = self.0.lock().await;
        if let Some((at, result)) = &*latest
            && now.saturating_duration_since(*at) < AGE
        {
            return result.clone();
        }
        let result = find_out.await;
        *latest = Some((now, result.clone()));
        result
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU32, Ordering};
    use std::time::{Duration, Instant};

    use futures::future::{join_all, pending};
    use futures::{FutureExt as _, poll};
    use tokio::task::yield_now;

    use super::{AGE, ProbeCache};

    /// A check that takes a while and says how often it was made.
    async fn check(made: &AtomicU32) -> u32 {
        yield_now().await;
        made.fetch_add(1, Ordering::Relaxed) + 1
    }

    #[tokio::test]
    async fn many_probes_cost_one_check_and_a_result_holds_for_a_second() {
        let (cache, made, now) = (ProbeCache::default(), AtomicU32::new(0), Instant::now());
        let crowd = join_all((0..500).map(|_| cache.get(now, check(&made)))).await;
        assert_eq!(crowd, [1; 500]);
        assert_eq!(cache.get(now + AGE - Duration::from_millis(1), check(&made)).await, 1);
        assert_eq!(cache.get(now + AGE, check(&made)).await, 2);
        // A caller that asked before that and waited.
        assert_eq!(cache.get(now, check(&made)).await, 2);
    }

    #[tokio::test]
    async fn a_caller_that_gives_up_keeps_no_other_from_the_result() {
        let (cache, made, now) = (ProbeCache::default(), AtomicU32::new(0), Instant::now());
        let mut hanging = cache.get(now, pending::<u32>()).boxed();
        assert!(poll!(&mut hanging).is_pending());
        let mut next = cache.get(now, check(&made)).boxed();
        assert!(poll!(&mut next).is_pending());
        drop(hanging);
        assert_eq!(next.await, 1);
    }
}
