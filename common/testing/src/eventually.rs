//! Waiting for a condition, instead of sleeping and hoping.

use std::time::{Duration, Instant};

/// Calls `probe` repeatedly until it returns `Some`, for at most `limit`.
///
/// # Panics
/// When the limit passes first; the message names `what` was awaited.
pub async fn eventually<T, F>(what: &str, limit: Duration, mut probe: impl FnMut() -> F) -> T
where
    F: Future<Output = Option<T>>,
{
    let start = Instant::now();
    loop {
        if let Some(answer) = probe().await {
            return answer;
        }
        assert!(start.elapsed() < limit, "{what}: not within {limit:?}");
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}
