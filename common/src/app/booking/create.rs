//! Creating a booking: one transaction that seats every passenger or nobody.

use chrono::{DateTime, NaiveDate, Utc};
use rust_decimal::Decimal;
use sqlx::PgConnection;

use crate::app::seating::Seating;
use crate::app::{Actor, Platform, order};
use crate::db;
use crate::db::ticket::{Common, NewTicket};
use crate::domain::booking::{Booking, Passenger, Phone};
use crate::domain::company::PartnerAccess;
use crate::domain::discount::Discount;
use crate::domain::language::Messenger;
use crate::domain::offer::{Offer, OfferError, price_id};
use crate::domain::order::{Event, State};
use crate::domain::timetable::{Connection, Timetable};
use crate::domain::zone::Zone;
use crate::error::{AppError, AppResult, FieldError};
use crate::id::{BookingId, CompanyId, DiscountId, PartnerId, PassengerId, PhoneId, TicketId};
use crate::jobs::Cause;
use crate::money::{Currency, Money};

/// What a partner asks for; shapes (lengths, E.164, e-mail) are checked already.
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
const ATTEMPTS: usize = 3;

/// Creates a booking: a seat is held for every passenger.
///
/// # Errors
/// Validation (malformed token, currency, passengers, discounts, prepaid), offer expired, forbidden by the company,
/// departure closed, seats unavailable.
pub async fn create(platform: &Platform, partner_id: PartnerId, new: NewBooking, cause: &Cause) -> AppResult<Booking> {
    let now = platform.clock.now();
    let offer = platform
        .offer_key
        .verify(&new.offer_id, partner_id, now)
        .map_err(|error| match error {
            OfferError::Expired => AppError::OfferExpired,
            OfferError::Malformed => AppError::field("offerId", "offer", "is not an offer made to you"),
        })?;
    let price = fitting_price(&offer, &new)?;
    let actor = Actor::new(partner_id, cause.clone());
    for _ in 0..ATTEMPTS {
        if let Some(booking_id) = sell(platform, &actor, &offer, &new, price, now).await? {
            return super::get(platform, partner_id, booking_id)
                .await
                .map(|(booking, _)| booking);
        }
    }
    Err(AppError::Unavailable("the timetable keeps changing"))
}

/// Sells what was offered; `None` when the timetable changed meanwhile and the sale must look again.
async fn sell(
    platform: &Platform,
    actor: &Actor,
    offer: &Offer,
    new: &NewBooking,
    price: Money,
    now: DateTime<Utc>,
) -> AppResult<Option<BookingId>> {
    let partner_id = offer.partner_id;
    let published = platform.published().await?;
    let timetable = &published.timetable;
    let connection = on_sale(timetable, offer, now)?;
    let trip = timetable.trip(&connection);
    let company = trip.route.company.id;
    let departure = (trip.id, connection.service_day);

    let mut tx = platform.pool.begin().await?;
    if !db::permission::of_partner(&mut tx, partner_id)
        .await?
        .of(company)
        .allows(PartnerAccess::Book)
    {
        return Err(AppError::Forbidden("the company does not let this partner book"));
    }
    let sales = sales(&mut tx, company, &new.passengers, price, timetable, now).await?;
    let locked = db::departure::lock_for_sale(&mut tx, departure, trip.bus.id).await?;
    if locked.closed {
        return Err(AppError::DepartureClosed);
    }
    // An import moves stored departures under their locks, but cannot see one that this transaction has just stored.
    let version = match locked.fresh {
        true => db::publication::hold(&mut tx).await?,
        false => db::publication::version(&mut tx).await?,
    };
    if version != timetable.version() {
        return Ok(None);
    }
    if locked.fresh {
        db::journey::freeze(&mut tx, departure, &timetable.calls(&connection)).await?;
    }
    let tickets: Vec<TicketId> = new.passengers.iter().map(|_| TicketId::new()).collect();
    let stretch = connection.boarding..connection.alighting;
    let mut seating = Seating::open(&mut tx, actor, departure, locked, &[], now).await?;
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
        discount_id: sale.discount_id,
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
    Ok(Some(booking_id))
}

/// The price in the wanted currency, if the request fits the offer.
fn fitting_price(offer: &Offer, new: &NewBooking) -> AppResult<Money> {
    let mut problems = Vec::new();
    if new.passengers.len() > offer.passengers.into() {
        let message = format!("the offer was searched for {} passengers at most", offer.passengers);
        problems.push(FieldError::new("passengers", "max", message));
    }
    let price = offer
        .prices
        .iter()
        .copied()
        .find(|price| price.currency == new.currency);
    if price.is_none() {
        let currencies: Vec<_> = offer.prices.iter().map(|price| price.currency.code()).collect();
        let message = format!("the offer has prices in {}", currencies.join(", "));
        problems.push(FieldError::new("currency", "enum", message));
    }
    match price {
        Some(price) if problems.is_empty() => Ok(price),
        _ => Err(AppError::Validation(problems)),
    }
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

/// What one passenger pays.
struct Sale {
    price: Decimal,
    discount_id: Option<DiscountId>,
    prepaid: Decimal,
}

/// Applies discounts and checks prepayments; names every passenger that asks for something wrong.
async fn sales(
    conn: &mut PgConnection,
    company: CompanyId,
    passengers: &[NewPassenger],
    full: Money,
    timetable: &Timetable,
    now: DateTime<Utc>,
) -> AppResult<Vec<Sale>> {
    let ids: Vec<Option<DiscountId>> = passengers
        .iter()
        .map(|p| p.discount_id.as_ref()?.parse().ok())
        .collect();
    let wanted: Vec<_> = ids.iter().flatten().map(|id| id.0).collect();
    let discounts = db::discount::find_many(conn, &wanted).await?;
    let today = if wanted.is_empty() {
        now.date_naive()
    } else {
        company_day(conn, company, now).await?
    };
    let holds = |discount: &&Discount| discount.company_id == company && discount.holds_on(today);
    let mut problems = Vec::new();
    let mut sales = Vec::with_capacity(passengers.len());
    for ((index, passenger), id) in passengers.iter().enumerate().zip(ids) {
        let discount = id.and_then(|id| discounts.get(&id)).filter(holds);
        if passenger.discount_id.is_some() && discount.is_none() {
            let field = format!("passengers[{index}].discountId");
            problems.push(FieldError::new(
                field,
                "discount",
                "no such discount of this company today",
            ));
        }
        let price = discount
            .map_or(full, |discount| discount.apply(full, timetable.rates()))
            .amount;
        let prepaid = passenger.prepaid.unwrap_or(Decimal::ZERO);
        if prepaid > price {
            let field = format!("passengers[{index}].prepaid");
            problems.push(FieldError::new(
                field,
                "max",
                format!("must be at most the price, {price}"),
            ));
        }
        sales.push(Sale {
            price,
            discount_id: discount.map(|discount| discount.id),
            prepaid,
        });
    }
    if problems.is_empty() {
        Ok(sales)
    } else {
        Err(AppError::Validation(problems))
    }
}

async fn company_day(conn: &mut PgConnection, company: CompanyId, now: DateTime<Utc>) -> AppResult<NaiveDate> {
    let name = db::company::time_zone(conn, company).await?;
    let zone = Zone::named(&name).map_err(|e| AppError::Internal(e.to_string()))?;
    Ok(zone.day(now))
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
