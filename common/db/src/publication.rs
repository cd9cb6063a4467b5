//! The published state: its version, and the lock under which sales and imports agree on it.
//!
//! A decision (a sale, an action on tickets) is written only if no version has come since it read. Most versions change
//! what readers keep in memory, and have them load it again; those of [`recheck`] do not, and are subtracted in the
//! version of what is in memory, [`version`].

use sqlx::PgConnection;

use crate::error::AppResult;

/// Advisory lock that imports hold alone, and that a sale shares while it stores a departure for the first time.
pub(super) const PUBLISHING: i64 = 0x7072_6578_0001;

/// The version of the published state that readers keep in memory; it rises with every change of it.
///
/// # Errors
/// Database errors only.
pub async fn version(conn: &mut PgConnection) -> AppResult<i64> {
    Ok(
        sqlx::query_scalar!(r#"select version - unread as "version!" from publication"#)
            .fetch_one(conn)
            .await?,
    )
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

/// Makes decisions in progress read again, after a change of what is read for each of them (permissions, refund rules)
/// and not kept with the published state. Call it at the end of a transaction, as [`bump`].
///
/// # Errors
/// Database errors only.
pub async fn recheck(conn: &mut PgConnection) -> AppResult<()> {
    sqlx::query!("update publication set version = version + 1, unread = unread + 1")
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
