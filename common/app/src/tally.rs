//! Counters in memory that are written once a second, so that counting costs a request no query. All replicas add to
//! the same rows. A process that is killed loses what it has counted since the last write; one that ends in an orderly
//! way loses nothing. What is counted, and when, is up to the callers.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::fmt;
use std::hash::Hash;
use std::ops::AddAssign;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use futures::future::BoxFuture;
use sqlx::{PgConnection, PgPool};
use tokio_util::sync::CancellationToken;

use crate::error::{AppResult, chain};

/// Time between two writes, and so the maximum that a killed process loses.
const PERIOD: Duration = Duration::from_secs(1);

/// Maximum number of rows that one statement writes.
const BATCH: usize = 1_000;

/// A kind of counts: their key, and how they are written.
pub trait Kind: 'static {
    /// Their name in logs.
    const NAME: &'static str;
    /// The key by which they are counted.
    type Key: Eq + Hash + Send + Sync;
    /// One count.
    type Count: AddAssign + Send + Sync;

    /// Adds counts to the stored ones.
    ///
    /// # Errors
    /// Database errors only.
    fn add(conn: &mut PgConnection, counts: &[(Self::Key, Self::Count)]) -> impl Future<Output = AppResult<()>> + Send;
}

/// Counts by key that are not yet written. A process has one tally of each kind.
pub struct Tally<K: Kind> {
    pending: Mutex<HashMap<K::Key, K::Count>>,
}

impl<K: Kind> Default for Tally<K> {
    fn default() -> Self {
        Self {
            pending: Mutex::default(),
        }
    }
}

impl<K: Kind> fmt::Debug for Tally<K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Tally").field(&K::NAME).finish_non_exhaustive()
    }
}

impl<K: Kind> Tally<K> {
    /// Counts something.
    pub fn count(&self, key: K::Key, count: K::Count) {
        self.merge([(key, count)]);
    }

    fn merge(&self, counts: impl IntoIterator<Item = (K::Key, K::Count)>) {
        let mut pending = self.pending.lock().unwrap_or_else(PoisonError::into_inner);
        for (key, count) in counts {
            match pending.entry(key) {
                Entry::Occupied(mut known) => *known.get_mut() += count,
                Entry::Vacant(new) => {
                    new.insert(count);
                }
            }
        }
    }

    fn take(&self) -> Taken<'_, K> {
        let taken = std::mem::take(&mut *self.pending.lock().unwrap_or_else(PoisonError::into_inner));
        Taken {
            tally: self,
            counts: taken.into_iter().collect(),
        }
    }

    /// Writes the counts. Those that could not be written are kept for the next time.
    ///
    /// # Errors
    /// Database errors only. When the response to a commit is lost, counts may be added twice, but are never lost.
    pub async fn flush(&self, pool: &PgPool) -> AppResult<()> {
        let mut taken = self.take();
        while !taken.counts.is_empty() {
            let rest = taken.counts.len().saturating_sub(BATCH);
            K::add(&mut *pool.acquire().await?, &taken.counts[rest..]).await?;
            taken.counts.truncate(rest);
        }
        Ok(())
    }
}

/// Counts that are being written. When dropped, the rest is put back, also if the write is canceled half-way.
struct Taken<'a, K: Kind> {
    tally: &'a Tally<K>,
    counts: Vec<(K::Key, K::Count)>,
}

impl<K: Kind> Drop for Taken<'_, K> {
    fn drop(&mut self) {
        self.tally.merge(self.counts.drain(..));
    }
}

/// A tally of any kind.
pub trait Flush: Send + Sync {
    /// Its name in logs.
    fn name(&self) -> &'static str;

    /// [`Tally::flush`].
    fn flush<'a>(&'a self, pool: &'a PgPool) -> BoxFuture<'a, AppResult<()>>;
}

impl<K: Kind> Flush for Tally<K> {
    fn name(&self) -> &'static str {
        K::NAME
    }

    fn flush<'a>(&'a self, pool: &'a PgPool) -> BoxFuture<'a, AppResult<()>> {
        Box::pin(self.flush(pool))
    }
}

/// Writes counts until `shutdown`; the caller writes the last ones with [`end`], after its last request.
pub async fn keep(tallies: &[&dyn Flush], pool: &PgPool, shutdown: CancellationToken) {
    let mut failing = vec![false; tallies.len()];
    while shutdown.run_until_cancelled(tokio::time::sleep(PERIOD)).await.is_some() {
        for (tally, failing) in tallies.iter().zip(&mut failing) {
            let outcome = tally.flush(pool).await;
            if let (Err(error), false) = (&outcome, *failing) {
                let what = tally.name();
                tracing::warn!(
                    what,
                    error = chain(error),
                    "could not write counts; keeping them in memory"
                );
            }
            *failing = outcome.is_err();
        }
    }
}

/// Writes the last counts.
pub async fn end(tallies: &[&dyn Flush], pool: &PgPool) {
    for tally in tallies {
        if let Err(error) = tally.flush(pool).await {
            let what = tally.name();
            tracing::error!(
                what,
                error = chain(&error),
                "could not write the last counts; they are lost"
            );
        }
    }
}

#[cfg(test)]
mod tests {
    use sqlx::PgConnection;

    use super::{Kind, Tally};
    use crate::error::AppResult;

    struct Letters;

    impl Kind for Letters {
        const NAME: &'static str = "letters";
        type Key = char;
        type Count = u32;

        async fn add(_: &mut PgConnection, _: &[(char, u32)]) -> AppResult<()> {
            Ok(())
        }
    }

    #[test]
    fn unwritten_counts_are_kept() {
        let tally = Tally::<Letters>::default();
        for letter in "abca".chars() {
            tally.count(letter, 1);
        }
        let mut taken = tally.take();
        assert_eq!(taken.counts.len(), 3);
        let written: u32 = taken.counts.drain(2..).map(|(_, count)| count).sum();
        tally.count('b', 10);
        drop(taken);
        let left = tally.take();
        assert_eq!(written + left.counts.iter().map(|(_, count)| count).sum::<u32>(), 14);
        assert!(left.counts.iter().any(|(letter, count)| *letter == 'b' && *count >= 10));
    }
}
