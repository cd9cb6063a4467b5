//! Doubtful matches: an operator decides whether a departure of the timetable is one that was sold.

use std::collections::{HashMap, HashSet};

use chrono::{DateTime, TimeDelta, Utc};
use connect::postgres::begin;
use db::departure::closure;
use db::journey::DepartureKey;
pub use db::timetable::departure_match::Side;
use db::timetable::departure_match::{self, MatchRow, OpenMatch};
use db::timetable::sold::{self, SoldCall, SoldTicket};
use db::timetable::{call, feed, stop, trip};
use domain::id::{BusId, CityId, DepartureMatchId, StopId};
use domain::zone::Zone;
use sqlx::{PgConnection, PgPool};

use super::sold::plain;
use super::sold::target::Target;
use crate::error::{AppError, AppResult, Noun};
use crate::ops::Operator;

/// Maximum number of matches that one decision settles.
const MOST: i64 = 1_000;

/// An operator's decision about a match.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MatchDecision {
    /// The same run: the tickets move to the departure of the timetable.
    SameRun,
    /// Another run: the departure goes on sale separately.
    AnotherRun,
}

impl MatchDecision {
    /// As on the command line.
    const fn word(self) -> &'static str {
        match self {
            Self::SameRun => "same-run",
            Self::AnotherRun => "another-run",
        }
    }
}

/// The effect of a decision.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Resolution {
    /// Matches that it settled.
    pub matches: usize,
    /// Tickets that moved.
    pub tickets: usize,
    /// Departures that are on sale again.
    pub reopened: usize,
}

/// The undecided matches of a feed or of all feeds, the earliest day first: at most `limit`, and how many there are.
///
/// # Errors
/// Database errors only.
pub async fn matches(
    pool: &PgPool,
    now: DateTime<Utc>,
    feed: Option<&str>,
    limit: i64,
) -> AppResult<(Vec<OpenMatch>, i64)> {
    let (mut open, total) = departure_match::open(&mut *pool.acquire().await?, feed, now, limit).await?;
    for one in &mut open {
        one.sold.trip = plain(&one.sold.trip).to_owned();
        one.candidate.trip = plain(&one.candidate.trip).to_owned();
    }
    Ok((open, total))
}

/// Settles a match; with `all_days` also the matches of the same two trips on other days, at most 1,000 at a time.
///
/// # Errors
/// Not found (unknown, or decided meanwhile); validation when the tickets of both do not fit on one bus: the departure
/// does not have their stops in this order, or a seat is sold on both. Nothing is then changed.
pub async fn resolve(
    pool: &PgPool,
    now: DateTime<Utc>,
    by: &Operator,
    id: DepartureMatchId,
    verdict: MatchDecision,
    all_days: bool,
) -> AppResult<Resolution> {
    let mut tx = begin(pool).await?;
    feed::take_turn(&mut tx).await?;
    let one = departure_match::find(&mut tx, id).await?;
    let one = one.ok_or(AppError::NotFound(Noun::Resource))?;
    let matches = if all_days {
        departure_match::like(&mut tx, &one, MOST).await?
    } else {
        vec![one]
    };
    let mut case = Case::load(&mut tx, &matches, now).await?;
    let ids: Vec<DepartureMatchId> = matches.iter().map(|one| one.id).collect();
    let mut done = Resolution {
        matches: ids.len(),
        ..Resolution::default()
    };
    match verdict {
        MatchDecision::AnotherRun => departure_match::reject(&mut tx, &ids, now).await?,
        MatchDecision::SameRun => {
            for one in &matches {
                done.tickets += case.join(one)?;
            }
            sold::move_tickets(&mut tx, &case.moved, now).await?;
            let emptied: Vec<DepartureKey> = matches.iter().map(|one| one.sold).collect();
            let gone: Vec<_> = matches.iter().map(|one| (one.sold, one.departure)).collect();
            closure::follow(&mut tx, &gone).await?;
            // This also removes the other matches of the sold departures, since they are now decided.
            sold::remove(&mut tx, &emptied).await?;
        }
    }
    done.reopened = case.reopen(&mut tx, now).await?;
    let details = [
        ("verdict", verdict.word().into()),
        ("matches", done.matches.into()),
        ("tickets", done.tickets.into()),
        ("reopened", done.reopened.into()),
    ];
    by.record(&mut tx, now, "match.resolved", &id.to_string(), details)
        .await?;
    tx.commit().await?;
    Ok(done)
}

/// The locked departures that a decision affects.
struct Case {
    /// Calls of candidates as the timetable has them now.
    timetable: HashMap<DepartureKey, Vec<SoldCall>>,
    buses: HashMap<DepartureKey, BusId>,
    frozen: HashMap<DepartureKey, Vec<SoldCall>>,
    tickets: HashMap<DepartureKey, Vec<SoldTicket>>,
    cities: HashMap<StopId, CityId>,
    moved: Vec<SoldTicket>,
}

