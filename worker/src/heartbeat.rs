//! Telling the others that this process lives.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use common::app;
use common::db;
use common::error::AppError;
use common::id::ProcessId;
use sqlx::PgConnection;

/// Time between two beats.
const PERIOD: Duration = Duration::from_secs(1);

/// A beat that takes longer has failed.
const PATIENCE: Duration = Duration::from_secs(2);

/// After so long without a beat the others give a process up.
const LIFE: Duration = Duration::from_secs(5);

/// When the last beat was recorded; shared with the readiness check.
#[derive(Debug)]
pub struct Pulse {
    start: Instant,
    last_millis: AtomicU64,
}

impl Pulse {
    /// A pulse that has just beaten.
    pub fn new() -> Self {
        Self {
            start: Instant::now(),
            last_millis: AtomicU64::new(0),
        }
    }

    fn beat(&self) {
        self.last_millis.store(self.millis(), Ordering::Relaxed);
    }

    fn millis(&self) -> u64 {
        u64::try_from(self.start.elapsed().as_millis()).unwrap_or(u64::MAX)
    }

    /// Whether the others still take this process for alive.
    pub fn is_fresh(&self) -> bool {
        let age = self.millis().saturating_sub(self.last_millis.load(Ordering::Relaxed));
        Duration::from_millis(age) < LIFE
    }
}

/// Beats until the others have given this process up; it then holds no job any more and must end.
///
/// The connection is its own, so that handlers that use up the pool do not make the process look dead.
pub async fn beat(database_url: &str, process_id: ProcessId, pulse: &Pulse) {
    let mut conn: Option<PgConnection> = None;
    loop {
        match tokio::time::timeout(PATIENCE, beat_once(database_url, process_id, &mut conn)).await {
            Ok(Ok(true)) => pulse.beat(),
            Ok(Ok(false)) => return,
            Ok(Err(error)) => {
                tracing::warn!(error = common::error::chain(&error), "no heartbeat");
                conn = None;
            }
            Err(_) => {
                tracing::warn!("no heartbeat in time");
                conn = None;
            }
        }
        tokio::time::sleep(PERIOD).await;
    }
}

async fn beat_once(
    database_url: &str,
    process_id: ProcessId,
    conn: &mut Option<PgConnection>,
) -> Result<bool, AppError> {
    let conn = match conn {
        Some(conn) => conn,
        None => conn.insert(db::connect_alone(database_url).await?),
    };
    app::process::beat(conn, process_id).await
}
