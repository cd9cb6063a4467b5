//! Views of queues, jobs and processes for operators. Their actions are in [`super::handle`].

use std::fmt;
use std::str::FromStr;

use chrono::{DateTime, TimeDelta, Utc};
use sqlx::{PgConnection, PgPool};
use uuid::Uuid;

use crate::db;
use crate::db::job::JobDetails;
pub use crate::db::listing::{JobRow, SCAN};
pub use crate::db::process::ProcessRow;
pub use crate::db::queue::{COUNTED, QueueStatus};
pub use crate::db::rate::MINUTES;
pub use crate::db::schedule::ScheduleRow;
use crate::error::{Error, Result};
use crate::id::JobId;
use crate::job::Queue;

mod group;

pub use group::{ErrorGroup, errors, patterns};

/// Minimum run time of a stuck job within its deadline; otherwise jobs that take milliseconds would often be stuck.
const LEAST_STUCK: TimeDelta = TimeDelta::seconds(1);

/// State of a job.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum State {
    /// Waits for its time or for room in Redis.
    Ready,
    /// Its id is in Redis.
    Sent,
    /// With a worker.
    Running,
    /// Finished.
    Done,
    /// Not run again until an operator retries it.
    Dead,
    /// An operator decided that it will not run.
    Canceled,
}

impl State {
    /// Every state.
    pub const ALL: [Self; 6] = [
        Self::Ready,
        Self::Sent,
        Self::Running,
        Self::Done,
        Self::Dead,
        Self::Canceled,
    ];

    /// Its name in the ledger.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Ready => "ready",
            Self::Sent => "sent",
            Self::Running => "running",
            Self::Done => "done",
            Self::Dead => "dead",
            Self::Canceled => "canceled",
        }
    }

    /// Whether jobs in it are listed with the latest first; the others with the one that waits longest first.
    const fn is_final(self) -> bool {
        matches!(self, Self::Done | Self::Dead | Self::Canceled)
    }
}

impl fmt::Display for State {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// A text that is not a state.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("unknown value, expected one of ready sent running done dead canceled")]
pub struct UnknownState;

impl FromStr for State {
    type Err = UnknownState;

    fn from_str(name: &str) -> Result<Self, Self::Err> {
        Self::ALL
            .into_iter()
            .find(|state| state.name() == name)
            .ok_or(UnknownState)
    }
}

/// Selects jobs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Filter {
    /// In this state.
    pub state: State,
    /// Of one of these queues.
    pub queues: Vec<Queue>,
    /// Of this kind.
    pub kind: Option<String>,
    /// With this text in their last error; `#` may stand for ids and numbers, as in [`ErrorGroup::error`].
    pub error: Option<String>,
    /// Due, sent, claimed or finished before this instant.
    pub before: Option<DateTime<Utc>>,
    /// Only those that run for longer than they should ([`JobRow::is_stuck`]).
    pub is_stuck: bool,
}

impl Filter {
    /// All jobs of these queues in a state.
    #[must_use]
    pub fn new(state: State, queues: &[Queue]) -> Self {
        Self {
            state,
            queues: queues.to_vec(),
            kind: None,
            error: None,
            before: None,
            is_stuck: false,
        }
    }
}

/// The place of a job in a list, from which the list continues.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cursor {
    /// Since when the job is in its state.
    pub since: DateTime<Utc>,
    /// The job.
    pub id: JobId,
}

/// Written and read as `1780000000000000.job_...`; the number is microseconds since 1970.
impl fmt::Display for Cursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.since.timestamp_micros(), self.id)
    }
}

/// A text that is not a cursor.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("must be the end of a page of this list")]
pub struct NotACursor;

impl FromStr for Cursor {
    type Err = NotACursor;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (micros, id) = text.split_once('.').ok_or(NotACursor)?;
        let micros = micros.parse().map_err(|_| NotACursor)?;
        let since = DateTime::from_timestamp_micros(micros).ok_or(NotACursor)?;
        // Within the range of PostgreSQL's timestamps.
        let is_sane = since > DateTime::UNIX_EPOCH && since < latest();
        let id = id.parse().map_err(|_| NotACursor)?;
        if is_sane {
            Ok(Self { since, id })
        } else {
            Err(NotACursor)
        }
    }
}

/// Later than every job: the year 9999.
fn latest() -> DateTime<Utc> {
    DateTime::from_timestamp(253_370_764_800, 0).unwrap_or(DateTime::<Utc>::MAX_UTC)
}

