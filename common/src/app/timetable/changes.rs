//! What an import changes of one kind of row.

use std::collections::HashMap;
use std::hash::Hash;

use super::report::Counts;
use crate::db::timetable::bus::BusRow;
use crate::db::timetable::fare::{FareKey, FareRow};
use crate::db::timetable::party::CarrierRow;
use crate::db::timetable::route::RouteRow;
use crate::db::timetable::service::ServiceRow;
use crate::db::timetable::stop::StopRow;
use crate::db::timetable::trip::TripRow;
use crate::id::CompanyId;

/// A row that an import recognises by the key it has in the feed.
pub trait Row: PartialEq {
    /// What it is recognised by.
    type Key: Hash + Eq;

    /// The key of this row.
    fn key(&self) -> Self::Key;
    /// Takes over the id of the stored row of the same key.
    fn become_same(&mut self, stored: &Self);
    /// Whether it had disappeared before.
    fn is_withdrawn(&self) -> bool {
        false
    }
}

/// The difference between what is stored and what is wanted.
pub struct Changes<'a, R> {
    /// Rows to store, new or changed.
    pub write: Vec<&'a R>,
    /// Stored rows that are wanted no more.
    pub gone: Vec<R>,
    /// How many of each.
    pub counts: Counts,
}

/// Compares. Afterwards every wanted row has its final id.
pub fn compare<R: Row>(stored: Vec<R>, wanted: &mut [R]) -> Changes<'_, R> {
    let mut counts = Counts {
        read: wanted.len() as u64,
        ..Counts::default()
    };
    let mut stored: HashMap<R::Key, R> = stored.into_iter().map(|row| (row.key(), row)).collect();
    let mut write = Vec::new();
    for row in wanted {
        match stored.remove(&row.key()) {
            None => counts.new += 1,
            Some(old) => {
                row.become_same(&old);
                if *row == old {
                    continue;
                }
                counts.changed += 1;
            }
        }
        write.push(&*row);
    }
    let gone: Vec<R> = stored.into_values().filter(|row| !row.is_withdrawn()).collect();
    counts.withdrawn = gone.len() as u64;
    Changes { write, gone, counts }
}

macro_rules! rows {
    ($($row:ident by $key:ty = $of:expr $(, $withdrawn:ident)?;)*) => {$(
        impl Row for $row {
            type Key = $key;

            fn key(&self) -> $key {
                let of: fn(&Self) -> $key = $of;
                of(self)
            }

            fn become_same(&mut self, stored: &Self) {
                self.id = stored.id;
            }

            $(fn is_withdrawn(&self) -> bool {
                self.$withdrawn
            })?
        }
    )*};
}

rows! {
    CarrierRow by (CompanyId, String) = |r| (r.company_id, r.key.clone());
    BusRow by (CompanyId, String) = |r| (r.company_id, r.key.clone());
    FareRow by FareKey = |r| r.key.clone();
    ServiceRow by String = |r| r.key.clone();
    StopRow by String = |r| r.key.clone(), withdrawn;
    RouteRow by String = |r| r.key.clone(), withdrawn;
    TripRow by String = |r| r.key.clone(), withdrawn;
}
