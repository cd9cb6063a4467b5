//! The life of a worker process in the ledger.

use sqlx::{PgConnection, PgPool};

use crate::db;
use crate::error::AppResult;
use crate::id::ProcessId;

/// Enters a process under a name for people; its id is new with every start.
///
/// # Errors
/// Database errors only.
pub async fn enter(pool: &PgPool, name: &str) -> AppResult<ProcessId> {
    let id = ProcessId::new();
    db::process::insert(&mut *pool.acquire().await?, id, name).await?;
    Ok(id)
}

/// One heartbeat; false when the process was given up by the others.
///
/// # Errors
/// Database errors only.
pub async fn beat(conn: &mut PgConnection, id: ProcessId) -> AppResult<bool> {
    db::process::beat(conn, id).await
}

/// Leaves in good order: hands back what is unfinished, so that another process runs it at once, and returns how
/// many jobs that were.
///
/// # Errors
/// Database errors only.
pub async fn leave(pool: &PgPool, id: ProcessId) -> AppResult<u64> {
    let mut tx = pool.begin().await?;
    let handed = db::delivery::hand_back(&mut tx, id).await?;
    db::process::delete(&mut tx, id).await?;
    tx.commit().await?;
    Ok(handed)
}
