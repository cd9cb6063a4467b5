//! Connections to PostgreSQL: pools and single ones, with their limits.

use std::time::Duration;

use chrono::{DateTime, Utc};
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sqlx::{ConnectOptions, Connection, PgConnection};

mod answer;
mod limits;
pub mod pooler;
mod transaction;
mod trouble;

pub use answer::answered;
pub use limits::Limits;
pub use sqlx::{Error, PgPool};
pub use transaction::{begin, begin_with, begin_within};
pub use trouble::{Trouble, trouble};

/// A connection that was idle for longer is tested before it is used. Testing it each time would double the round trips
/// of a search, and a restart of the server takes longer than this.
const RESTED: Duration = Duration::from_secs(1);

/// What all pools have in common. A caller that gets no connection within three seconds gets an error (503) instead of
/// waiting longer.
pub fn pool(max_connections: u32) -> PgPoolOptions {
    PgPoolOptions::new()
        .max_connections(max_connections)
        .acquire_timeout(Duration::from_secs(3))
        .test_before_acquire(false)
        .before_acquire(|conn, meta| {
            Box::pin(async move {
                if meta.idle_for >= RESTED {
                    conn.ping().await?;
                }
                Ok(true)
            })
        })
        .after_release(|conn, _| Box::pin(answer::may_return(conn)))
}

/// Options of the URL, without parameters that a pooler refuses at the start of a session. These are set once a
/// connection is open ([`session`]), with a statement that a pooler in session mode passes on.
fn options(url: &str) -> Result<PgConnectOptions, Error> {
    Ok(url.parse::<PgConnectOptions>()?.extra_float_digits(None))
}

/// The settings (as SQL) with which those of all connections with limits begin.
///
/// Statements are interpreted: they touch few rows, and compiling one, which the server does where it expects high costs,
/// takes longer than running it. Where sequential scans are off, that is each statement that needs one.
///
/// The server ends a statement within seconds when its connection is closed. The pool then has another connection in its
/// place ([`answer::may_return`]), and would else have more statements under way than it has places.
macro_rules! for_all {
    () => {
        "set jit = off; set client_connection_check_interval = '5s'"
    };
}

/// Limits and settings (as SQL) of every connection of a pool.
fn session(pool: PgPoolOptions, limits: Limits, settings: &'static str) -> PgPoolOptions {
    pool.after_connect(move |conn, _| {
        Box::pin(async move {
            limits.set(conn, false).await?;
            sqlx::raw_sql(settings).execute(conn).await?;
            Ok(())
        })
    })
}

/// Opens a pool.
///
/// # Errors
/// When the URL is malformed or the server cannot be reached, and [`Error::Configuration`] when there is a pooler in
/// transaction mode in front of it.
pub async fn connect(url: &str, max_connections: u32) -> Result<PgPool, Error> {
    let options = options(url)?;
    pooler::refuse_shared_servers(&options).await?;
    pool(max_connections).connect_with(options).await
}

/// A pool of one connection like those of another pool. It connects when it is first used.
#[must_use]
pub fn beside(pool: &PgPool) -> PgPool {
    let options = pool.options().clone().min_connections(0).max_connections(1);
    options.connect_lazy_with((*pool.connect_options()).clone())
}

/// Opens a connection that belongs to no pool.
///
/// # Errors
/// When the URL is malformed or the server cannot be reached.
pub async fn connect_alone(url: &str) -> Result<PgConnection, Error> {
    options(url)?.connect().await
}

/// Opens a pool whose connections have these limits.
///
/// # Errors
/// As [`connect`].
pub async fn connect_within(url: &str, max_connections: u32, limits: Limits) -> Result<PgPool, Error> {
    let options = options(url)?;
    pooler::refuse_shared_servers(&options).await?;
    session(pool(max_connections), limits, for_all!())
        .connect_with(options)
        .await
}

/// Whether PostgreSQL answers.
///
/// # Errors
/// When it does not.
pub async fn ping(pool: &PgPool) -> Result<(), Error> {
    ping_on(&mut *pool.acquire().await?).await
}

/// As [`ping`], on one connection.
///
/// # Errors
/// When it does not.
pub async fn ping_on(conn: &mut PgConnection) -> Result<(), Error> {
    sqlx::query_scalar!("select 1").fetch_one(conn).await?;
    Ok(())
}

/// The clock of the database.
///
/// # Errors
/// Database errors only.
pub async fn database_time(conn: &mut PgConnection) -> Result<DateTime<Utc>, Error> {
    sqlx::query_scalar!(r#"select clock_timestamp() as "now!""#)
        .fetch_one(conn)
        .await
}

/// Whether a commit waits until the disk has it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Commit {
    /// Yes: a commit that was confirmed is durable.
    Waits,
    /// No: for marking jobs as sent and claiming them. Should the database server crash, it may forget the last of
    /// these, and the jobs are delivered again. What such a job did in between is not there either, or its commit
    /// would have taken these along: the log is written in order.
    DoesNotWait,
}

/// The settings of connections for jobs (as SQL), with further ones.
macro_rules! for_jobs {
    ($synchronous_commit:literal $(, $more:literal)?) => {
        concat!(
            for_all!(),
            "; set enable_seqscan = off; set synchronous_commit = ",
            $synchronous_commit
            $(, "; ", $more)?
        )
    };
}

/// Opens a small pool for the statements of delivering jobs.
///
/// The ledger empties and fills by orders of magnitude within seconds, so statistics (and plans that were made when it
/// was empty) are wrong when it matters. These connections always walk by index, which is right for their statements at
/// every size.
///
/// # Errors
/// As [`connect_alone`].
pub async fn connect_for_jobs(url: &str, commit: Commit) -> Result<PgPool, Error> {
    let settings = match commit {
        Commit::Waits => for_jobs!("on"),
        Commit::DoesNotWait => for_jobs!("off"),
    };
    small(url, settings).await
}

/// As [`connect_for_jobs`], for the statements of a worker. These have one good plan, whatever their arguments are, but
/// PostgreSQL would plan them anew for each small batch, since its estimate for a few jobs is below that of the plan
/// that it could keep. Planning takes longer than running them.
///
/// # Errors
/// As [`connect_alone`].
pub async fn connect_for_workers(url: &str, commit: Commit) -> Result<PgPool, Error> {
    let settings = match commit {
        Commit::Waits => for_jobs!("on", "set plan_cache_mode = force_generic_plan"),
        Commit::DoesNotWait => for_jobs!("off", "set plan_cache_mode = force_generic_plan"),
    };
    small(url, settings).await
}

/// A small pool with these settings (as SQL).
async fn small(url: &str, settings: &'static str) -> Result<PgPool, Error> {
    session(pool(2), Limits::JOBS, settings)
        .connect_with(options(url)?)
        .await
}
