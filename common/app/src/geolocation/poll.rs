//! One poll of one account: one request for all its enabled objects, one statement for all their positions.

use std::collections::BTreeSet;

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use clients::breaker::TurnedAway;
use clients::fms::{Access, FleetProvider, FmsError, Sighting};
use db::fms::Account;
use domain::fleet::backoff;
use domain::id::FmsAccountId;
use domain::position::{Verdict, judge};
use domain::provider::Fault;
use ledger::Cause;
use sqlx::PgConnection;

use super::super::fms::write_poll;
use super::judged::judge_all;
use super::{Fleet, Trouble, asked, note};
use crate::error::{AppResult, chain};

/// How a poll ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Polled {
    /// Positions were fetched.
    Positions {
        /// Objects that were asked for.
        asked: usize,
        /// Positions that were new.
        stored: usize,
        /// Positions that could not be.
        dropped: usize,
    },
    /// No such account, or nothing of it is enabled: nothing was asked.
    Nothing,
    /// The provider failed; it is noted at the account, and when it is asked again.
    Failed {
        /// For people; no token, no address.
        reason: String,
        /// In a row.
        failures: i32,
        /// Whether it will be refused until the account is repaired.
        needs_people: bool,
    },
    /// Its host fails or hangs, so no request was sent; the time of the next one is stored with the account.
    TurnedAway {
        /// For people.
        reason: String,
    },
}

/// Fetches and stores the positions of the enabled objects of an account.
///
/// # Errors
/// Database errors only: what the provider does wrong is an answer.
pub async fn poll(fleet: &Fleet, id: FmsAccountId, cause: &Cause) -> AppResult<Polled> {
    let mut conn = fleet.pool.acquire().await?;
    let account = db::fms::find(&mut conn, id).await?;
    drop(conn);
    let Some(mut account) = account else {
        return Ok(Polled::Nothing);
    };
    let place = match fleet.place(&account).await {
        Ok(place) => place,
        Err(turned_away) => return put_off(fleet, id, &account, turned_away, cause).await,
    };
    let fetched = fetch(fleet, id, &mut account).await;
    note(
        place,
        match &fetched {
            Ok(None) => None,
            Ok(Some(_)) => Some(Ok(())),
            Err(trouble) => Some(Err(trouble)),
        },
    );
    match fetched {
        Ok(Some((asked, sightings))) => {
            let (stored, dropped) = store(fleet, id, &sightings, cause).await?;
            Ok(Polled::Positions { asked, stored, dropped })
        }
        Ok(None) => {
            end(fleet, id, cause, async |conn, _| db::fms::poll::end(conn, id).await).await?;
            Ok(Polled::Nothing)
        }
        Err(Trouble::Provider(error)) => fail(fleet, id, &account, &error, cause).await,
        Err(Trouble::App(error)) => Err(error),
    }
}

/// The provider's report about the objects that are enabled just before the request; `None` when none is.
async fn fetch(
    fleet: &Fleet,
    id: FmsAccountId,
    account: &mut Account,
) -> Result<Option<(usize, Vec<Sighting>)>, Trouble> {
    if begin(fleet, id).await?.is_empty() {
        return Ok(None);
    }
    let provider = fleet.provider(account.provider);
    let mut access = fleet.enter(id, account).await?;
    match ask(fleet, id, provider, &access).await {
        Err(Trouble::Provider(FmsError::SessionLost)) => {
            fleet.renew(id, account, &mut access).await?;
            ask(fleet, id, provider, &access).await
        }
        other => other,
    }
}

async fn ask(
    fleet: &Fleet,
    id: FmsAccountId,
    provider: &dyn FleetProvider,
    access: &Access,
) -> Result<Option<(usize, Vec<Sighting>)>, Trouble> {
    let wanted = begin(fleet, id).await?;
    if wanted.is_empty() {
        return Ok(None);
    }
    let sightings = provider.positions(access, &wanted).await?;
    Ok(Some((wanted.len(), sightings)))
}

/// Reads which objects are enabled, so that enabling another one later is known to be missed by this poll.
async fn begin(fleet: &Fleet, id: FmsAccountId) -> AppResult<Vec<String>> {
    let mut tx = fleet.pool.begin().await?;
    // Two statements: the second one sees what the previous holder of the account's lock enabled.
    db::fms::poll::begin(&mut tx, id).await?;
    let wanted = db::fms::object::enabled(&mut tx, id).await?;
    tx.commit().await?;
    Ok(wanted)
}

