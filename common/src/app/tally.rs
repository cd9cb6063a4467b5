//! Counts that are kept in memory and written now and then, so that counting costs a request a look into memory. All
//! replicas add to the same rows. A process that is killed loses what it counted since the last time; one that ends in
//! order loses nothing.

use std::collections::HashMap;
use std::hash::Hash;
use std::ops::AddAssign;
use std::sync::{Mutex, PoisonError};

/// Counts by key that are not yet written.
#[derive(Debug)]
pub struct Tally<K, C> {
    pending: Mutex<HashMap<K, C>>,
}

impl<K, C> Default for Tally<K, C> {
    fn default() -> Self {
        Self {
            pending: Mutex::default(),
        }
    }
}

impl<K: Eq + Hash, C: AddAssign> Tally<K, C> {
    /// Counts something.
    pub fn note(&self, key: K, count: C) {
        self.merge([(key, count)]);
    }

    fn merge(&self, counts: impl IntoIterator<Item = (K, C)>) {
        let mut pending = self.pending.lock().unwrap_or_else(PoisonError::into_inner);
        for (key, count) in counts {
            match pending.entry(key) {
                std::collections::hash_map::Entry::Occupied(mut known) => *known.get_mut() += count,
                std::collections::hash_map::Entry::Vacant(new) => {
                    new.insert(count);
                }
            }
        }
    }

    /// Takes everything out, to be written.
    pub fn take(&self) -> Taken<'_, K, C> {
        let taken = std::mem::take(&mut *self.pending.lock().unwrap_or_else(PoisonError::into_inner));
        Taken {
            tally: self,
            counts: taken.into_iter().collect(),
        }
    }
}

/// Counts on their way out. What is not [`written`](Self::written) goes back to where it was, also when the writing is
/// given up half-way.
#[derive(Debug)]
pub struct Taken<'a, K: Eq + Hash, C: AddAssign> {
    tally: &'a Tally<K, C>,
    counts: Vec<(K, C)>,
}

impl<K: Eq + Hash, C: AddAssign> Taken<'_, K, C> {
    /// The next counts to write, at most `most`; empty when all are written.
    #[must_use]
    pub fn next(&self, most: usize) -> &[(K, C)] {
        &self.counts[self.counts.len().saturating_sub(most)..]
    }

    /// So many of [`next`](Self::next) are written.
    pub fn written(&mut self, counts: usize) {
        self.counts.truncate(self.counts.len().saturating_sub(counts));
    }
}

impl<K: Eq + Hash, C: AddAssign> Drop for Taken<'_, K, C> {
    fn drop(&mut self) {
        self.tally.merge(self.counts.drain(..));
    }
}

#[cfg(test)]
mod tests {
    use super::Tally;

    #[test]
    fn what_was_not_written_is_counted_on() {
        let tally = Tally::default();
        for key in ["a", "b", "c", "a"] {
            tally.note(key, 1);
        }
        let mut taken = tally.take();
        assert_eq!(taken.next(2).len(), 2);
        let written: i32 = taken.next(2).iter().map(|(_, count)| count).sum();
        taken.written(2);
        tally.note("b", 10);
        drop(taken);
        let left = tally.take();
        assert_eq!(written + left.next(9).iter().map(|(_, count)| count).sum::<i32>(), 14);
        assert!(left.next(9).iter().any(|(key, count)| *key == "b" && *count >= 10));
    }
}
