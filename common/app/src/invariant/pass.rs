//! Which rows a run checks: the newest, a slice of the others, and those that violated a rule before.

use chrono::{DateTime, Utc};
use db::invariant::Pass;
use domain::invariant::{Rule, Subject};
use sqlx::PgConnection;
use uuid::Uuid;

use super::{asked_of_the_database, merge};
use crate::error::AppResult;

/// Number of the newest rows of a table that every run checks.
pub const NEWEST: i64 = 2_000;

/// Maximum number of other rows of a table that one run checks.
pub const SLICE: i64 = 5_000;

/// Runs in which a pass reads a table, unless it is so large that [`SLICE`] does not suffice: an hour of them. Checking
/// these rows is much of what an idle platform costs PostgreSQL, so a small table is not read more often.
const RUNS: i64 = 60;

/// Minimum number of other rows that one run checks.
const SMALL_SLICE: i64 = 500;

/// Number of partners, and of companies, whose counts one run checks: each has up to five thousand tickets to count. A
/// run is one transaction with a time limit: one that exceeds it would check the same owners again in the next minute.
const OWNERS: i64 = 2;

/// Maximum number of rows that are checked at a time.
pub(super) const fn slice_of(subject: Subject) -> i64 {
    match subject {
        Subject::Partner | Subject::Company => OWNERS,
        _ => SLICE,
    }
}

/// Number of other rows that a run checks of a table with about this many rows; `None` if PostgreSQL has never counted.
fn share(subject: Subject, rows: Option<i64>) -> i64 {
    let largest = slice_of(subject);
    match rows {
        Some(rows) => (rows / RUNS + 1).max(SMALL_SLICE).min(largest),
        None => largest,
    }
}

/// The rows that a run checks: the newest, the next slice, and those that violated a rule before.
pub(super) async fn due(conn: &mut PgConnection, subject: Subject, now: DateTime<Utc>) -> AppResult<Vec<Uuid>> {
    let rules: Vec<Rule> = asked_of_the_database()
        .filter(|rule| rule.subject() == subject)
        .collect();
    let mut rows = db::invariant::known(conn, &rules).await?;
    merge(&mut rows, db::invariant::newest(conn, subject, NEWEST).await?);
    let share = share(subject, db::invariant::rows(conn, subject).await?);
    merge(&mut rows, advance(conn, subject, subject.name(), share, now).await?);
    Ok(rows)
}

/// The next slice of a pass; after the last slice, a new pass begins.
pub(super) async fn advance(
    conn: &mut PgConnection,
    subject: Subject,
    name: &str,
    limit: i64,
    now: DateTime<Utc>,
) -> AppResult<Vec<Uuid>> {
    let pass = db::invariant::passes(conn, name).await?;
    let slice = db::invariant::slice(conn, subject, pass.reached, limit).await?;
    let is_full = i64::try_from(slice.len()).is_ok_and(|rows| rows == limit);
    let next = match slice.last() {
        Some(last) if is_full => Pass { reached: *last, ..pass },
        _ => Pass {
            reached: Uuid::nil(),
            ended_at: Some(now),
        },
    };
    db::invariant::reach(conn, name, next).await?;
    Ok(slice)
}

#[cfg(test)]
mod tests {
    use domain::invariant::Subject;
    use rstest::rstest;

    use super::share;

    #[rstest]
    #[case::never_counted(Subject::Ticket, None, 5_000)]
    #[case::within_a_few_runs(Subject::Ticket, Some(1_000), 500)]
    #[case::within_an_hour(Subject::Ticket, Some(120_001), 2_001)]
    #[case::as_fast_as_it_may(Subject::Ticket, Some(10_000_000), 5_000)]
    #[case::owners_have_many_rows_each(Subject::Partner, Some(1_000), 2)]
    fn a_small_table_is_read_within_an_hour(
        #[case] subject: Subject,
        #[case] rows: Option<i64>,
        #[case] expected: i64,
    ) {
        assert_eq!(share(subject, rows), expected);
    }
}
