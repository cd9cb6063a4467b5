//! Checks invariants: nothing is sold twice, nothing is lost, and no object is in a state that no action leads to. In a
//! healthy system no rule is violated; a violation is a bug, never a consequence of external events.
//!
//! A scheduler calls [`run`] every minute. It checks rules about jobs for all jobs in the relevant states, and rules
//! about tickets, bookings, messages, reports and uploads for the [`NEWEST`] rows, for a part of the others (at most
//! [`SLICE`]), so that every row is checked from time to time (300,000 tickets within an hour, ten million within 34),
//! and for rows that violated a rule before. Kept counts are checked of a few partners and companies at a time. [`check`] checks everything, in slices,
//! on request; [`latest`] returns the latest results. [`files`] checks the file store.

use std::collections::HashMap;
use std::time::Duration;

use chrono::{DateTime, Utc};
use connect::postgres::begin;
use db::invariant::{LIMIT, Stored};
use domain::invariant::{Rule, Subject};
use kernel::clock::Clock;
use sqlx::{PgConnection, PgPool};
use uuid::Uuid;

use crate::error::AppResult;
use crate::jobs::queue;

pub mod files;
mod pass;

pub use pass::{NEWEST, SLICE};
use pass::{due, slice_of};

/// The pause of an operator's [`check`] and [`files::check`] before they check violations again that may be repaired
/// within seconds.
pub const LASTING: Duration = Duration::from_secs(5);

/// Maximum number of examples of a result.
const EXAMPLES: usize = 5;

/// Tables that are too large to be checked in one run.
const TABLES: [Subject; 7] = [
    Subject::Ticket,
    Subject::Booking,
    Subject::Partner,
    Subject::Company,
    Subject::Message,
    Subject::Report,
    Subject::Upload,
];

/// The latest result of a rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checked {
    /// The rule.
    pub rule: Rule,
    /// Number of violations; 1000 stands for 1000 or more.
    pub violations: usize,
    /// Up to five of them, as people see their ids.
    pub examples: Vec<String>,
    /// When it was last checked; `None` if never.
    pub checked_at: Option<DateTime<Utc>>,
}

impl Checked {
    fn new(rule: Rule, broken: &[Uuid], checked_at: Option<DateTime<Utc>>) -> Self {
        let examples = broken.iter().take(EXAMPLES).map(|id| rule.subject().id(*id));
        Self {
            rule,
            violations: broken.len(),
            examples: examples.collect(),
            checked_at,
        }
    }
}

/// The latest result of every rule, in the order of the rules.
///
/// # Errors
/// Database errors only.
pub async fn latest(pool: &PgPool) -> AppResult<Vec<Checked>> {
    let stored = results(&mut *pool.acquire().await?).await?;
    let checked = Rule::ALL.iter().map(|rule| match stored.get(rule.name()) {
        Some(result) => Checked::new(*rule, &result.broken, Some(result.checked_at)),
        None => Checked::new(*rule, &[], None),
    });
    Ok(checked.collect())
}

/// When every row of every table had been checked last: the end of the latest pass over the table whose pass ended
/// longest ago. `None` while one has never been read to its end.
///
/// # Errors
/// Database errors only.
pub async fn passed(pool: &PgPool) -> AppResult<Option<DateTime<Utc>>> {
    let names = TABLES.map(|subject| subject.name().to_owned());
    db::invariant::ended(&mut *pool.acquire().await?, &names).await
}

/// One run, in the caller's transaction: checks what is due and stores the results.
///
/// # Errors
/// Database errors only.
pub async fn run(conn: &mut PgConnection, now: DateTime<Utc>) -> AppResult<()> {
    // Locked until the results are stored: those that a look at everything stores meanwhile would be overwritten.
    let rules: Vec<Rule> = asked_of_the_database().collect();
    let before = by_name(db::invariant::lock(conn, &rules).await?);
    let mut among = HashMap::new();
    for subject in TABLES {
        among.insert(subject, due(conn, subject, now).await?);
    }
    for rule in asked_of_the_database() {
        let rows = among.get(&rule.subject()).map_or(&[][..], Vec::as_slice);
        let found = broken_rows(conn, rule, rows, now).await?;
        store(conn, rule, found, before.get(rule.name()), now).await?;
    }
    Ok(())
}

/// Checks everything, slice by slice, and stores the results of rules that are conclusive at once. Violations that may
/// be repaired within seconds ([`Rule::is_repaired`]) are checked again after a pause ([`LASTING`]), and count if they
/// persist. Other violations are checked again before they are stored, since the look at everything takes minutes.
/// Returns the results of all rules; those of the rules about files are the latest ones of the worker that has the
/// store ([`files::check`] looks for all files).
///
/// # Errors
/// Database errors only.
pub async fn check(pool: &PgPool, clock: &Clock, pause: Duration) -> AppResult<Vec<Checked>> {
    let mut broken = look(&mut *pool.acquire().await?, clock.now()).await?;
    if broken.iter().any(|(rule, found)| may_be_repaired(*rule, found)) {
        tokio::time::sleep(pause).await;
    }
    let latest = results(&mut *pool.acquire().await?).await?;
    let mut checked = Vec::new();
    for rule in Rule::ALL.iter().copied() {
        checked.push(match (broken.remove(&rule), latest.get(rule.name())) {
            (Some(found), _) if rule.is_repaired() => lasting(pool, rule, found, clock).await?,
            (Some(found), _) => settle(pool, rule, found, clock).await?,
            (None, Some(result)) => Checked::new(rule, &result.broken, Some(result.checked_at)),
            (None, None) => Checked::new(rule, &[], None),
        });
    }
    Ok(checked)
}

