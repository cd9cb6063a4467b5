//! Moves sold departures to where the new timetable has them, as far as their tickets fit.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use db::departure::closure;
use db::journey::DepartureKey;
use db::timetable::departure_match;
use db::timetable::sold::{self, DepartureRow, SoldCall, SoldTicket};
use db::timetable::trip;
use domain::gtfs::{Clause, Remark};
use domain::id::{BusId, CityId, FeedId, TripId};
use sqlx::PgConnection;

use super::known::Known;
use super::publish::Published;
use super::report::SoldChanges;
use crate::error::AppResult;

mod alike;
mod plan;
mod runs;
pub mod target;

use plan::{Fate, Pair, Sold, Stay, Verdicts, plan};
use runs::{Dated, Runs};
use target::Target;

/// Rows to write.
#[derive(Default)]
struct Moves {
    /// For each departure, its bus and whether it is closed.
    rows: BTreeMap<DepartureKey, (BusId, bool)>,
    /// Departures that get new calls.
    keys: BTreeSet<DepartureKey>,
    calls: Vec<SoldCall>,
    tickets: Vec<SoldTicket>,
    /// Departures that all tickets have left.
    left: Vec<DepartureKey>,
    /// For each of these, the departure to which its tickets went.
    gone: Vec<(DepartureKey, DepartureKey)>,
    /// Trips whose ids other trips need, and the withdrawn trips that take over what was sold on them.
    shelters: BTreeMap<TripId, TripId>,
    /// Sold departures with their possible matches.
    doubts: Vec<Pair>,
}

impl Moves {
    fn call(&mut self, key: DepartureKey, calls: &[SoldCall]) {
        if self.keys.insert(key) {
            self.calls.extend_from_slice(calls);
        }
    }

    fn leave(&mut self, from: DepartureKey, to: DepartureKey) {
        self.left.push(from);
        self.gone.push((from, to));
    }
}

/// Adapts the sold departures of a feed that have not arrived yet to what was published. Their rows, and those of their
/// tickets, are locked in the order in which sales lock them.
///
/// # Errors
/// Database errors only.
pub async fn follow(
    conn: &mut PgConnection,
    feed_id: FeedId,
    published: &Published<'_>,
    (known, cities): (&Known, &[Option<CityId>]),
    now: DateTime<Utc>,
) -> AppResult<SoldChanges> {
    let all = load(conn, feed_id, now).await?;
    if all.is_empty() {
        return Ok(SoldChanges::default());
    }
    let keys: Vec<DepartureKey> = all.iter().map(Sold::key).collect();
    let mut verdicts = Verdicts::default();
    for row in departure_match::of(conn, &keys).await? {
        let of_kind = if row.rejected {
            &mut verdicts.rejected
        } else {
            &mut verdicts.pending
        };
        of_kind.insert((row.sold, row.departure));
    }
    let mut runs = Runs::new(published, known, cities)?;
    let mut fates = plan(&all, &mut runs, &verdicts);
    let candidates = fates.iter().flat_map(|fate| match fate {
        Fate::Stays(stay) => stay.candidates.as_slice(),
        Fate::Follows(..) => &[],
    });
    let doubtful: HashSet<DepartureKey> = candidates.map(|(dated, _)| runs.key(*dated)).collect();
    for (departure, fate) in all.iter().zip(&mut fates) {
        let own = runs.on(departure.key()).filter(|_| doubtful.contains(&departure.key()));
        // The tickets do not fit on the departure with its own id, and those of other departures may: it is then as
        // doubtful as the other candidates.
        if let (Fate::Stays(stay), Some(own)) = (fate, own)
            && !stay.gives_way
        {
            stay.gives_way = true;
            stay.candidates.push((own, TimeDelta::zero()));
        }
    }
    let mut changes = SoldChanges::default();
    let mut moves = Moves::default();
    for (departure, fate) in all.iter().zip(&fates) {
        match fate {
            Fate::Follows(home, target) => {
                let is_closed = doubtful.contains(&target.key);
                follows(departure, &runs, *home, target, is_closed, &mut moves, &mut changes);
            }
            Fate::Stays(stay) => stays(departure, &runs, stay, &mut moves, &mut changes),
        }
    }
    // Only rows whose state changes are written.
    let stored: HashMap<DepartureKey, (BusId, bool)> = all
        .iter()
        .map(|departure| (departure.key(), (departure.row.bus_id, departure.row.closed)))
        .collect();
    let left: HashSet<DepartureKey> = moves.left.iter().copied().collect();
    moves.left.retain(|key| !moves.rows.contains_key(key));
    moves
        .rows
        .retain(|key, row| left.contains(key) || stored.get(key) != Some(row));
    write(conn, &keys, &moves, now).await?;
    Ok(changes)
}

async fn load(conn: &mut PgConnection, feed_id: FeedId, now: DateTime<Utc>) -> AppResult<Vec<Sold>> {
    let departures = sold::lock(conn, feed_id, now).await?;
    let keys: Vec<DepartureKey> = departures.iter().map(|d| (d.trip_id, d.service_day)).collect();
    if keys.is_empty() {
        return Ok(Vec::new());
    }
    let mut calls: HashMap<DepartureKey, Vec<SoldCall>> = HashMap::new();
    for call in sold::calls(conn, &keys).await? {
        calls.entry((call.trip_id, call.service_day)).or_default().push(call);
    }
    let mut tickets: HashMap<DepartureKey, Vec<SoldTicket>> = HashMap::new();
    for ticket in sold::tickets(conn, &keys).await? {
        let key = (ticket.trip_id, ticket.service_day);
        tickets.entry(key).or_default().push(ticket);
    }
    let departures = departures.into_iter().zip(keys);
    Ok(departures
        .map(|(row, key)| Sold {
            row: DepartureRow {
                trip_key: plain(&row.trip_key).to_owned(),
                ..row
            },
            calls: calls.remove(&key).unwrap_or_default(),
            tickets: tickets.remove(&key).unwrap_or_default(),
        })
        .collect())
}

