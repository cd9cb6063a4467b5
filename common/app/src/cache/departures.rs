//! The taken seats of departures, by departure.

use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};

use chrono::NaiveDate;
use db::journey::DepartureKey;
use domain::sold::Sold;

use super::departure::Departure;

/// Parts of the map, each with its own lock: a refresh that writes does not delay readers of other departures.
const SHARDS: usize = 64;

type Shard = HashMap<DepartureKey, Arc<Departure>>;

/// Departures on which something is taken or that are closed, from a service day on.
#[derive(Debug)]
pub struct Departures([RwLock<Shard>; SHARDS]);

impl Default for Departures {
    fn default() -> Self {
        Self(std::array::from_fn(|_| RwLock::default()))
    }
}

impl Departures {
    /// The taken seats of a departure; `None` when there are none and it is on sale.
    #[must_use]
    pub fn sold(&self, key: DepartureKey) -> Option<Arc<Departure>> {
        let shard = self.0[place(key)].read().unwrap_or_else(PoisonError::into_inner);
        shard.get(&key).cloned()
    }

    /// How many departures are in memory.
    #[must_use]
    pub fn len(&self) -> usize {
        let length = |shard: &RwLock<Shard>| shard.read().unwrap_or_else(PoisonError::into_inner).len();
        self.0.iter().map(length).sum()
    }

    /// Whether no departure is in memory.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Replaces all departures with these.
    pub(super) fn replace(&self, all: HashMap<DepartureKey, Sold>) {
        let mut shards: [Shard; SHARDS] = std::array::from_fn(|_| Shard::default());
        for (key, sold) in all {
            if !sold.is_empty() {
                shards[place(key)].insert(key, Arc::new(sold.into()));
            }
        }
        for (shard, new) in self.0.iter().zip(shards) {
            // The old value is dropped after the lock is released.
            let _old = std::mem::replace(&mut *shard.write().unwrap_or_else(PoisonError::into_inner), new);
        }
    }

    /// Replaces departures that were read again (`read`), of which those in `found` are stored, while version
    /// `publication` is published. A departure that is not stored any more was removed by an import: [`Sold::left`].
    pub(super) fn apply(&self, read: &[DepartureKey], found: HashMap<DepartureKey, Sold>, publication: i64) {
        let shard = |key| self.0[place(key)].write().unwrap_or_else(PoisonError::into_inner);
        for key in read.iter().filter(|key| !found.contains_key(key)) {
            let mut shard = shard(*key);
            if shard.contains_key(key) {
                let _old = shard.insert(*key, Arc::new(Sold::left(publication).into()));
            }
        }
        for (key, sold) in found {
            let _old = match sold.is_empty() {
                true => shard(key).remove(&key),
                false => shard(key).insert(key, Arc::new(sold.into())),
            };
        }
    }

    /// Forgets departures before a service day.
    pub(super) fn forget_before(&self, day: NaiveDate) {
        for shard in &self.0 {
            let mut shard = shard.write().unwrap_or_else(PoisonError::into_inner);
            shard.retain(|(_, service_day), _| *service_day >= day);
            shard.shrink_to_fit();
        }
    }
}

/// The shard of a departure. Ids end in random bits, which spread them evenly.
fn place((trip_id, day): DepartureKey) -> usize {
    use chrono::Datelike;
    let byte = usize::from(trip_id.0.as_bytes()[15]);
    (byte + usize::try_from(day.ordinal()).unwrap_or(0)) % SHARDS
}
