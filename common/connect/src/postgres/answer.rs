//! How long an answer of the server is waited for. The server ends what takes too long ([`Limits`]), but a server that
//! has disappeared without closing its connections (packets dropped, a host without power) does not respond, and no
//! connection breaks: without limits here, the caller would wait until the operating system gives up, in a quarter of
//! an hour or never.

use std::io::ErrorKind;
use std::time::Duration;

use futures::FutureExt;
use sqlx::{Connection, PgConnection, Row};

use super::{Error, Limits};

/// What an answer may take on its way, beside the time that the server may take for it.
const ON_THE_WAY: Duration = Duration::from_secs(5);

/// How long a connection that returns to its pool may take to end what was under way on it.
const RETURNING: Duration = Duration::from_secs(5);

/// The result of `work`, or an error when there is none long after the server should have ended it. The work may have
/// been done nevertheless: only its answer is missing.
///
/// # Errors
/// Those of the work.
pub async fn answered<T, E: From<Error>>(limits: Limits, work: impl Future<Output = Result<T, E>>) -> Result<T, E> {
    let answered = tokio::time::timeout(limits.statement + ON_THE_WAY, Box::pin(work)).await;
    answered.unwrap_or_else(|_| Err(no_answer().into()))
}

/// The error of a server that does not answer.
pub(super) fn no_answer() -> Error {
    Error::Io(ErrorKind::TimedOut.into())
}

/// Whether a connection may go back to its pool, which would otherwise keep its place for as long as nothing is
/// answered. A connection on which nothing is under way is not tested.
///
/// # Errors
/// When the connection must be closed: it does not respond, or is inside a transaction left open by a caller that did
/// not wait for the answer.
pub(super) async fn may_return(conn: &mut PgConnection) -> Result<bool, Error> {
    if let Some(ready) = conn.flush().now_or_never() {
        return ready.map(|()| true);
    }
    let outside = async {
        conn.flush().await?;
        // They differ inside a transaction, which began with an earlier statement.
        let row = sqlx::raw_sql("select now() = statement_timestamp()")
            .fetch_one(&mut *conn)
            .await?;
        row.try_get::<bool, _>(0)
    };
    let outside = tokio::time::timeout(RETURNING, outside).await;
    match outside.map_err(|_| no_answer())?? {
        true => Ok(true),
        false => Err(Error::Protocol("a transaction was left open".to_owned())),
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use testing::database::TestDb;
    use testing::eventually::eventually;
    use testing::proxy::TestProxy;

    use super::{ON_THE_WAY, answered};
    use crate::postgres::{Error, Limits, begin, connect_within, pool};

    const LIMITS: Limits = Limits {
        statement: Duration::ZERO,
        idle_in_transaction: Duration::ZERO,
    };

    /// A server behind a proxy, with a pool of one connection that is open and was just used.
    async fn behind_a_proxy(db: &TestDb) -> (TestProxy, sqlx::PgPool) {
        let options = (*db.pool.connect_options()).clone();
        let proxy = TestProxy::start(options.get_port()).await;
        let options = options.host("127.0.0.1").port(proxy.address().port());
        let pool = pool(1).connect_with(options).await.unwrap();
        (proxy, pool)
    }

    #[tokio::test]
    async fn a_server_that_never_answers_is_given_up_and_another_connection_takes_the_place() {
        let db = TestDb::new().await;
        let (proxy, pool) = behind_a_proxy(&db).await;
        let mut conn = pool.acquire().await.unwrap();
        proxy.silence();
        let asked = async { sqlx::raw_sql("select 1").execute(&mut *conn).await };
        let error = answered::<_, Error>(LIMITS, asked).await.unwrap_err();
        assert!(matches!(error, Error::Io(_)), "{error:?}");
        drop(conn);
        let other = eventually("another connection", ON_THE_WAY * 6, async || pool.acquire().await.ok()).await;
        drop(other);
    }

    #[tokio::test]
    async fn an_unconfirmed_begin_frees_its_place_in_the_pool() {
        let db = TestDb::new().await;
        let (proxy, pool) = behind_a_proxy(&db).await;
        drop(pool.acquire().await.unwrap());
        eventually("it is back", ON_THE_WAY, async || (pool.num_idle() == 1).then_some(())).await;
        proxy.silence();
        assert!(begin(&pool).await.is_err());
        let other = eventually("another connection", ON_THE_WAY * 6, async || begin(&pool).await.ok()).await;
        drop(other);
    }

    #[tokio::test]
    async fn an_unknown_transaction_is_not_returned() {
        let db = TestDb::new().await;
        let options = (*db.pool.connect_options()).clone();
        let pool = pool(1).connect_with(options).await.unwrap();
        let mut conn = pool.acquire().await.unwrap();
        // Sent, and dropped before it is answered.
        {
            let mut begun = std::pin::pin!(sqlx::raw_sql("begin; select pg_sleep(0.2)").execute(&mut *conn));
            let sent = tokio::time::timeout(Duration::from_millis(50), &mut begun).await;
            assert!(sent.is_err());
        }
        drop(conn);
        let probe = eventually("a connection", ON_THE_WAY * 6, async || {
            let mut conn = pool.acquire().await.ok()?;
            Some(sqlx::raw_sql("savepoint probe").execute(&mut *conn).await)
        })
        .await;
        assert!(probe.is_err(), "it is inside a transaction");
    }

    /// How many connections run the statement of the test below.
    async fn asleep(db: &TestDb) -> i64 {
        let sql = "select count(*) from pg_stat_activity
                   where datname = current_database() and state = 'active' and query = 'select pg_sleep(50)'";
        sqlx::query_scalar::<_, i64>(sql).fetch_one(&db.pool).await.unwrap()
    }

    /// Else a pool would have more statements under way than it has places.
    #[tokio::test]
    async fn the_server_ends_a_statement_whose_connection_is_closed() {
        let db = TestDb::new().await;
        let limits = Limits {
            statement: Duration::from_secs(60),
            idle_in_transaction: Duration::from_secs(60),
        };
        let pool = connect_within(&db.url, 1, limits).await.unwrap();
        let mut conn = pool.acquire().await.unwrap();
        {
            let mut begun = std::pin::pin!(sqlx::raw_sql("select pg_sleep(50)").execute(&mut *conn));
            let sent = tokio::time::timeout(Duration::from_millis(500), &mut begun).await;
            assert!(sent.is_err());
        }
        assert_eq!(asleep(&db).await, 1);
        drop(conn);
        eventually("its end", ON_THE_WAY * 4, async || {
            (asleep(&db).await == 0).then_some(())
        })
        .await;
    }
}