/// Ends a poll: under the account's lock, runs the given update and writes the next poll if an object was enabled
/// meanwhile. Both or neither.
async fn end<T>(
    fleet: &Fleet,
    id: FmsAccountId,
    cause: &Cause,
    work: impl AsyncFnOnce(&mut PgConnection, DateTime<Utc>) -> AppResult<T>,
) -> AppResult<Option<T>> {
    let now = fleet.clock.now();
    let mut tx = fleet.pool.begin().await?;
    let Some(locked) = db::fms::lock(&mut tx, id).await? else {
        return Ok(None);
    };
    let done = work(&mut tx, now).await?;
    if locked.poll_again {
        let failing = db::fms::find(&mut tx, id).await?.filter(|account| account.failures > 0);
        let run_at = failing.map_or(now, |account| account.next_poll_at.max(now));
        write_poll(&mut tx, id, now, run_at, cause).await?;
    }
    tx.commit().await?;
    Ok(Some(done))
}

async fn fail(
    fleet: &Fleet,
    id: FmsAccountId,
    account: &Account,
    error: &FmsError,
    cause: &Cause,
) -> AppResult<Polled> {
    let reason = chain(error);
    let failures = account.failures.saturating_add(1);
    let interval = TimeDelta::seconds(account.poll_seconds.into());
    let needs_people = error.fault() == Fault::Setup;
    let wait = backoff(interval, failures, asked(error, fleet.clock.now()), needs_people);
    end(fleet, id, cause, async |conn, now| {
        db::fms::poll::note_failed(conn, id, failures, &reason, now + wait).await
    })
    .await?;
    Ok(Polled::Failed {
        reason,
        failures,
        needs_people,
    })
}

/// Ends a poll for which nothing was asked: the account has not failed.
async fn put_off(
    fleet: &Fleet,
    id: FmsAccountId,
    account: &Account,
    turned_away: TurnedAway,
    cause: &Cause,
) -> AppResult<Polled> {
    let reason = turned_away.to_string();
    let wait = TimeDelta::from_std(turned_away.after).unwrap_or_default();
    end(fleet, id, cause, async |conn, now| {
        db::fms::poll::note_failed(conn, id, account.failures, &reason, now + wait).await
    })
    .await?;
    Ok(Polled::TurnedAway { reason })
}

async fn store(fleet: &Fleet, id: FmsAccountId, sightings: &[Sighting], cause: &Cause) -> AppResult<(usize, usize)> {
    make_days(fleet, sightings).await?;
    let stored = end(fleet, id, cause, async |conn, now| {
        let external_ids: Vec<String> = sightings.iter().map(|seen| seen.external_id.clone()).collect();
        let tracked = db::fms::object::lock_enabled(conn, id, &external_ids).await?;
        let judged = judge_all(sightings, &tracked, now, fleet.retention);
        db::position::remove(conn, &judged.refuted).await?;
        db::position::store(conn, &judged.new, now).await?;
        db::fms::object::note_rivals(conn, &judged.rivals).await?;
        db::fms::object::count_dropped(conn, &judged.dropped).await?;
        db::fms::poll::note(conn, id, now).await?;
        Ok((judged.new.len(), judged.dropped.len()))
    });
    Ok(stored.await?.unwrap_or_default())
}

/// Makes the partitions of the days that the positions are of. In a transaction of its own, before anything is locked.
async fn make_days(fleet: &Fleet, sightings: &[Sighting]) -> AppResult<()> {
    let now = fleet.clock.now();
    let judged = sightings
        .iter()
        .filter_map(|seen| judge(seen.fix.as_ref()?, None, now, fleet.retention).ok());
    let days: BTreeSet<NaiveDate> = judged
        .filter_map(|verdict| match verdict {
            Verdict::Latest { fix, .. } | Verdict::Late(fix) => Some(fix.recorded_at.date_naive()),
            Verdict::Repeat | Verdict::Doubtful(_) => None,
        })
        .collect();
    let days: Vec<NaiveDate> = days.into_iter().collect();
    let mut conn = fleet.pool.acquire().await?;
    let missing = db::position::missing_days(&mut conn, &days).await?;
    drop(conn);
    if missing.is_empty() {
        return Ok(());
    }
    let mut tx = fleet.pool.begin().await?;
    db::position::make_days(&mut tx, &missing).await?;
    Ok(tx.commit().await?)
}
