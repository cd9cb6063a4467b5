//! Departures of a feed that carry tickets, and what an import moves of them.

use chrono::{DateTime, NaiveDate, Utc};
use domain::id::{BusId, CompanyId, FeedId, RouteId, StopId, TicketId, TripId};
use domain::ticket::TicketStatus;
use sqlx::PgConnection;

use crate::error::AppResult;
use crate::journey::DepartureKey;

/// A row of `departures`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DepartureRow {
    /// Its trip.
    pub trip_id: TripId,
    /// Its service day.
    pub service_day: NaiveDate,
    /// `trip_id` of the feed, for messages.
    pub trip_key: String,
    /// Its line.
    pub route_id: RouteId,
    /// The company that sells it.
    pub company_id: CompanyId,
    /// Its bus.
    pub bus_id: BusId,
    /// Seats of its bus.
    pub seats: i16,
    /// Whether it was taken off sale.
    pub closed: bool,
}

/// Locks the departures of a feed that have not arrived yet, by trip and day; sales of them wait.
///
/// # Errors
/// Database errors only.
pub async fn lock(conn: &mut PgConnection, feed_id: FeedId, now: DateTime<Utc>) -> AppResult<Vec<DepartureRow>> {
    Ok(sqlx::query_as!(
        DepartureRow,
        r#"select d.trip_id as "trip_id: TripId", d.service_day, t.feed_trip_id as trip_key,
                  t.route_id as "route_id: RouteId", r.company_id as "company_id: CompanyId",
                  d.bus_id as "bus_id: BusId", b.seats, d.closed_at is not null as "closed!"
           from departures d join trips t on t.id = d.trip_id join routes r on r.id = t.route_id
           join buses b on b.id = d.bus_id
           where t.feed_id = $1 and exists (
               select from departure_calls c
               where c.trip_id = d.trip_id and c.service_day = d.service_day and c.arrival_at > $2
           )
           order by d.trip_id, d.service_day
           for update of d"#,
        feed_id as FeedId,
        now,
    )
    .fetch_all(conn)
    .await?)
}

/// A row of `departure_calls`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SoldCall {
    /// Its trip.
    pub trip_id: TripId,
    /// Its service day.
    pub service_day: NaiveDate,
    /// From 0.
    pub position: i16,
    /// The stop.
    pub stop_id: StopId,
    /// When it arrives.
    pub arrival_at: DateTime<Utc>,
    /// When it leaves.
    pub departure_at: DateTime<Utc>,
}

fn columns(keys: &[DepartureKey]) -> (Vec<uuid::Uuid>, Vec<NaiveDate>) {
    keys.iter().map(|(trip, day)| (trip.0, *day)).unzip()
}

/// The calls of these departures, by departure and position.
///
/// # Errors
/// Database errors only.
pub async fn calls(conn: &mut PgConnection, keys: &[DepartureKey]) -> AppResult<Vec<SoldCall>> {
    let (trips, days) = columns(keys);
    Ok(sqlx::query_as!(
        SoldCall,
        r#"select c.trip_id as "trip_id: TripId", c.service_day, c.position, c.stop_id as "stop_id: StopId",
                  c.arrival_at, c.departure_at
           from departure_calls c
           join unnest($1::uuid[], $2::date[]) as k (trip_id, service_day) using (trip_id, service_day)
           order by c.trip_id, c.service_day, c.position"#,
        &trips,
        &days,
    )
    .fetch_all(conn)
    .await?)
}

/// A ticket of such a departure.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SoldTicket {
    /// Its id.
    pub id: TicketId,
    /// Its trip.
    pub trip_id: TripId,
    /// Its service day.
    pub service_day: NaiveDate,
    /// Where it boards.
    pub boarding_position: i16,
    /// Where it alights.
    pub alighting_position: i16,
    /// When it boards.
    pub boarding_at: DateTime<Utc>,
    /// Its seat.
    pub seat: i16,
    /// Status.
    pub status: TicketStatus,
    /// Whether it holds its seat.
    pub held: bool,
}

/// Locks the tickets of these departures, whose rows the caller has locked.
///
/// # Errors
/// Database errors only.
pub async fn tickets(conn: &mut PgConnection, keys: &[DepartureKey]) -> AppResult<Vec<SoldTicket>> {
    let (trips, days) = columns(keys);
    Ok(sqlx::query_as!(
        SoldTicket,
        r#"select t.id as "id: TicketId", t.trip_id as "trip_id: TripId", t.service_day, t.boarding_position,
                  t.alighting_position, t.boarding_at, t.seat, t.status as "status: TicketStatus",
                  exists (select from seat_holds h where h.ticket_id = t.id) as "held!"
           from tickets t
           join unnest($1::uuid[], $2::date[]) as k (trip_id, service_day) using (trip_id, service_day)
           order by t.id
           for update of t"#,
        &trips,
        &days,
    )
    .fetch_all(conn)
    .await?)
}

