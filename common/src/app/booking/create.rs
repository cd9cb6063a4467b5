//! Creating a booking: one transaction that seats every passenger or nobody.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use rust_decimal::Decimal;

use super::sale::{Sale, fitting_price, sales};
use crate::app::contact::Contact;
use crate::app::seating::Seating;
use crate::app::work::Work;
use crate::app::{Actor, Platform, order};
use crate::db;
use crate::db::ticket::{Common, NewTicket};
use crate::domain::booking::{Booking, Passenger, Phone, Ticket};
use crate::domain::company::PartnerAccess;
use crate::domain::language::Messenger;
use crate::domain::offer::{Offer, OfferError, price_id};
use crate::domain::order::{Event, State};
use crate::domain::timetable::{Connection, Timetable};
use crate::domain::usage::Counts;
use crate::error::{AppError, AppResult, FieldError};
use crate::id::{BookingId, PartnerId, PassengerId, PhoneId, TicketId};
use crate::jobs::Cause;
use crate::money::{Currency, Money};

/// What a partner asks for; shapes (lengths, E.164) are checked already.
#[derive(Debug, Clone)]
pub struct NewBooking {
    /// The offer token.
    pub offer_id: String,
    /// One of the offer's currencies.
    pub currency: Currency,
    /// Who travels.
    pub passengers: Vec<NewPassenger>,
    /// A remark, copied to each ticket.
    pub note: Option<String>,
}

/// One who travels.
#[derive(Debug, Clone)]
pub struct NewPassenger {
    /// First name.
    pub first_name: String,
    /// Last name.
    pub last_name: String,
    /// Where mail goes.
    pub email: Option<String>,
    /// E.164 numbers and where they can be messaged.
    pub phones: Vec<(String, Vec<Messenger>)>,
    /// A discount of the company.
    pub discount_id: Option<String>,
    /// Paid in advance to the partner.
    pub prepaid: Option<Decimal>,
}

/// How often a sale looks again when the timetable changes under it.
const ATTEMPTS: usize = 10;

/// Creates a booking: a seat is held for every passenger.
///
/// # Errors
/// Validation (malformed token, currency, passengers and their names and addresses, discounts, prepaid), offer expired, forbidden by the company,
/// departure closed, seats unavailable.
pub async fn create(
    platform: &Platform,
    work: &Work,
    partner_id: PartnerId,
    new: NewBooking,
    cause: &Cause,
) -> AppResult<Booking> {
    let now = platform.clock.now();
    let (new, offer, price) = offered(platform, partner_id, new, now)?;
    let actor = Actor::new(partner_id, cause.clone());
    for _ in 0..ATTEMPTS {
        if let Some(booking) = sell(platform, work, &actor, &offer, &new, price, now).await? {
            return Ok(booking);
        }
    }
    Err(AppError::Unavailable("the timetable keeps changing"))
}

/// Looks whether a request fits its offer, without the database: what [`create`] looks at first.
///
/// # Errors
/// Validation (malformed token, currency, passengers), offer expired.
pub fn check(platform: &Platform, partner_id: PartnerId, new: &NewBooking) -> AppResult<()> {
    offered(platform, partner_id, new.clone(), platform.clock.now()).map(drop)
}

/// The request in the form in which it is stored, its offer, and the price of that in the wanted currency.
fn offered(
    platform: &Platform,
    partner_id: PartnerId,
    mut new: NewBooking,
    now: DateTime<Utc>,
) -> AppResult<(NewBooking, Offer, Money)> {
    let offer = platform
        .offer_key
        .verify(&new.offer_id, partner_id, now)
        .map_err(|error| match error {
            OfferError::Expired => AppError::OfferExpired,
            OfferError::Malformed => AppError::field("offerId", "offer", "is not an offer made to you"),
        })?;
    let problems = normalise(&mut new.passengers);
    let price = fitting_price(&offer, &new, problems)?;
    Ok((new, offer, price))
}

/// Brings names and addresses into the form in which they are stored; answers what is wrong with them.
fn normalise(passengers: &mut [NewPassenger]) -> Vec<FieldError> {
    let mut problems = Vec::new();
    for (index, passenger) in passengers.iter_mut().enumerate() {
        let typed = Contact {
            first_name: passenger.first_name.clone(),
            last_name: passenger.last_name.clone(),
            email: passenger.email.clone(),
        };
        match typed.checked(&format!("passengers[{index}].")) {
            Ok(contact) => {
                passenger.first_name = contact.first_name;
                passenger.last_name = contact.last_name;
                passenger.email = contact.email;
            }
            Err(wrong) => problems.extend(wrong),
        }
    }
    problems
}

