//! Moves tickets at the request of a company: to another day, trip or route between the same stops, or to another
//! passenger.

use chrono::{DateTime, NaiveDate, Utc};
use db::journey::DepartureKey;
use db::ticket::ticket_move::Movable;
use domain::id::{CompanyId, RouteId, TicketId, TripId};
use domain::timetable::Timetable;

use super::company::{self, Record};
use super::note_freed_seats;
use super::ticket_move::{Identity, TicketMove, move_tickets};
use crate::error::{AppError, AppResult, Noun};
use crate::work::Work;
use crate::{Actor, Platform};

/// The changes; at least one.
#[derive(Debug, Clone, Default)]
pub struct MoveRequest {
    /// Other tickets of the same booking that move too.
    pub also: Vec<TicketId>,
    /// Local day of boarding; by default the ticket's present one.
    pub day: Option<NaiveDate>,
    /// The trip.
    pub trip_id: Option<TripId>,
    /// The route, which must have only one trip that day; without `trip_id` and `route_id` the trip stays.
    pub route_id: Option<RouteId>,
    /// The new passenger.
    pub passenger: Option<Identity>,
}

/// Moves a company's ticket, with others of its booking, to a new booking. Returns the moved ticket with its history.
///
/// # Errors
/// Not found when one is unknown or another company's; validation when nothing would change, or the route has several
/// trips that day; departure closed when there is no such departure; otherwise as [`move_tickets`].
pub async fn move_ticket(
    platform: &Platform,
    work: &Work,
    company_id: CompanyId,
    actor: &Actor,
    id: TicketId,
    wanted: MoveRequest,
) -> AppResult<Record> {
    let now = platform.clock.now();
    let mut conn = platform.pool.acquire().await?;
    let found = db::ticket::ticket_move::find(&mut conn, company_id, &[id]).await?;
    drop(conn);
    let ticket = found.first().ok_or(AppError::NotFound(Noun::Ticket))?;
    let published = platform.published().await?;
    let departure = if wanted.day.is_some() || wanted.trip_id.is_some() || wanted.route_id.is_some() {
        let key = target(&published.timetable, company_id, ticket, &wanted, now)?;
        Some(key).filter(|key| *key != ticket.departure)
    } else {
        None
    };
    if departure.is_none() && wanted.passenger.is_none() {
        let message = "must name another departure or another passenger";
        return Err(AppError::field("body", "change", message));
    }
    let mut tickets = wanted.also;
    tickets.push(id);
    tickets.sort_unstable();
    tickets.dedup();
    let wanted = TicketMove {
        tickets,
        departure,
        passenger: wanted.passenger,
    };
    let mut tx = work.begin().await?;
    move_tickets(&mut tx, &published.timetable, company_id, actor, &wanted, now).await?;
    tx.commit().await?;
    note_freed_seats(platform, work);
    company::read(work, company_id, id, platform.clock.now()).await
}

/// The departure that the request names.
fn target(
    timetable: &Timetable,
    company_id: CompanyId,
    ticket: &Movable,
    wanted: &MoveRequest,
    now: DateTime<Utc>,
) -> AppResult<DepartureKey> {
    let (from, to) = (ticket.from.0, ticket.to.0);
    let today = || timetable.local_day(from, ticket.boarding_at);
    let day = wanted.day.or_else(today).ok_or(AppError::DepartureClosed)?;
    let mut rides = timetable.rides(from, to, day);
    rides.retain(|ride| {
        let trip = timetable.trip(ride);
        let meant = match (wanted.trip_id, wanted.route_id) {
            (None, None) => trip.id == ticket.departure.0,
            (trip_id, route_id) => {
                trip_id.is_none_or(|id| id == trip.id) && route_id.is_none_or(|id| id == trip.route.id)
            }
        };
        meant && trip.route.company.id == company_id && now < ride.departs_at
    });
    match rides.as_slice() {
        [] => Err(AppError::DepartureClosed),
        [ride] => Ok((timetable.trip(ride).id, ride.service_day)),
        [..] => {
            let trips: Vec<String> = rides.iter().map(|ride| timetable.trip(ride).id.to_string()).collect();
            let message = format!(
                "is required: the route has several trips that day, {}",
                trips.join(", ")
            );
            Err(AppError::field("tripId", "required", message))
        }
    }
}
