//! One poll of one account: one request for all its enabled trackers, one statement for all their positions.

use std::collections::BTreeSet;

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use clients::breaker::TurnedAway;
use clients::tracking::{Access, Sighting, TrackingError, TrackingProvider};
use connect::postgres;
use db::partition::POSITIONS;
use db::tracking::Account;
use domain::id::TrackingAccountId;
use domain::position::{PositionClass, judge};
use domain::provider::Fault;
use domain::tracking::backoff;
use ledger::{Cause, NewJob};
use sqlx::PgConnection;

use super::judged::judge_all;
use super::{Tracking, Trouble, asked, note};
use crate::error::{AppResult, chain};

/// How a poll ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Polled {
    /// Positions were fetched.
    Positions {
        /// Trackers that were requested.
        asked: usize,
        /// Positions that were new.
        stored: usize,
        /// Trackers whose positions were dropped.
        dropped: usize,
    },
    /// There is no such account, or none of its trackers is enabled: no request was sent.
    Nothing,
    /// The provider failed; the failure and the time of the next request are stored with the account.
    Failed {
        /// For people; contains no token and no address.
        reason: String,
        /// Consecutive failures.
        failures: i32,
        /// Whether requests will be refused until the account is repaired.
        needs_people: bool,
    },
    /// The host fails or hangs, so no request was sent; the time of the next one is stored with the account.
    TurnedAway {
        /// For people.
        reason: String,
    },
}

/// Fetches and stores the positions of the enabled trackers of an account.
///
/// # Errors
/// Database errors only; a failure of the provider is a result.
pub async fn poll(tracking: &Tracking, id: TrackingAccountId, cause: &Cause) -> AppResult<Polled> {
    let mut conn = tracking.pool.acquire().await?;
    let account = db::tracking::find(&mut conn, id).await?;
    drop(conn);
    let Some(mut account) = account else {
        return Ok(Polled::Nothing);
    };
    let slot = match tracking.slot(&account).await {
        Ok(slot) => slot,
        Err(turned_away) => return put_off(tracking, id, &account, turned_away, cause).await,
    };
    let fetched = fetch(tracking, id, &mut account).await;
    note(
        slot,
        match &fetched {
            Ok(None) => None,
            Ok(Some(_)) => Some(Ok(())),
            Err(trouble) => Some(Err(trouble)),
        },
    );
    match fetched {
        Ok(Some((asked, sightings))) => {
            let (stored, dropped) = store(tracking, id, &sightings, cause).await?;
            Ok(Polled::Positions { asked, stored, dropped })
        }
        Ok(None) => {
            end(tracking, id, cause, async |conn, _| {
                db::tracking::poll::end(conn, id).await
            })
            .await?;
            Ok(Polled::Nothing)
        }
        Err(Trouble::Provider(error)) => fail(tracking, id, &account, &error, cause).await,
        Err(Trouble::App(error)) => Err(error),
    }
}

/// The provider's report about the trackers that are enabled just before the request; `None` when none is.
async fn fetch(
    tracking: &Tracking,
    id: TrackingAccountId,
    account: &mut Account,
) -> Result<Option<(usize, Vec<Sighting>)>, Trouble> {
    if begin(tracking, id).await?.is_empty() {
        return Ok(None);
    }
    let provider = tracking.provider(account.provider);
    let mut access = tracking.enter(id, account).await?;
    match ask(tracking, id, provider, &access).await {
        Err(Trouble::Provider(TrackingError::SessionLost)) => {
            tracking.renew(id, account, &mut access).await?;
            ask(tracking, id, provider, &access).await
        }
        other => other,
    }
}

async fn ask(
    tracking: &Tracking,
    id: TrackingAccountId,
    provider: &dyn TrackingProvider,
    access: &Access,
) -> Result<Option<(usize, Vec<Sighting>)>, Trouble> {
    let wanted = begin(tracking, id).await?;
    if wanted.is_empty() {
        return Ok(None);
    }
    let sightings = provider.positions(access, &wanted).await?;
    Ok(Some((wanted.len(), sightings)))
}

/// Reads which trackers are enabled, so that enabling another one later is known to be missed by this poll.
async fn begin(tracking: &Tracking, id: TrackingAccountId) -> AppResult<Vec<String>> {
    let mut tx = postgres::begin(&tracking.pool).await?;
    // Two statements: the second one sees what the previous holder of the account's lock enabled.
    db::tracking::poll::begin(&mut tx, id).await?;
    let wanted = db::tracking::tracker::enabled(&mut tx, id).await?;
    tx.commit().await?;
    Ok(wanted)
}

