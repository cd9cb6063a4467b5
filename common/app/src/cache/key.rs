//! API keys in memory, and when they were used.

use std::ops::AddAssign;
use std::sync::atomic::{AtomicI64, Ordering};

use chrono::{DateTime, TimeDelta, Utc};
use db::api_key::LiveKey;
use domain::id::{ApiKeyId, PartnerId};
use sqlx::PgConnection;

use super::Cache;
use crate::error::AppResult;
use crate::tally::Kind;

/// Time between two writes of a key's last use.
const TOUCH: TimeDelta = TimeDelta::minutes(1);

/// A live key.
#[derive(Debug)]
pub struct Key {
    /// Its id.
    pub id: ApiKeyId,
    /// Its partner.
    pub partner_id: PartnerId,
    /// When its use was last noted, in microseconds since 1970.
    noted_at: AtomicI64,
}

impl Key {
    pub(super) fn new(key: &LiveKey) -> Self {
        let noted_at = key.last_used_at.map_or(i64::MIN, |at| at.timestamp_micros());
        Self {
            id: key.id,
            partner_id: key.partner_id,
            noted_at: AtomicI64::new(noted_at),
        }
    }

    /// Whether a use now must be written; true for one caller only.
    fn is_to_be_noted(&self, now: DateTime<Utc>) -> bool {
        let (now, noted_at) = (now.timestamp_micros(), self.noted_at.load(Ordering::Relaxed));
        let due = noted_at < now.saturating_sub(TOUCH.num_microseconds().unwrap_or(0));
        due && self
            .noted_at
            .compare_exchange(noted_at, now, Ordering::Relaxed, Ordering::Relaxed)
            .is_ok()
    }
}

impl Cache {
    /// The partner of the live key with this hash. The use is noted, and written in the background at most once a
    /// minute.
    pub fn use_key(&self, hash: &[u8; 32], now: DateTime<Utc>) -> Option<PartnerId> {
        let key = self.key(hash)?;
        if key.is_to_be_noted(now) {
            self.uses().count(key.id, Latest(now));
        }
        Some(key.partner_id)
    }
}

/// Uses of keys, by key.
pub struct KeyUse;

/// The latest of several instants.
#[derive(Debug, Clone, Copy)]
pub struct Latest(DateTime<Utc>);

impl AddAssign for Latest {
    fn add_assign(&mut self, other: Self) {
        self.0 = self.0.max(other.0);
    }
}

impl Kind for KeyUse {
    const NAME: &'static str = "uses of API keys";
    type Key = ApiKeyId;
    type Count = Latest;

    async fn add(conn: &mut PgConnection, uses: &[(ApiKeyId, Latest)]) -> AppResult<()> {
        let uses: Vec<_> = uses.iter().map(|(id, at)| (*id, at.0)).collect();
        db::api_key::touch(conn, &uses).await
    }
}
