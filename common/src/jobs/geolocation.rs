//! Dedupe keys of polls and syncs. An account remembers the key of its latest, so that it has one at a time.

use chrono::{DateTime, TimeDelta, Utc};

use crate::id::FmsAccountId;

/// Time between two looks at the list of an account's objects.
pub const SYNC_PERIOD: TimeDelta = TimeDelta::hours(1);

/// Of the poll of an account that is due at an instant.
#[must_use]
pub fn poll_key(id: FmsAccountId, due_at: DateTime<Utc>) -> String {
    format!("geolocation_poll:{id}:{}", due_at.timestamp_micros())
}

/// As [`poll_key`], of a sync.
#[must_use]
pub fn sync_key(id: FmsAccountId, due_at: DateTime<Utc>) -> String {
    format!("geolocation_sync:{id}:{}", due_at.timestamp_micros())
}