/// Ends a poll: under the account's lock, runs the given update and writes the next poll if a tracker was enabled
/// meanwhile. It does both or neither.
async fn end<T>(
    tracking: &Tracking,
    id: TrackingAccountId,
    cause: &Cause,
    work: impl AsyncFnOnce(&mut PgConnection, DateTime<Utc>) -> AppResult<T>,
) -> AppResult<Option<T>> {
    let now = tracking.clock.now();
    let mut tx = postgres::begin(&tracking.pool).await?;
    let Some(locked) = db::tracking::lock(&mut tx, id).await? else {
        return Ok(None);
    };
    let done = work(&mut tx, now).await?;
    if locked.poll_again {
        let failing = db::tracking::find(&mut tx, id)
            .await?
            .filter(|account| account.failures > 0);
        let run_at = failing.map_or(now, |account| account.next_poll_at.max(now));
        let poll = (tracking.new_poll)(id, now, run_at)?;
        write_poll(&mut tx, id, now, poll, cause).await?;
    }
    tx.commit().await?;
    Ok(Some(done))
}

/// Enqueues a poll of a locked account that has none; the poll comes with its key.
pub(super) async fn write_poll(
    conn: &mut PgConnection,
    account_id: TrackingAccountId,
    now: DateTime<Utc>,
    (key, poll): (String, NewJob),
    cause: &Cause,
) -> AppResult<()> {
    db::tracking::poll::set(conn, account_id, &key).await?;
    Ok(ledger::enqueue(conn, now, cause, &[poll]).await?)
}

async fn fail(
    tracking: &Tracking,
    id: TrackingAccountId,
    account: &Account,
    error: &TrackingError,
    cause: &Cause,
) -> AppResult<Polled> {
    let reason = chain(error);
    let failures = account.failures.saturating_add(1);
    let interval = TimeDelta::seconds(account.poll_seconds.into());
    let needs_people = error.fault() == Fault::Setup;
    let wait = backoff(interval, failures, asked(error, tracking.clock.now()), needs_people);
    end(tracking, id, cause, async |conn, now| {
        db::tracking::poll::note_failed(conn, id, failures, &reason, now + wait).await
    })
    .await?;
    Ok(Polled::Failed {
        reason,
        failures,
        needs_people,
    })
}

/// Ends a poll for which no request was sent; this does not count as a failure of the account.
async fn put_off(
    tracking: &Tracking,
    id: TrackingAccountId,
    account: &Account,
    turned_away: TurnedAway,
    cause: &Cause,
) -> AppResult<Polled> {
    let reason = turned_away.to_string();
    let wait = TimeDelta::from_std(turned_away.after).unwrap_or_default();
    end(tracking, id, cause, async |conn, now| {
        db::tracking::poll::note_failed(conn, id, account.failures, &reason, now + wait).await
    })
    .await?;
    Ok(Polled::TurnedAway { reason })
}

async fn store(
    tracking: &Tracking,
    id: TrackingAccountId,
    sightings: &[Sighting],
    cause: &Cause,
) -> AppResult<(usize, usize)> {
    make_days(tracking, sightings).await?;
    let stored = end(tracking, id, cause, async |conn, now| {
        let external_ids: Vec<String> = sightings.iter().map(|seen| seen.external_id.clone()).collect();
        let tracked = db::tracking::tracker::lock_enabled(conn, id, &external_ids).await?;
        let judged = judge_all(sightings, &tracked, now, tracking.retention);
        db::position::remove(conn, &judged.refuted).await?;
        db::position::store(conn, &judged.new, now).await?;
        db::tracking::tracker::note_rivals(conn, &judged.rivals).await?;
        db::tracking::tracker::count_dropped(conn, &judged.dropped).await?;
        db::tracking::poll::note(conn, id, now).await?;
        Ok((judged.new.len(), judged.dropped.len()))
    });
    Ok(stored.await?.unwrap_or_default())
}

/// Creates the partitions of the days of the positions, in a transaction of its own, before anything is locked.
async fn make_days(tracking: &Tracking, sightings: &[Sighting]) -> AppResult<()> {
    let now = tracking.clock.now();
    let judged = sightings
        .iter()
        .filter_map(|seen| judge(seen.fix.as_ref()?, None, now, tracking.retention).ok());
    let days: BTreeSet<NaiveDate> = judged
        .filter_map(|verdict| match verdict {
            PositionClass::Latest { fix, .. } | PositionClass::Late(fix) => Some(fix.recorded_at.date_naive()),
            PositionClass::Repeat | PositionClass::Doubtful(_) => None,
        })
        .collect();
    let days: Vec<NaiveDate> = days.into_iter().collect();
    let mut conn = tracking.pool.acquire().await?;
    let missing = POSITIONS.missing_days(&mut conn, &days).await?;
    drop(conn);
    if missing.is_empty() {
        return Ok(());
    }
    let mut tx = postgres::begin(&tracking.pool).await?;
    POSITIONS.make_days(&mut tx, &missing).await?;
    Ok(tx.commit().await?)
}