/// Sells what was offered; `None` when the timetable changed meanwhile and the sale must look again.
async fn sell(
    platform: &Platform,
    work: &Work,
    actor: &Actor,
    offer: &Offer,
    new: &NewBooking,
    price: Money,
    now: DateTime<Utc>,
) -> AppResult<Option<Booking>> {
    let partner_id = offer.partner_id;
    let published = platform.published().await?;
    let timetable = &published.timetable;
    let connection = on_sale(timetable, offer, now)?;
    let trip = timetable.trip(&connection);
    let company = trip.route.company.id;
    let departure = (trip.id, connection.service_day);
    let journey = timetable.journey(&connection).ok_or(AppError::DepartureClosed)?;

    let mut tx = work.begin().await?;
    let permission = db::permission::of_partner(&mut tx, partner_id).await?.of(company);
    if !permission.allows(PartnerAccess::Book) {
        return Err(AppError::Forbidden("the company does not let this partner book"));
    }
    let sales = sales(&mut tx, company, &new.passengers, price, timetable, now).await?;
    let locked = db::departure::lock_for_sale(&mut tx, departure, trip.bus.id).await?;
    if locked.closed {
        return Err(AppError::DepartureClosed);
    }
    // From here on no import changes this departure: it takes the same lock, or waits for first sales to end.
    if db::publication::version(&mut tx).await? != timetable.version() {
        tx.rollback().await?;
        return Ok(None);
    }
    if locked.fresh {
        db::journey::freeze(&mut tx, departure, &timetable.calls(&connection)).await?;
    }
    let tickets: Vec<TicketId> = new.passengers.iter().map(|_| TicketId::new()).collect();
    let stretch = connection.boarding..connection.alighting;
    let mut seating = Seating::open(&mut tx, actor, departure, &[], now).await?;
    let plan = seating.plan(tickets.len(), &stretch)?;

    let booking_id = BookingId::new();
    let passengers: Vec<Passenger> = new.passengers.iter().map(passenger).collect();
    db::booking::insert(
        &mut tx,
        partner_id,
        booking_id,
        offer.language,
        new.currency,
        connection.departs_at,
        now,
    )
    .await?;
    db::passenger::insert(&mut tx, &passengers).await?;
    let common = Common {
        booking_id,
        partner_id,
        company_id: company,
        departure,
        boarding: connection.boarding,
        alighting: connection.alighting,
        boarding_at: connection.departs_at,
        price_id: price_id(trip.id, offer.from.0, offer.to.0, new.currency),
        full_price: price.amount,
        currency: new.currency,
        note: new.note.as_deref(),
    };
    let row = |(((id, passenger), seat), sale): (((&TicketId, &Passenger), &u16), &Sale)| NewTicket {
        id: *id,
        passenger_id: passenger.id,
        seat: *seat,
        price: sale.price,
        discount_id: sale.discount.as_ref().map(|discount| discount.id),
        prepaid: sale.prepaid,
    };
    let rows: Vec<NewTicket> = tickets
        .iter()
        .zip(&passengers)
        .zip(&plan.seats)
        .zip(&sales)
        .map(row)
        .collect();
    db::ticket::insert(&mut tx, &common, &rows, now).await?;
    seating.take(&mut tx, &tickets, &stretch, plan).await?;
    let events = tickets.iter().map(|ticket| (*ticket, Event::Created, State::NEW));
    order::record(&mut tx, actor, events, now).await?;
    tx.commit().await?;
    platform.usage.note(partner_id, now, Counts::booking());

    // An import keeps stored departures in step with the timetable, so this is what reading the booking would give.
    let journey = Arc::new(journey);
    let ticket = |((row, passenger), sale): ((&NewTicket, Passenger), Sale)| Ticket {
        id: row.id,
        booking_id,
        company_id: company,
        state: State::NEW,
        created_at: now,
        refund_amount: None,
        note: new.note.clone(),
        passenger,
        price_id: common.price_id,
        price: Money::new(sale.price, new.currency),
        discount: sale.discount,
        seat: row.seat,
        permission: permission.clone(),
        journey: Arc::clone(&journey),
    };
    Ok(Some(Booking {
        id: booking_id,
        language: offer.language,
        created_at: now,
        updated_at: now,
        departure_at: connection.departs_at,
        tickets: rows.iter().zip(passengers).zip(sales).map(ticket).collect(),
    }))
}

fn on_sale(timetable: &Timetable, offer: &Offer, now: DateTime<Utc>) -> AppResult<Connection> {
    let connection = timetable
        .locate(offer.trip_id, offer.service_day, offer.from, offer.to)
        .ok_or(AppError::DepartureClosed)?;
    let cutoff = timetable.trip(&connection).route.company.sales_cutoff;
    if now < connection.departs_at - cutoff {
        Ok(connection)
    } else {
        Err(AppError::DepartureClosed)
    }
}

fn passenger(new: &NewPassenger) -> Passenger {
    let phone = |(phone, messengers): &(String, Vec<Messenger>)| Phone {
        id: PhoneId::new(),
        phone: phone.clone(),
        messengers: messengers.clone(),
    };
    Passenger {
        id: PassengerId::new(),
        first_name: new.first_name.clone(),
        last_name: new.last_name.clone(),
        email: new.email.clone(),
        phones: new.phones.iter().map(phone).collect(),
    }
}
