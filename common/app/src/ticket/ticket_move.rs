//! Moving tickets: the company changes the date, the trip or the passenger, and they move to a new booking
//! (contract section 5). The old booking id stays resolvable while all its tickets are in one booking.

use chrono::{DateTime, Utc};
use db::journey::DepartureKey;
use db::ticket::ticket_move::{Movable, Target};
use domain::booking::{Passenger, Phone};
use domain::id::{BookingId, CompanyId, PassengerId, PhoneId, TicketId};
use domain::language::Messenger;
use domain::ticket::Event;
use domain::timetable::Timetable;
use sqlx::PgConnection;

use super::{expire_on, record};
use crate::Actor;
use crate::contact::Contact;
use crate::error::{AppError, AppResult, Noun};
use crate::seating::Seating;

/// The request of a company.
#[derive(Debug, Clone)]
pub struct TicketMove {
    /// Tickets of one booking on one departure; together they move to one new booking.
    pub tickets: Vec<TicketId>,
    /// Another trip or service day between the same stops.
    pub departure: Option<DepartureKey>,
    /// Another passenger, for a single ticket.
    pub passenger: Option<Identity>,
}

/// The new passenger. Replaces all data of the old one, who must not receive further messages.
#[derive(Debug, Clone)]
pub struct Identity {
    /// First name.
    pub first_name: String,
    /// Last name.
    pub last_name: String,
    /// E-mail address.
    pub email: Option<String>,
    /// E.164 numbers and where they can be messaged.
    pub phones: Vec<(String, Vec<Messenger>)>,
}

impl Identity {
    /// The identity with names and address in the form in which they are stored.
    fn checked(&self) -> AppResult<Self> {
        let typed = Contact {
            first_name: self.first_name.clone(),
            last_name: self.last_name.clone(),
            email: self.email.clone(),
        };
        let Contact {
            first_name,
            last_name,
            email,
        } = typed.checked("passenger.").map_err(AppError::Validation)?;
        Ok(Self {
            first_name,
            last_name,
            email,
            phones: self.phones.clone(),
        })
    }

    fn passenger(&self, id: PassengerId) -> Passenger {
        let phone = |(phone, messengers): &(String, Vec<Messenger>)| Phone {
            id: PhoneId::new(),
            phone: phone.clone(),
            messengers: messengers.clone(),
        };
        Passenger {
            id,
            first_name: self.first_name.clone(),
            last_name: self.last_name.clone(),
            email: self.email.clone(),
            phones: self.phones.iter().map(phone).collect(),
        }
    }
}

/// Moves tickets of a company to a new booking, in the caller's transaction, which has locked nothing yet. Payment,
/// price and history stay with them. `timetable` is the published one.
///
/// # Errors
/// Not found (unknown tickets, or another company's); validation when they are not of one booking, and of the names and
/// the address of the new passenger; [`AppError::TicketConflict`] for tickets that hold no seat any more; departure
/// closed; seats unavailable.
pub async fn move_tickets(
    conn: &mut PgConnection,
    timetable: &Timetable,
    company_id: CompanyId,
    actor: &Actor,
    wanted: &TicketMove,
    now: DateTime<Utc>,
) -> AppResult<BookingId> {
    let identity = wanted.passenger.as_ref().map(Identity::checked).transpose()?;
    // Before any departure is locked or stored, so that an import and a move do not wait for each other.
    if db::publication::hold(conn).await? != timetable.version() {
        return Err(AppError::Unavailable("the timetable changed meanwhile"));
    }
    // The first read determines which departures to lock; the second one, under their locks, is decisive.
    let seen = find(conn, company_id, wanted).await?;
    let plan = target(conn, company_id, timetable, &seen, wanted.departure, now).await?;
    let departures = db::departure::lock(conn, &[seen.departure, plan.departure]).await?;
    db::ticket::ticket_move::lock(conn, &wanted.tickets).await?;
    let moving = find(conn, company_id, wanted).await?;
    if moving.departure != seen.departure {
        return Err(AppError::Unavailable("the tickets moved meanwhile"));
    }
    let locked = departures
        .get(&plan.departure)
        .copied()
        .ok_or(AppError::DepartureClosed)?;
    if locked.closed && wanted.departure.is_some() {
        return Err(AppError::DepartureClosed);
    }
    let gone: Vec<TicketId> = moving
        .tickets
        .iter()
        .filter(|t| !t.state.at(t.created_at, now).holds_seat())
        .map(|t| t.id)
        .collect();
    if !gone.is_empty() {
        return Err(AppError::TicketConflict(gone));
    }
    let Movable {
        partner_id,
        language,
        currency,
        booking_id,
        ..
    } = moving.first;
    db::booking::insert(
        conn,
        partner_id,
        plan.booking_id,
        language,
        currency,
        plan.boarding_at,
        now,
    )
    .await?;
    let seats = reseat(conn, actor, &moving, &plan, now).await?;
    db::ticket::ticket_move::move_tickets(conn, booking_id, &plan, &seats, now).await?;
    if let Some(identity) = &identity {
        db::passenger::replace(conn, &identity.passenger(moving.first.passenger_id)).await?;
    }
    let events = moving
        .tickets
        .iter()
        .map(|ticket| (ticket.id, Event::Moved, ticket.state));
    record(conn, actor, events, now).await?;
    Ok(plan.booking_id)
}

