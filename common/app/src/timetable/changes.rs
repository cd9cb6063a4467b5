//! Determines the changes of an import to one kind of row.

use std::collections::{HashMap, HashSet};
use std::hash::Hash;

use db::timetable::bus::BusRow;
use db::timetable::fare::{FareKey, FareRow};
use db::timetable::party::CarrierRow;
use db::timetable::route::RouteRow;
use db::timetable::service::ServiceRow;
use db::timetable::stop::StopRow;
use db::timetable::trip::TripRow;
use domain::id::CompanyId;
use uuid::Uuid;

use super::report::Counts;

/// A row of a feed.
pub trait Row: PartialEq {
    /// Its key.
    type Key: Hash + Eq;

    /// The key of this row.
    fn key(&self) -> Self::Key;
    /// Its id, without its prefix.
    fn id(&self) -> Uuid;
    /// Takes over the id of the stored row that it matches.
    fn become_same(&mut self, stored: &Self);
    /// Whether it is stored as withdrawn.
    fn is_withdrawn(&self) -> bool {
        false
    }
}

/// The difference between the stored and the wanted rows.
pub struct Changes<'a, R> {
    /// Stored rows whose keys other rows will have: they must get other keys before anything is written.
    pub renamed: Vec<Uuid>,
    /// Rows to store, new or changed.
    pub write: Vec<&'a R>,
    /// Stored rows that are no longer wanted.
    pub gone: Vec<&'a R>,
    /// The number of rows of each kind of change.
    pub counts: Counts,
}

/// Compares rows by their keys. Afterwards every wanted row has its final id.
pub fn compare<'a, R: Row>(stored: &'a [R], wanted: &'a mut [R]) -> Changes<'a, R> {
    let same = by_key(stored, wanted);
    compare_as(stored, wanted, &same)
}

/// For each wanted row, the position of the stored one with the same key.
pub fn by_key<R: Row>(stored: &[R], wanted: &[R]) -> Vec<Option<usize>> {
    let keys: HashMap<R::Key, usize> = stored.iter().enumerate().map(|(at, row)| (row.key(), at)).collect();
    wanted.iter().map(|row| keys.get(&row.key()).copied()).collect()
}

/// Compares each wanted row with the stored row at the position in `same`, regardless of keys. Afterwards every wanted
/// row has its final id.
pub fn compare_as<'a, R: Row>(stored: &'a [R], wanted: &'a mut [R], same: &[Option<usize>]) -> Changes<'a, R> {
    let mut counts = Counts {
        read: wanted.len() as u64,
        ..Counts::default()
    };
    let mut final_keys: Vec<Option<R::Key>> = stored.iter().map(|_| None).collect();
    let mut write = Vec::new();
    for (row, same) in wanted.iter_mut().zip(same) {
        match same.and_then(|at| Some((at, stored.get(at)?))) {
            None => counts.new += 1,
            Some((at, old)) => {
                final_keys[at] = Some(row.key());
                row.become_same(old);
                if *row == *old {
                    continue;
                }
                counts.changed += 1;
            }
        }
        write.push(&*row);
    }
    let taken: HashSet<R::Key> = write.iter().map(|row| row.key()).collect();
    let mut renamed = Vec::new();
    let mut gone = Vec::new();
    for (old, final_key) in stored.iter().zip(&final_keys) {
        let key = old.key();
        if final_key.as_ref() != Some(&key) && taken.contains(&key) {
            renamed.push(old.id());
        }
        if final_key.is_none() && !old.is_withdrawn() {
            gone.push(old);
        }
    }
    counts.withdrawn = gone.len() as u64;
    Changes {
        renamed,
        write,
        gone,
        counts,
    }
}

macro_rules! rows {
    ($($row:ident by $key:ty = $of:expr $(, $withdrawn:ident)?;)*) => {$(
        impl Row for $row {
            type Key = $key;

            fn key(&self) -> $key {
                let of: fn(&Self) -> $key = $of;
                of(self)
            }

            fn id(&self) -> Uuid {
                self.id.0
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
