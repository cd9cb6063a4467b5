//! Poolers between the platform and PostgreSQL. One that gives each connection a session of its own (PgBouncer:
//! `pool_mode = session`) works like a direct connection. One that assigns servers by transaction or by statement does
//! not: statements that one client has prepared collide with those of another, and settings of a connection affect
//! other clients.

use std::time::Duration;

use sqlx::postgres::PgConnectOptions;
use sqlx::{ConnectOptions, Connection, Error, PgConnection, Row};

/// Rounds of comparison. Without other clients the first one is conclusive; with them, a single one may not be.
const ROUNDS: usize = 5;

/// How long the comparison may take. A pooler in session mode whose servers are all in use makes the second connection
/// wait, which does not prove anything.
const TIMEOUT: Duration = Duration::from_secs(3);

/// The error about a pooler that cannot be used.
const REFUSAL: &str = "DATABASE_URL leads to a pooler that changes servers between transactions (PgBouncer: pool_mode = \
                       transaction or statement); prepared statements and settings of connections do not survive that. \
                       Give this database pool_mode = session there, or name PostgreSQL itself";

/// Refuses a pooler that does not keep a session for each connection.
///
/// Two connections that are open at the same time never have the same server process, and one never changes it, unless
/// a pooler shares servers between them. Only simple queries are sent: they need no session.
///
/// # Errors
/// [`Error::Configuration`] that says what to do, and errors of connecting.
pub async fn refuse_shared_servers(options: &PgConnectOptions) -> Result<(), Error> {
    let (mut first, mut second) = (options.connect().await?, options.connect().await?);
    let compared = tokio::time::timeout(TIMEOUT, async {
        for _ in 0..ROUNDS {
            if are_shared(&mut first, &mut second).await? {
                return Ok(true);
            }
        }
        Ok::<_, Error>(false)
    });
    match compared.await {
        Ok(Ok(true)) => Err(Error::Configuration(REFUSAL.into())),
        Ok(Ok(false)) => {
            let (_, _) = tokio::join!(first.close(), second.close());
            Ok(())
        }
        Ok(Err(error)) => Err(error),
        Err(_) => Ok(()),
    }
}

/// The first connection asks twice, which exposes a pooler that takes its servers in turn. Then the second one begins a
/// transaction: a pooler that prefers the server that became free last gives it the server of the first.
async fn are_shared(first: &mut PgConnection, second: &mut PgConnection) -> Result<bool, Error> {
    let before = server(first).await?;
    if server(first).await? != before {
        return Ok(true);
    }
    // Servers that are shared by statement refuse a transaction.
    if let Err(Error::Database(_)) = sqlx::raw_sql("begin").execute(&mut *second).await {
        return Ok(true);
    }
    if server(second).await? == before {
        // Another query would wait for a server, and there may be only this one.
        return Ok(true);
    }
    let after = server(first).await?;
    sqlx::raw_sql("rollback").execute(second).await?;
    Ok(after != before)
}

/// The server process behind a connection: its process id, and when its PostgreSQL started.
async fn server(conn: &mut PgConnection) -> Result<String, Error> {
    let question = "select pg_backend_pid()::text || ' ' || pg_postmaster_start_time()::text";
    sqlx::raw_sql(question).fetch_one(conn).await?.try_get(0)
}