/// Tickets that move together: of one booking, between the same stops of one departure.
struct Moving {
    first: Movable,
    departure: DepartureKey,
    tickets: Vec<Movable>,
}

async fn find(conn: &mut PgConnection, company_id: CompanyId, wanted: &TicketMove) -> AppResult<Moving> {
    let tickets = db::ticket::ticket_move::find(conn, company_id, &wanted.tickets).await?;
    let first = tickets.first().cloned().ok_or(AppError::NotFound(Noun::Ticket))?;
    if wanted
        .tickets
        .iter()
        .any(|id| !tickets.iter().any(|ticket| ticket.id == *id))
    {
        return Err(AppError::NotFound(Noun::Ticket));
    }
    let alike = |t: &Movable| {
        (t.booking_id, t.departure, t.from, t.to) == (first.booking_id, first.departure, first.from, first.to)
    };
    if !tickets.iter().all(alike) {
        return Err(AppError::field(
            "orderIds",
            "booking",
            "must belong to one booking and one journey",
        ));
    }
    if wanted.passenger.is_some() && tickets.len() > 1 {
        return Err(AppError::field(
            "orderIds",
            "max",
            "must name one order if the passenger changes",
        ));
    }
    Ok(Moving {
        departure: first.departure,
        first,
        tickets,
    })
}

/// Where the tickets go; stores the departure there if nothing was sold on it yet.
async fn target(
    conn: &mut PgConnection,
    company_id: CompanyId,
    timetable: &Timetable,
    moving: &Moving,
    to: Option<DepartureKey>,
    now: DateTime<Utc>,
) -> AppResult<Target> {
    let booking_id = BookingId::new();
    let Movable {
        from,
        to: until,
        boarding_at,
        ..
    } = moving.first;
    let Some(departure) = to else {
        return Ok(Target {
            booking_id,
            departure: moving.departure,
            segment: from.1..until.1,
            boarding_at,
        });
    };
    let connection = timetable
        .locate(departure.0, departure.1, from, until)
        .filter(|connection| now < connection.departs_at)
        .filter(|connection| timetable.trip(connection).route.company.id == company_id)
        .ok_or(AppError::DepartureClosed)?;
    if db::departure::ensure(conn, departure, timetable.trip(&connection).bus.id).await? {
        db::journey::freeze(conn, departure, &timetable.calls(&connection)).await?;
    }
    let segment = connection.boarding..connection.alighting;
    Ok(Target {
        booking_id,
        departure,
        segment,
        boarding_at: connection.departs_at,
    })
}

/// Seats the tickets on their new departure; on the same one they stay where they are.
async fn reseat(
    conn: &mut PgConnection,
    actor: &Actor,
    moving: &Moving,
    target: &Target,
    now: DateTime<Utc>,
) -> AppResult<Vec<(TicketId, u16)>> {
    if target.departure == moving.departure {
        return Ok(moving.tickets.iter().map(|ticket| (ticket.id, ticket.seat)).collect());
    }
    let tickets: Vec<TicketId> = moving.tickets.iter().map(|ticket| ticket.id).collect();
    let ids: Vec<_> = tickets.iter().map(|ticket| ticket.0).collect();
    db::seat::free_seats(conn, &ids).await?;
    expire_on(conn, &actor.cause, target.departure, &tickets, now).await?;
    let mut seating = Seating::read(conn, target.departure).await?;
    let plan = seating.plan(tickets.len(), &target.segment)?;
    let seats = tickets.iter().copied().zip(plan.seats.iter().copied()).collect();
    seating.take(conn, &tickets, &target.segment, plan, now).await?;
    Ok(seats)
}
