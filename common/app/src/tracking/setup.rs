//! Sets up what polls and syncs depend on. It is apart from them because it names the job of a poll, which calls them.

use std::sync::Arc;

use chrono::TimeDelta;
use clients::SLOTS;
use clients::breaker::Breakers;
use clients::tracking::{self, GtfsRealtime, Wialon};
use connect::SettingError;
use domain::vault::Vault;
use kernel::clock::Clock;
use sqlx::PgPool;

use super::{HOST, Tracking};
use crate::jobs::tracking_poll;

impl Tracking {
    /// Uses clients with these time-outs; all accounts share their connections.
    ///
    /// # Errors
    /// When TLS cannot be set up.
    pub fn new(
        pool: PgPool,
        clock: Clock,
        vault: Vault,
        retention: TimeDelta,
        timeouts: clients::Timeouts,
    ) -> Result<Self, SettingError> {
        let http = tracking::http(timeouts)?;
        Ok(Self {
            pool,
            clock,
            vault: Arc::new(vault),
            retention,
            hosts: Arc::new(Breakers::new(HOST, SLOTS)),
            wialon: Arc::new(Wialon::new(http.clone())),
            gtfs_realtime: Arc::new(GtfsRealtime::new(http)),
            new_poll: tracking_poll::new_job,
        })
    }
}
