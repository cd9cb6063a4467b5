//! Undecided matches as people see them.

use chrono::{DateTime, NaiveDate, Utc};
use domain::id::DepartureMatchId;
use sqlx::PgConnection;

use crate::error::AppResult;

/// One side of a match, for people.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Side {
    /// `trip_id` of the feed.
    pub trip: String,
    /// Its service day.
    pub service_day: NaiveDate,
    /// IANA name of the zone of its timetable.
    pub time_zone: String,
    /// First stop.
    pub from: String,
    /// When it leaves the first stop.
    pub departs_at: DateTime<Utc>,
    /// Last stop.
    pub to: String,
    /// When it reaches the last stop.
    pub arrives_at: DateTime<Utc>,
    /// Key of its bus.
    pub bus: String,
    /// Seats of its bus.
    pub seats: i16,
    /// Seats that are held.
    pub held: i64,
}

/// An undecided match, for people.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpenMatch {
    /// Its id.
    pub id: DepartureMatchId,
    /// Key of the feed.
    pub feed: String,
    /// The sold departure.
    pub sold: Side,
    /// The possible match.
    pub candidate: Side,
}

/// The undecided matches of a feed or of all, the first day first: at most `limit`, and how many there are.
///
/// # Errors
/// Database errors only.
pub async fn open(
    conn: &mut PgConnection,
    feed: Option<&str>,
    now: DateTime<Utc>,
    limit: i64,
) -> AppResult<(Vec<OpenMatch>, i64)> {
    let rows = sqlx::query!(
        r#"with open as (
               select m.id, m.sold_trip_id, m.sold_day, m.trip_id, m.service_day
               from departure_matches m where m.rejected_at is null
           ), departure_sides as (
               select d.trip_id, d.service_day, t.feed_id, t.feed_trip_id as trip, t.time_zone as zone,
                      origin.name as origin, first.departure_at as departs_at,
                      destination.name as destination, last.arrival_at as arrives_at, b.key as bus, b.seats,
                      (select count(*) from seat_holds h
                       where h.trip_id = d.trip_id and h.service_day = d.service_day) as held
               from departures d
               join trips t on t.id = d.trip_id
               join buses b on b.id = d.bus_id
               join departure_calls first
                    on first.trip_id = d.trip_id and first.service_day = d.service_day and first.position = 0
               join stops origin on origin.id = first.stop_id
               join lateral (
                   select c.stop_id, c.arrival_at from departure_calls c
                   where c.trip_id = d.trip_id and c.service_day = d.service_day
                   order by c.position desc limit 1
               ) as last on true
               join stops destination on destination.id = last.stop_id
               where (d.trip_id, d.service_day) in (
                   select sold_trip_id, sold_day from open union select trip_id, service_day from open
               )
           )
           select m.id as "id: DepartureMatchId", f.key as feed, count(*) over () as "total!",
                  array[a.trip, b.trip] as "trips!", array[m.sold_day, m.service_day] as "days!",
                  array[a.zone, b.zone] as "zones!", array[a.origin, b.origin] as "origins!",
                  array[a.departs_at, b.departs_at] as "departures!", array[a.destination, b.destination] as "destinations!",
                  array[a.arrives_at, b.arrives_at] as "arrivals!", array[a.bus, b.bus] as "buses!",
                  array[a.seats, b.seats] as "seats!", array[a.held, b.held] as "held!"
           from open m
           join departure_sides a on (a.trip_id, a.service_day) = (m.sold_trip_id, m.sold_day)
           join departure_sides b on (b.trip_id, b.service_day) = (m.trip_id, m.service_day)
           join feeds f on f.id = b.feed_id
           where ($1::text is null or f.key = $1) and a.arrives_at > $2
           order by m.sold_day, a.departs_at, m.id
           limit $3"#,
        feed,
        now,
        limit,
    )
    .fetch_all(conn)
    .await?;
    let total = rows.first().map_or(0, |row| row.total);
    let matches = rows.into_iter().filter_map(|row| {
        let side = |at: usize| {
            Some(Side {
                trip: row.trips.get(at)?.clone(),
                service_day: *row.days.get(at)?,
                time_zone: row.zones.get(at)?.clone(),
                from: row.origins.get(at)?.clone(),
                departs_at: *row.departures.get(at)?,
                to: row.destinations.get(at)?.clone(),
                arrives_at: *row.arrivals.get(at)?,
                bus: row.buses.get(at)?.clone(),
                seats: *row.seats.get(at)?,
                held: *row.held.get(at)?,
            })
        };
        Some(OpenMatch {
            id: row.id,
            feed: row.feed.clone(),
            sold: side(0)?,
            candidate: side(1)?,
        })
    });
    Ok((matches.collect(), total))
}