impl Case {
    async fn load(conn: &mut PgConnection, matches: &[MatchRow], now: DateTime<Utc>) -> AppResult<Self> {
        let sold_keys: Vec<DepartureKey> = matches.iter().map(|one| one.sold).collect();
        // All candidates of these sold departures, since a decision on one candidate frees the others.
        let rivals = departure_match::of(conn, &sold_keys).await?;
        let mut candidates: Vec<DepartureKey> = rivals.iter().map(|one| one.departure).collect();
        candidates.sort_unstable();
        candidates.dedup();
        let mut keys: Vec<DepartureKey> = sold_keys.iter().chain(&candidates).copied().collect();
        keys.sort_unstable();
        keys.dedup();
        db::departure::lock(conn, &keys).await?;
        let mut frozen: HashMap<DepartureKey, Vec<SoldCall>> = HashMap::new();
        for call in sold::calls(conn, &keys).await? {
            frozen.entry((call.trip_id, call.service_day)).or_default().push(call);
        }
        let mut tickets: HashMap<DepartureKey, Vec<SoldTicket>> = HashMap::new();
        for ticket in sold::tickets(conn, &keys).await? {
            let key = (ticket.trip_id, ticket.service_day);
            tickets.entry(key).or_default().push(ticket);
        }
        let trips: Vec<_> = candidates.iter().map(|(trip, _)| *trip).collect();
        let stored: HashMap<_, _> = trip::live(conn, &trips)
            .await?
            .into_iter()
            .map(|row| (row.id, row))
            .collect();
        let calls = call::of_trips(conn, &trips).await?;
        let (mut timetable, mut buses) = (HashMap::new(), HashMap::new());
        for key in candidates {
            let Some(row) = stored.get(&key.0) else { continue };
            let zone = Zone::named(&row.time_zone).map_err(|e| AppError::Internal(e.to_string()))?;
            let start = zone.service_day_start(key.1);
            let instants = calls.iter().filter(|call| call.trip_id == key.0).map(|call| SoldCall {
                trip_id: key.0,
                service_day: key.1,
                position: call.position,
                stop_id: call.stop_id,
                arrival_at: start + TimeDelta::seconds(call.arrival.into()),
                departure_at: start + TimeDelta::seconds(call.departure.into()),
            });
            let instants: Vec<SoldCall> = instants.collect();
            if instants.last().is_some_and(|call| call.arrival_at > now) {
                timetable.insert(key, instants);
                buses.insert(key, row.bus_id);
            }
        }
        let stops: HashSet<StopId> = timetable
            .values()
            .chain(frozen.values())
            .flatten()
            .map(|c| c.stop_id)
            .collect();
        let stops: Vec<StopId> = stops.into_iter().collect();
        Ok(Self {
            timetable,
            buses,
            frozen,
            tickets,
            cities: stop::cities(conn, &stops).await?,
            moved: Vec::new(),
        })
    }

    /// Moves the tickets of a sold departure to its match; returns how many hold a seat.
    fn join(&mut self, one: &MatchRow) -> AppResult<usize> {
        let refuse = |why: String| {
            AppError::field(
                "match",
                "fits",
                format!("cannot be joined, {} stays undecided: {why}", one.id),
            )
        };
        let calls = self.timetable.get(&one.departure).cloned();
        let calls = calls.ok_or_else(|| refuse("the timetable no longer has that departure".to_owned()))?;
        if self.frozen.get(&one.departure) != Some(&calls) {
            return Err(refuse(
                "tickets on that departure have doubtful matches themselves".to_owned(),
            ));
        }
        let old = self.frozen.get(&one.sold).cloned().unwrap_or_default();
        let tickets = self.tickets.remove(&one.sold).unwrap_or_default();
        let city = |call: &SoldCall| {
            self.cities
                .get(&call.stop_id)
                .map_or(Err(call.stop_id), |city| Ok(*city))
        };
        let (places, new_places): (Vec<_>, Vec<_>) = (old.iter().map(city).collect(), calls.iter().map(city).collect());
        let target = Target::of(one.departure, calls.clone(), &old, &tickets)
            .or_else(|| Target::among(one.departure, calls, (&places, &new_places), &tickets));
        let target =
            target.ok_or_else(|| refuse("its tickets use stops that it does not serve in this order".to_owned()))?;
        let moved: Vec<SoldTicket> = tickets.into_iter().map(|ticket| target.moved(ticket)).collect();
        let there = self.tickets.entry(one.departure).or_default();
        for ticket in moved.iter().filter(|ticket| ticket.held) {
            let overlaps = |other: &&SoldTicket| {
                other.held
                    && other.seat == ticket.seat
                    && other.boarding_position < ticket.alighting_position
                    && ticket.boarding_position < other.alighting_position
            };
            if there.iter().any(|other| overlaps(&other)) {
                return Err(refuse(format!("seat {} is sold on both", ticket.seat)));
            }
        }
        there.extend_from_slice(&moved);
        let held = moved.iter().filter(|ticket| ticket.held).count();
        self.moved.extend(moved);
        Ok(held)
    }

    /// Puts candidates on sale that have no undecided matches left. A candidate whose frozen calls differ from those of
    /// the timetable carries tickets that do not fit, and stays closed.
    async fn reopen(self, conn: &mut PgConnection, now: DateTime<Utc>) -> AppResult<usize> {
        let fit = |key: &&DepartureKey| self.frozen.get(*key) == self.timetable.get(*key);
        let keys: Vec<DepartureKey> = self.timetable.keys().filter(fit).copied().collect();
        let doubtful: HashSet<DepartureKey> = departure_match::doubtful(conn, &keys).await?.into_iter().collect();
        let clear = keys.into_iter().filter(|key| !doubtful.contains(key));
        let open: Vec<_> = clear
            .filter_map(|key| Some((key, *self.buses.get(&key)?, false)))
            .collect();
        sold::store(conn, &open, now).await?;
        Ok(open.len())
    }
}
