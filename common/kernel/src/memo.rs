//! Results that are kept for the next request, in bounded memory.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// A map that evicts entries that were not used recently. Entries live in two generations: when the young one is full
/// it becomes the old one, and entries that are not used until it is full again are dropped. An entry costs one look-up
/// under a lock that is held for that long only; there are no lists to keep in order.
#[derive(Debug)]
pub struct Memo<K, V> {
    /// The maximum weight of both generations together.
    limit: usize,
    generations: Mutex<Generations<K, V>>,
}

#[derive(Debug)]
struct Generations<K, V> {
    young: HashMap<K, (V, usize)>,
    weight: usize,
    old: HashMap<K, (V, usize)>,
}

impl<K: Eq + Hash, V: Clone> Memo<K, V> {
    /// A map whose entries weigh `limit` at most, in the unit of [`Memo::insert`].
    #[must_use]
    pub fn new(limit: usize) -> Self {
        Self {
            limit,
            generations: Mutex::new(Generations {
                young: HashMap::new(),
                weight: 0,
                old: HashMap::new(),
            }),
        }
    }

    /// What is kept under a key.
    #[must_use]
    pub fn get(&self, key: &K) -> Option<V> {
        let mut generations = self.lock();
        if let Some((value, _)) = generations.young.get(key) {
            return Some(value.clone());
        }
        let (key, (value, weight)) = generations.old.remove_entry(key)?;
        let dropped = generations.add(key, value.clone(), weight, self.limit);
        drop(generations);
        drop(dropped);
        Some(value)
    }

    /// Keeps a value; one that weighs more than a generation may is not kept.
    pub fn insert(&self, key: K, value: V, weight: usize) {
        let dropped = self.lock().add(key, value, weight, self.limit);
        drop(dropped);
    }

    fn lock(&self) -> MutexGuard<'_, Generations<K, V>> {
        self.generations.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<K: Eq + Hash, V> Generations<K, V> {
    /// Adds to the young generation. What is returned is to be dropped without the lock.
    fn add(&mut self, key: K, value: V, weight: usize, limit: usize) -> Option<HashMap<K, (V, usize)>> {
        let most = limit / 2;
        if weight > most {
            return None;
        }
        let mut dropped = None;
        if self.weight + weight > most {
            dropped = Some(std::mem::replace(&mut self.old, std::mem::take(&mut self.young)));
            self.weight = 0;
        }
        self.weight += weight;
        if let Some((_, before)) = self.young.insert(key, (value, weight)) {
            self.weight -= before;
        }
        dropped
    }
}

#[cfg(test)]
mod tests {
    use super::Memo;

    #[test]
    fn recently_used_entries_stay_and_others_are_evicted() {
        let memo = Memo::new(40);
        memo.insert("asked", 1, 10);
        memo.insert("forgotten", 2, 10);
        for n in 3..20 {
            memo.insert("other", n, 10);
            memo.insert("another", n, 10);
            assert_eq!(memo.get(&"asked"), Some(1));
        }
        assert_eq!(memo.get(&"forgotten"), None);
        assert_eq!(memo.get(&"another"), Some(19));
    }

    #[test]
    fn never_more_is_kept_than_the_limit() {
        let memo = Memo::new(100);
        for n in 0..1000 {
            memo.insert(n, n, 10);
            let kept = (0..=n).filter(|n| memo.lock().young.contains_key(n) || memo.lock().old.contains_key(n));
            assert!(kept.count() <= 10);
        }
        memo.insert(5000, 0, 51);
        assert_eq!(memo.get(&5000), None);
    }
}
