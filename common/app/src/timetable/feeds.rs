//! Operations on whole feeds: list them, take one off sale, change its key.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use connect::postgres::begin;
use db::journey::DepartureKey;
use db::timetable::feed::{self, FeedSummary};
use db::timetable::{departure_match, sold};
use domain::gtfs::{Clause, Remark};
use domain::id::FeedId;
use domain::slug::is_slug;
use sqlx::{PgConnection, PgPool};

use super::sold::remark;
use crate::error::{AppError, AppResult};
use crate::ops::Operator;

/// The feeds by key, withdrawn ones included.
///
/// # Errors
/// Database errors only.
pub async fn feeds(pool: &PgPool, now: DateTime<Utc>) -> AppResult<Vec<FeedSummary>> {
    feed::summaries(&mut *pool.acquire().await?, now).await
}

/// The effect of a withdrawal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Withdrawal {
    /// Trips that are no longer on sale.
    pub trips: u64,
    /// Tickets that hold seats; they stay as they were sold.
    pub tickets: usize,
    /// Departures that were on sale and carry such tickets. One line each.
    pub closed: Vec<Remark>,
}

/// Takes a feed off sale as a whole: trips, routes and stops are withdrawn, departures that carry tickets are closed
/// and keep them. The next import under its key puts it back.
///
/// # Errors
/// Validation when there is no feed of this key.
pub async fn withdraw_feed(pool: &PgPool, now: DateTime<Utc>, by: &Operator, key: &str) -> AppResult<Withdrawal> {
    let mut tx = begin(pool).await?;
    feed::take_turn(&mut tx).await?;
    let feed_id = existing(&mut tx, "key", key).await?;
    let withdrawal = withdraw(&mut tx, feed_id, now).await?;
    let details = [
        ("trips", withdrawal.trips.into()),
        ("tickets", withdrawal.tickets.into()),
    ];
    by.record(&mut tx, now, "feed.withdrawn", key, details).await?;
    tx.commit().await?;
    Ok(withdrawal)
}

/// Withdraws a feed in a transaction that has its turn.
pub(super) async fn withdraw(tx: &mut PgConnection, feed_id: FeedId, now: DateTime<Utc>) -> AppResult<Withdrawal> {
    let trips = feed::withdraw(tx, feed_id, now).await?;
    db::publication::close_first_sales(tx).await?;
    let departures = sold::lock(tx, feed_id, now).await?;
    let keys: Vec<_> = departures.iter().map(|d| (d.trip_id, d.service_day)).collect();
    let tickets = sold::tickets(tx, &keys).await?;
    let closed: Vec<_> = departures
        .iter()
        .map(|d| ((d.trip_id, d.service_day), d.bus_id, true))
        .collect();
    sold::store(tx, &closed, now).await?;
    departure_match::replace(tx, &keys, &[], now).await?;
    db::publication::bump(tx).await?;
    let mut held: HashMap<DepartureKey, usize> = HashMap::new();
    for ticket in tickets.iter().filter(|ticket| ticket.held) {
        *held.entry((ticket.trip_id, ticket.service_day)).or_default() += 1;
    }
    let on_sale = departures.iter().filter(|departure| !departure.closed);
    let closed = on_sale.filter_map(|departure| {
        let tickets = held.get(&(departure.trip_id, departure.service_day))?;
        Some(remark(departure, *tickets, Clause::TripGone {}))
    });
    Ok(Withdrawal {
        trips,
        tickets: held.values().sum(),
        closed: closed.collect(),
    })
}

/// Changes the key of a feed; nothing else changes.
///
/// # Errors
/// Validation when there is no feed of the old key, when the new one is taken, or is neither a slug nor two with a
/// slash between them (company and name).
pub async fn rename_feed(pool: &PgPool, now: DateTime<Utc>, by: &Operator, old: &str, new: &str) -> AppResult<()> {
    let mut parts = new.split('/');
    let is_key = parts.next().is_some_and(is_slug) && parts.next().is_none_or(is_slug) && parts.next().is_none();
    if !is_key {
        let message = "must be lower-case letters, digits and dashes, optionally after a company and a slash";
        return Err(AppError::field("new", "slug", message));
    }
    let mut tx = begin(pool).await?;
    feed::take_turn(&mut tx).await?;
    let feed_id = existing(&mut tx, "old", old).await?;
    if feed::find(&mut tx, new).await?.is_some() {
        return Err(AppError::field(
            "new",
            "unique",
            format!("must be unique: {new:?} already exists"),
        ));
    }
    feed::rename(&mut tx, feed_id, old, new).await?;
    by.record(&mut tx, now, "feed.renamed", new, [("from", old.into())])
        .await?;
    tx.commit().await?;
    Ok(())
}

async fn existing(conn: &mut PgConnection, field: &str, key: &str) -> AppResult<FeedId> {
    let found = feed::find(conn, key).await?;
    let unknown = || {
        AppError::field(
            field,
            "known",
            format!("must be the key of a feed, not {key:?}: `admin feeds` lists them"),
        )
    };
    found.map(|(id, _)| id).ok_or_else(unknown)
}
