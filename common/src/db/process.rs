//! Worker processes: a row while they live, kept fresh by their heartbeat. All times are the database's.

use sqlx::PgConnection;

use crate::error::AppResult;
use crate::id::ProcessId;

/// Whether the database answers.
///
/// # Errors
/// Database errors only.
pub async fn ping(conn: &mut PgConnection) -> AppResult<()> {
    sqlx::query_scalar!("select 1").fetch_one(conn).await?;
    Ok(())
}

/// Enters a process; from now on it must beat.
///
/// # Errors
/// Database errors only.
pub async fn insert(conn: &mut PgConnection, id: ProcessId, name: &str) -> AppResult<()> {
    sqlx::query!(
        "insert into processes (id, name) values ($1, $2)",
        id as ProcessId,
        name
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// One heartbeat. False when the process was given up; it holds nothing any more.
///
/// # Errors
/// Database errors only.
pub async fn beat(conn: &mut PgConnection, id: ProcessId) -> AppResult<bool> {
    let beaten = sqlx::query!("update processes set beat_at = now() where id = $1", id as ProcessId)
        .execute(conn)
        .await?;
    Ok(beaten.rows_affected() == 1)
}

/// Removes a process that leaves in good order.
///
/// # Errors
/// Database errors only.
pub async fn delete(conn: &mut PgConnection, id: ProcessId) -> AppResult<()> {
    sqlx::query!("delete from processes where id = $1", id as ProcessId)
        .execute(conn)
        .await?;
    Ok(())
}

/// Gives up processes that have not beaten for five seconds, and returns their names.
///
/// A database that has itself just started says nothing about who is alive: nobody could beat while it was away.
///
/// # Errors
/// Database errors only.
pub async fn bury(conn: &mut PgConnection) -> AppResult<Vec<String>> {
    Ok(sqlx::query_scalar!(
        "delete from processes
         where beat_at < now() - interval '5 seconds'
           and pg_postmaster_start_time() < now() - interval '5 seconds'
         returning name"
    )
    .fetch_all(conn)
    .await?)
}