/// Makes these the only calls of their departures.
///
/// # Errors
/// Database errors only.
pub async fn replace_calls(conn: &mut PgConnection, keys: &[DepartureKey], calls: &[SoldCall]) -> AppResult<()> {
    let (trips, days) = columns(keys);
    sqlx::query!(
        "delete from departure_calls c using unnest($1::uuid[], $2::date[]) as k (trip_id, service_day)
         where c.trip_id = k.trip_id and c.service_day = k.service_day",
        &trips,
        &days,
    )
    .execute(&mut *conn)
    .await?;
    let trips: Vec<_> = calls.iter().map(|c| c.trip_id.0).collect();
    let days: Vec<_> = calls.iter().map(|c| c.service_day).collect();
    let positions: Vec<_> = calls.iter().map(|c| c.position).collect();
    let stops: Vec<_> = calls.iter().map(|c| c.stop_id.0).collect();
    let arrivals: Vec<_> = calls.iter().map(|c| c.arrival_at).collect();
    let departures: Vec<_> = calls.iter().map(|c| c.departure_at).collect();
    sqlx::query!(
        "insert into departure_calls (trip_id, service_day, position, stop_id, arrival_at, departure_at)
         select * from unnest($1::uuid[], $2::date[], $3::smallint[], $4::uuid[], $5::timestamptz[], $6::timestamptz[])",
        &trips,
        &days,
        &positions,
        &stops,
        &arrivals,
        &departures,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Moves tickets to the departure, the positions and the boarding instant that they carry, their held seats and their
/// bookings with them.
///
/// # Errors
/// Database errors only.
pub async fn move_tickets(conn: &mut PgConnection, tickets: &[SoldTicket], now: DateTime<Utc>) -> AppResult<()> {
    let ids: Vec<_> = tickets.iter().map(|t| t.id.0).collect();
    let trips: Vec<_> = tickets.iter().map(|t| t.trip_id.0).collect();
    let days: Vec<_> = tickets.iter().map(|t| t.service_day).collect();
    let boardings: Vec<_> = tickets.iter().map(|t| t.boarding_position).collect();
    let alightings: Vec<_> = tickets.iter().map(|t| t.alighting_position).collect();
    let instants: Vec<_> = tickets.iter().map(|t| t.boarding_at).collect();
    sqlx::query!(
        "update tickets t set trip_id = new.trip_id, service_day = new.service_day, boarding_position = new.boarding,
             alighting_position = new.alighting, boarding_at = new.at, updated_at = $7
         from unnest($1::uuid[], $2::uuid[], $3::date[], $4::smallint[], $5::smallint[], $6::timestamptz[])
              as new (id, trip_id, service_day, boarding, alighting, at)
         where t.id = new.id",
        &ids,
        &trips,
        &days,
        &boardings,
        &alightings,
        &instants,
        now,
    )
    .execute(&mut *conn)
    .await?;
    // One statement: the exclusion constraint is deferrable, so it checks the outcome and not each row.
    sqlx::query!(
        "update seat_holds h set trip_id = new.trip_id, service_day = new.service_day,
             stretch = int4range(new.boarding, new.alighting)
         from unnest($1::uuid[], $2::uuid[], $3::date[], $4::smallint[], $5::smallint[])
              as new (id, trip_id, service_day, boarding, alighting)
         where h.ticket_id = new.id",
        &ids,
        &trips,
        &days,
        &boardings,
        &alightings,
    )
    .execute(&mut *conn)
    .await?;
    sqlx::query!(
        "update bookings b set departure_at = new.at, updated_at = $2
         from (
             select booking_id, min(boarding_at) as at from tickets
             where booking_id in (select booking_id from tickets where id = any($1))
             group by booking_id
         ) as new
         where b.id = new.booking_id and b.departure_at <> new.at",
        &ids,
        now,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Stores departures with their bus and whether they are closed. One that was closed before keeps its instant.
///
/// # Errors
/// Database errors only.
pub async fn store(conn: &mut PgConnection, rows: &[(DepartureKey, BusId, bool)], now: DateTime<Utc>) -> AppResult<()> {
    let trips: Vec<_> = rows.iter().map(|((trip, _), ..)| trip.0).collect();
    let days: Vec<_> = rows.iter().map(|((_, day), ..)| *day).collect();
    let buses: Vec<_> = rows.iter().map(|(_, bus, _)| bus.0).collect();
    let closed: Vec<_> = rows.iter().map(|(.., closed)| *closed).collect();
    sqlx::query!(
        "insert into departures as d (trip_id, service_day, bus_id, closed_at)
         select trip_id, service_day, bus_id, case when closed then $5::timestamptz end
         from unnest($1::uuid[], $2::date[], $3::uuid[], $4::bool[]) as new (trip_id, service_day, bus_id, closed)
         on conflict (trip_id, service_day) do update set bus_id = excluded.bus_id,
             closed_at = case when excluded.closed_at is not null then coalesce(d.closed_at, excluded.closed_at) end",
        &trips,
        &days,
        &buses,
        &closed,
        now,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Removes departures that no ticket names any more.
///
/// # Errors
/// Database errors; a foreign key when a ticket does.
pub async fn remove(conn: &mut PgConnection, keys: &[DepartureKey]) -> AppResult<()> {
    let (trips, days) = columns(keys);
    sqlx::query!(
        "delete from departures d using unnest($1::uuid[], $2::date[]) as k (trip_id, service_day)
         where d.trip_id = k.trip_id and d.service_day = k.service_day",
        &trips,
        &days,
    )
    .execute(conn)
    .await?;
    Ok(())
}
