//! Transactions that begin completely or not at all. A request ends when its client leaves, at any `await`. sqlx counts
//! a transaction once the server has confirmed it, so a `begin` that is dropped before that is not rolled back: the
//! connection returns to its pool inside a transaction, and everything that it runs later fails or is lost with it.

use std::time::Duration;

use sqlx::{PgPool, Postgres, SqlSafeStr, Transaction};

use super::answer::no_answer;
use super::{Error, Limits};

/// How long the server may take to confirm that a transaction has begun. One that is confirmed later is not returned to
/// the pool ([`may_return`](super::answer::may_return)).
const BEGINNING: Duration = Duration::from_secs(10);

/// Begins a transaction on a connection of a pool. If the caller is dropped meanwhile, the transaction is still begun,
/// and then rolled back.
///
/// # Errors
/// When no connection is free in time, or the server cannot be reached.
pub async fn begin(pool: &PgPool) -> Result<Transaction<'static, Postgres>, Error> {
    begin_with(pool, "begin").await
}

/// As [`begin`], with another statement.
///
/// # Errors
/// As [`begin`].
pub async fn begin_with(pool: &PgPool, statement: &'static str) -> Result<Transaction<'static, Postgres>, Error> {
    let conn = pool.acquire().await?;
    let beginning = Transaction::begin(conn, Some(statement.into_sql_str()));
    let begun = tokio::spawn(tokio::time::timeout(BEGINNING, beginning)).await;
    let begun = begun.map_err(|ended| Error::Io(std::io::Error::other(ended)))?;
    begun.unwrap_or_else(|_| Err(no_answer()))
}

/// As [`begin`], with limits of its own.
///
/// # Errors
/// As [`begin`].
pub async fn begin_within(pool: &PgPool, limits: Limits) -> Result<Transaction<'static, Postgres>, Error> {
    let mut tx = begin(pool).await?;
    limits.set(&mut tx, true).await?;
    Ok(tx)
}

#[cfg(test)]
mod tests {
    use std::pin::pin;

    use futures::poll;
    use testing::database::TestDb;

    use super::begin;
    use crate::postgres;

    #[tokio::test]
    async fn an_abandoned_beginning_leaves_no_transaction() {
        let db = TestDb::new().await;
        let pool = postgres::connect(&db.url, 1).await.unwrap();
        for polls in 0..200 {
            {
                let mut beginning = pin!(begin(&pool));
                for _ in 0..polls % 8 {
                    if poll!(&mut beginning).is_ready() {
                        break;
                    }
                    tokio::task::yield_now().await;
                }
            }
            // Outside of a transaction the server refuses it.
            let probe = sqlx::raw_sql("savepoint probe").execute(&pool).await;
            assert!(probe.is_err(), "after {polls} polls");
        }
    }
}