fn follows(
    departure: &Sold,
    runs: &Runs<'_>,
    home: Dated,
    target: &Target,
    is_closed: bool,
    moves: &mut Moves,
    changes: &mut SoldChanges,
) {
    let Sold { row, calls, tickets } = departure;
    let (bus_id, seats) = runs.bus(home);
    let seats = seats.unwrap_or(row.seats);
    let last_seat = tickets.iter().filter(|t| t.held).map(|t| t.seat).max();
    if let Some(seat) = last_seat.filter(|seat| *seat > seats) {
        let missing = Clause::SeatMissing {
            trip: runs.name(home).to_owned(),
            day: target.key.1.to_string(),
            seat: seat.to_string(),
            seats: seats.to_string(),
        };
        changes.overbooked.push(missing.into());
    }
    if row.closed && !is_closed && !tickets.is_empty() {
        changes.reopened += 1;
    }
    moves.rows.insert(target.key, (bus_id, is_closed));
    if target.key == departure.key() && target.calls == *calls {
        return;
    }
    if !tickets.is_empty() {
        changes.moved += 1;
    }
    if target.key != departure.key() {
        moves.leave(departure.key(), target.key);
    }
    moves.call(target.key, &target.calls);
    let moved = tickets.iter().map(|ticket| target.moved(*ticket));
    moves.tickets.extend(moved);
}

fn stays(departure: &Sold, runs: &Runs<'_>, stay: &Stay, moves: &mut Moves, changes: &mut SoldChanges) {
    let Sold { row, calls, tickets } = departure;
    let Stay {
        reason,
        candidates,
        gives_way,
    } = stay;
    let line = |what: Clause| remark(row, tickets.len(), what);
    if !row.closed && !tickets.is_empty() {
        changes.closed.push(line(reason.clone()));
    }
    let mut own = departure.key();
    if *gives_way {
        own.0 = *moves.shelters.entry(own.0).or_default();
        let target = Target::unmoved(own, calls, tickets);
        moves.leave(departure.key(), own);
        moves.call(own, &target.calls);
        moves.tickets.extend(tickets.iter().map(|ticket| target.moved(*ticket)));
    }
    moves.rows.insert(own, (row.bus_id, true));
    for (dated, shift) in candidates {
        let key = runs.key(*dated);
        moves.doubts.push((own, key));
        changes.doubtful.push(line(may_be(runs.name(*dated), key.1, *shift)));
        let (bus_id, _) = runs.bus(*dated);
        moves.rows.entry(key).or_insert((bus_id, true)).1 = true;
        moves.call(key, &runs.calls(*dated));
    }
}

/// What is said about a departure that carries tickets.
pub(super) fn remark(row: &DepartureRow, tickets: usize, what: Clause) -> Remark {
    let (trip, day) = (&row.trip_key, row.service_day);
    let number = counted(tickets);
    let sold = Clause::SoldDeparture {
        trip: trip.clone(),
        day: day.to_string(),
        tickets: tickets.to_string(),
    };
    Remark::new(format!("trip {trip:?} on {day}, {number}: {what}"), vec![sold, what])
}

fn counted(tickets: usize) -> String {
    match tickets {
        1 => "1 ticket".to_owned(),
        _ => format!("{tickets} tickets"),
    }
}

/// A trip's id in the feed, without the suffix that it got when another trip took the id.
pub(super) fn plain(key: &str) -> &str {
    match key.rsplit_once('~') {
        Some((before, id)) if uuid::Uuid::try_parse(id).is_ok() => plain(before),
        _ => key,
    }
}

/// The statement that a sold departure may be the one of this trip and day, which leaves later by `shift`.
fn may_be(trip: &str, day: NaiveDate, shift: TimeDelta) -> Clause {
    let (trip, day) = (trip.to_owned(), day.to_string());
    let minutes = shift.num_minutes().abs().to_string();
    match shift.num_minutes() {
        0 => Clause::MayBeSame { trip, day },
        sooner if sooner < 0 => Clause::MayBeSooner { trip, day, minutes },
        _ => Clause::MayBeLater { trip, day, minutes },
    }
}

async fn write(
    conn: &mut PgConnection,
    sold_keys: &[DepartureKey],
    moves: &Moves,
    now: DateTime<Utc>,
) -> AppResult<()> {
    let rows: Vec<(DepartureKey, BusId, bool)> = moves
        .rows
        .iter()
        .map(|(key, (bus, closed))| (*key, *bus, *closed))
        .collect();
    let keys: Vec<DepartureKey> = moves.keys.iter().copied().collect();
    let shelters: Vec<(TripId, TripId)> = moves.shelters.iter().map(|(trip, shelter)| (*trip, *shelter)).collect();
    trip::shelter(conn, &shelters, now).await?;
    sold::store(conn, &rows, now).await?;
    sold::move_tickets(conn, &moves.tickets, now).await?;
    sold::replace_calls(conn, &keys, &moves.calls).await?;
    closure::follow(conn, &moves.gone).await?;
    sold::remove(conn, &moves.left).await?;
    departure_match::replace(conn, sold_keys, &moves.doubts, now).await
}
