//! The published state: its version, and the lock under which sales and imports agree on it.

use sqlx::PgConnection;

use crate::error::AppResult;

/// Advisory lock that imports hold alone, and that a sale shares while it stores a departure for the first time.
pub(super) const PUBLISHING: i64 = 0x7072_6578_0001;

/// The version of the published state; it rises with every change of it.
///
/// # Errors
/// Database errors only.
pub async fn version(conn: &mut PgConnection) -> AppResult<i64> {
    Ok(sqlx::query_scalar!("select version from publication")
        .fetch_one(conn)
        .await?)
}

/// Makes readers load the published state again. Call it at the end of a transaction that changes it: the row stays
/// locked until the commit.
///
/// # Errors
/// Database errors only.
pub async fn bump(conn: &mut PgConnection) -> AppResult<()> {
    sqlx::query!("update publication set version = version + 1")
        .execute(conn)
        .await?;
    Ok(())
}

/// The version that is published, held in place until the end of the transaction: no import commits meanwhile.
///
/// A transaction that is about to store a departure calls this first: an import moves stored departures under their
/// locks, but cannot see one that is just being stored. When the version is not that of the timetable in hand, an
/// import has changed the trip since.
///
/// # Errors
/// Database errors only.
pub async fn hold(conn: &mut PgConnection) -> AppResult<i64> {
    sqlx::query!("select pg_advisory_xact_lock_shared($1)", PUBLISHING)
        .execute(&mut *conn)
        .await?;
    version(conn).await
}

/// Waits until no sale stores a first departure, and keeps further ones waiting until the end of the transaction.
///
/// # Errors
/// Database errors only.
pub async fn close_first_sales(conn: &mut PgConnection) -> AppResult<()> {
    sqlx::query!("select pg_advisory_xact_lock($1)", PUBLISHING)
        .execute(conn)
        .await?;
    Ok(())
}