/// A part of a list.
#[derive(Debug, Clone, PartialEq)]
pub struct Page {
    /// The jobs.
    pub jobs: Vec<JobRow>,
    /// Where the list continues; `None` at its end.
    pub next: Option<Cursor>,
}

/// Jobs of a filter, `take` at most, after `after`. Jobs that are finished come with the latest first, others with the
/// one that waits longest first. A page looks at [`SCAN`] jobs of the state at most; it may have fewer jobs than asked
/// for and be followed by another one.
///
/// # Errors
/// Database errors only.
pub async fn list(conn: &mut PgConnection, filter: &Filter, after: Option<Cursor>, take: i64) -> Result<Page> {
    let queues: Vec<String> = filter.queues.iter().map(|queue| queue.name().to_owned()).collect();
    let start = if filter.state.is_final() {
        (latest(), Uuid::max())
    } else {
        (DateTime::UNIX_EPOCH, Uuid::nil())
    };
    let search = db::listing::Search {
        queues: &queues,
        kind: filter.kind.as_deref(),
        error: filter.error.as_deref(),
        before: filter.before.unwrap_or_else(latest),
        after: after.map_or(start, |cursor| (cursor.since, cursor.id.0)),
        take: take + 1,
    };
    let mut jobs = match filter.state {
        _ if filter.is_stuck && filter.state != State::Running => Vec::new(),
        State::Ready => db::listing::ready(conn, &search).await?,
        State::Sent => db::listing::sent(conn, &search).await?,
        State::Running => db::listing::running(conn, &search, LEAST_STUCK, filter.is_stuck).await?,
        State::Done => db::listing::done(conn, &search).await?,
        State::Dead => db::listing::dead(conn, &search).await?,
        State::Canceled => db::listing::canceled(conn, &search).await?,
    };
    let take = usize::try_from(take).unwrap_or(usize::MAX);
    let end = |job: &JobRow| Cursor {
        since: job.since,
        id: job.id,
    };
    let next = if jobs.len() > take {
        jobs.truncate(take);
        jobs.last().map(end)
    } else {
        jobs.last().filter(|job| job.is_last_look).map(end)
    };
    jobs.retain(|job| job.fits);
    Ok(Page { jobs, next })
}

/// Status of these queues, in the given order.
///
/// # Errors
/// Database errors only.
pub async fn queues(conn: &mut PgConnection, queues: &[Queue], now: DateTime<Utc>) -> Result<Vec<QueueStatus>> {
    db::queue::statuses(conn, queues, now).await
}

/// Number of jobs done in each of the last [`MINUTES`] minutes, for each of these queues, in their order
/// ([`db::rate::done_per_minute`]).
///
/// # Errors
/// Database errors only.
pub async fn done_per_minute(conn: &mut PgConnection, queues: &[Queue], now: DateTime<Utc>) -> Result<Vec<Vec<i64>>> {
    db::rate::done_per_minute(conn, queues, now).await
}

/// Worker processes that were not given up, by name, the first thousand.
///
/// # Errors
/// Database errors only.
pub async fn processes(conn: &mut PgConnection) -> Result<Vec<ProcessRow>> {
    db::process::list(conn).await
}

/// Schedules, by name, the first thousand.
///
/// # Errors
/// Database errors only.
pub async fn schedules(conn: &mut PgConnection) -> Result<Vec<ScheduleRow>> {
    db::schedule::list(conn).await
}

/// Everything that the ledger knows about one job.
///
/// # Errors
/// [`Error::NotFound`], or database errors.
pub async fn inspect(pool: &PgPool, id: JobId) -> Result<JobDetails> {
    db::job::find(&mut *pool.acquire().await?, id)
        .await?
        .ok_or(Error::NotFound)
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;

    use super::{Cursor, NotACursor, State};
    use crate::id::JobId;

    #[test]
    fn cursors_and_states_are_read_as_they_are_written() {
        let since = DateTime::from_timestamp_micros(1_780_000_000_123_456).unwrap();
        let cursor = Cursor {
            since,
            id: JobId::new(),
        };
        assert_eq!(cursor.to_string().parse(), Ok(cursor));
        let id = cursor.id;
        for wrong in [
            String::new(),
            format!("{id}"),
            format!("x.{id}"),
            "1780000000123456.job_1".to_owned(),
            format!("-1.{id}"),
            format!("{}.{id}", i64::MAX),
            format!("300000000000000000.{id}"),
        ] {
            assert_eq!(wrong.parse::<Cursor>(), Err(NotACursor), "{wrong}");
        }
        assert!(State::ALL.iter().all(|state| state.name().parse() == Ok(*state)));
    }
}
