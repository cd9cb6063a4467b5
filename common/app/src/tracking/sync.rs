//! Fetches the list of trackers of an account.

use std::collections::BTreeMap;

use chrono::TimeDelta;
use clients::tracking::{Listed, TrackingError};
use connect::postgres::begin;
use db::tracking::Account;
use db::tracking::tracker::Listing;
use domain::id::{CompanyId, TrackerId, TrackingAccountId};
use domain::provider::Fault;
use domain::tracking::Buses;

use super::{Tracking, Trouble, asked, note};
use crate::error::{AppResult, chain};

/// Time between two reads of the list of an account's trackers.
pub const SYNC_PERIOD: TimeDelta = TimeDelta::hours(1);

/// Minimum wait before a list that could not be fetched is requested again.
const AGAIN: TimeDelta = TimeDelta::minutes(5);

/// How a sync ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Synced {
    /// The list is stored.
    Trackers {
        /// Number of trackers in the list.
        listed: usize,
        /// Number of those that are buses of the company.
        buses: usize,
    },
    /// No such account.
    Nothing,
    /// The provider failed; the failure and the time of the next request are stored with the account.
    Failed {
        /// For people; contains no token and no address.
        reason: String,
        /// Whether requests will be refused until the account is repaired.
        needs_people: bool,
    },
}

/// Fetches and stores the list of trackers of an account.
///
/// # Errors
/// Database errors only; a failure of the provider is a result.
pub async fn sync(tracking: &Tracking, id: TrackingAccountId) -> AppResult<Synced> {
    let mut conn = tracking.pool.acquire().await?;
    let account = db::tracking::find(&mut conn, id).await?;
    drop(conn);
    let Some(mut account) = account else {
        return Ok(Synced::Nothing);
    };
    let company_id = account.company_id;
    let fetched = match tracking.slot(&account).await {
        Ok(slot) => {
            let fetched = fetch(tracking, id, &mut account).await;
            note(slot, Some(fetched.as_ref().map(drop)));
            fetched
        }
        Err(turned_away) => Err(TrackingError::from(turned_away).into()),
    };
    match fetched {
        Ok(listed) => store(tracking, id, company_id, listed).await,
        Err(Trouble::Provider(error)) => {
            let reason = chain(&error);
            let now = tracking.clock.now();
            let wait = asked(&error, now).unwrap_or_default().clamp(AGAIN, SYNC_PERIOD);
            let mut conn = tracking.pool.acquire().await?;
            db::tracking::sync::note_failed(&mut conn, id, &reason, now + wait).await?;
            let needs_people = error.fault() == Fault::Setup;
            Ok(Synced::Failed { reason, needs_people })
        }
        Err(Trouble::App(error)) => Err(error),
    }
}

async fn fetch(tracking: &Tracking, id: TrackingAccountId, account: &mut Account) -> Result<Vec<Listed>, Trouble> {
    let provider = tracking.provider(account.provider);
    let mut access = tracking.enter(id, account).await?;
    match provider.list(&access).await {
        Err(TrackingError::SessionLost) => {
            tracking.renew(id, account, &mut access).await?;
            Ok(provider.list(&access).await?)
        }
        other => Ok(other?),
    }
}

async fn store(
    tracking: &Tracking,
    id: TrackingAccountId,
    company_id: CompanyId,
    listed: Vec<Listed>,
) -> AppResult<Synced> {
    // Each external id once, in the order in which trackers are locked.
    let listed: BTreeMap<String, Listed> = listed.into_iter().map(|l| (l.external_id.clone(), l)).collect();
    let now = tracking.clock.now();
    let mut tx = begin(&tracking.pool).await?;
    let buses = db::timetable::bus::stored(&mut tx, &[company_id]).await?;
    let buses = Buses::new(
        buses
            .into_iter()
            .filter_map(|bus| Some((bus.id, bus.registration_number?))),
    );
    let list: Vec<Listing> = listed
        .into_values()
        .map(|listed| {
            let bus = buses.find(listed.registration_number.as_deref(), &listed.name);
            Listing {
                id: TrackerId::new(),
                bus_id: bus.map(|(id, _)| id),
                registration_number: bus
                    .map(|(_, number)| number.to_owned())
                    .or_else(|| listed.registration_number.clone()),
                external_id: listed.external_id,
                name: listed.name,
            }
        })
        .collect();
    if db::tracking::lock(&mut tx, id).await?.is_none() {
        return Ok(Synced::Nothing);
    }
    db::tracking::tracker::store_list(&mut tx, company_id, id, &list, now).await?;
    db::tracking::sync::note(&mut tx, id, now).await?;
    tx.commit().await?;
    Ok(Synced::Trackers {
        listed: list.len(),
        buses: list.iter().filter(|listing| listing.bus_id.is_some()).count(),
    })
}