fn may_be_repaired(rule: Rule, found: &[Uuid]) -> bool {
    rule.is_repaired() && !found.is_empty()
}

/// The violations that persist, of a rule about states that are repaired within seconds.
async fn lasting(pool: &PgPool, rule: Rule, mut found: Vec<Uuid>, clock: &Clock) -> AppResult<Checked> {
    let now = clock.now();
    if !found.is_empty() {
        let again = broken_rows(&mut *pool.acquire().await?, rule, &found, now).await?;
        found.retain(|id| again.contains(id));
    }
    Ok(Checked::new(rule, &found, Some(now)))
}

/// Stores the result of a rule that is conclusive at once: the violations, found now or stored by concurrent runs, that
/// still exist. Such a run may have found one in a slice that this one had read before.
async fn settle(pool: &PgPool, rule: Rule, mut found: Vec<Uuid>, clock: &Clock) -> AppResult<Checked> {
    let mut tx = begin(pool).await?;
    let stored = db::invariant::lock(&mut tx, &[rule]).await?;
    let known = stored.into_iter().flat_map(|result| result.broken).collect();
    merge(&mut found, known);
    let now = clock.now();
    let mut broken = broken_rows(&mut tx, rule, &found, now).await?;
    cap(&mut broken);
    db::invariant::store(&mut tx, rule, &broken, &[], now).await?;
    tx.commit().await?;
    Ok(Checked::new(rule, &broken, Some(now)))
}

/// At most [`LIMIT`] violations of each rule that the database can check.
async fn look(conn: &mut PgConnection, now: DateTime<Utc>) -> AppResult<HashMap<Rule, Vec<Uuid>>> {
    let mut broken: HashMap<Rule, Vec<Uuid>> = HashMap::new();
    for rule in asked_of_the_database().filter(|rule| !TABLES.contains(&rule.subject())) {
        broken.insert(rule, broken_rows(conn, rule, &[], now).await?);
    }
    for subject in TABLES {
        let rules = asked_of_the_database().filter(|rule| rule.subject() == subject);
        let rules: Vec<Rule> = rules.collect();
        let mut reached = Uuid::nil();
        loop {
            let rows = db::invariant::slice(conn, subject, reached, slice_of(subject)).await?;
            for rule in &rules {
                let found = broken_rows(conn, *rule, &rows, now).await?;
                let all = broken.entry(*rule).or_default();
                merge(all, found);
                cap(all);
            }
            match rows.last() {
                Some(last) => reached = *last,
                None => break,
            }
        }
    }
    Ok(broken)
}

/// The violations of a rule that the database can check, among these rows.
async fn broken_rows(conn: &mut PgConnection, rule: Rule, among: &[Uuid], now: DateTime<Utc>) -> AppResult<Vec<Uuid>> {
    let mut found = db::invariant::broken(conn, rule, among, now).await?;
    if rule == Rule::JobStateImpossible {
        found.extend(ledger::db::invariant::in_unknown_queue(conn, &queue::ALL, LIMIT).await?);
    }
    Ok(found)
}

fn asked_of_the_database() -> impl Iterator<Item = Rule> {
    Rule::ALL.iter().copied().filter(|rule| !rule.is_about_files())
}

async fn results(conn: &mut PgConnection) -> AppResult<HashMap<String, Stored>> {
    Ok(by_name(db::invariant::results(conn).await?))
}

fn by_name(stored: Vec<Stored>) -> HashMap<String, Stored> {
    stored.into_iter().map(|result| (result.rule.clone(), result)).collect()
}

/// Adds rows that are missing; the result is sorted.
fn merge(rows: &mut Vec<Uuid>, more: Vec<Uuid>) {
    rows.extend(more);
    rows.sort_unstable();
    rows.dedup();
}

/// Keeps at most [`LIMIT`] violations.
fn cap(rows: &mut Vec<Uuid>) {
    rows.truncate(limit());
}

/// [`LIMIT`], as a length.
fn limit() -> usize {
    usize::try_from(LIMIT).unwrap_or(usize::MAX)
}

/// Stores the results of a run, and logs those that have changed.
async fn store(
    conn: &mut PgConnection,
    rule: Rule,
    mut found: Vec<Uuid>,
    before: Option<&Stored>,
    now: DateTime<Utc>,
) -> AppResult<()> {
    cap(&mut found);
    let (broken, suspects) = if rule.is_repaired() {
        let seen = before.map_or(&[][..], |before| &before.suspects);
        (found.iter().copied().filter(|id| seen.contains(id)).collect(), found)
    } else {
        (found, Vec::new())
    };
    db::invariant::store(conn, rule, &broken, &suspects, now).await?;
    if broken != before.map_or(&[][..], |before| &before.broken) {
        let Checked {
            violations, examples, ..
        } = Checked::new(rule, &broken, None);
        if violations > 0 {
            tracing::error!(rule = rule.name(), violations, ?examples, "{}", rule.meaning());
        } else {
            tracing::info!(rule = rule.name(), "invariant holds again");
        }
    }
    Ok(())
}
