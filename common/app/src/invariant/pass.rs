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

/// Number of other rows of a table that one run checks. Checking them is most of what an idle platform costs PostgreSQL.
pub const SLICE: i64 = 5_000;

/// Number of partners, and of companies, whose counts one run checks: each has up to five thousand tickets to count. A
/// run is one transaction with a time limit: one that exceeds it would check the same owners again in the next minute.
const OWNERS: i64 = 2;

/// Number of rows that are checked at a time.
pub(super) const fn slice_of(subject: Subject) -> i64 {
    match subject {
        Subject::Partner | Subject::Company => OWNERS,
        _ => SLICE,
    }
}

/// The rows that a run checks: the newest, the next slice, and those that violated a rule before.
pub(super) async fn due(conn: &mut PgConnection, subject: Subject, now: DateTime<Utc>) -> AppResult<Vec<Uuid>> {
    let rules: Vec<Rule> = asked_of_the_database()
        .filter(|rule| rule.subject() == subject)
        .collect();
    let mut rows = db::invariant::known(conn, &rules).await?;
    merge(&mut rows, db::invariant::newest(conn, subject, NEWEST).await?);
    merge(
        &mut rows,
        advance(conn, subject, subject.name(), slice_of(subject), now).await?,
    );
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
