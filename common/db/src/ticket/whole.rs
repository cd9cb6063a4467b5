//! Tickets with everything that belongs to them.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use chrono::{DateTime, NaiveDate, Utc};
use domain::booking::{Passenger, Phone, Ticket};
use domain::company::Permission;
use domain::id::{BookingId, CompanyId, DiscountId, PassengerId, PhoneId, PriceId, TicketId, TripId};
use domain::language::Messenger;
use domain::money::{Currency, Money};
use domain::reference::Reference;
use domain::ticket::{PaymentStatus, State, TicketStatus};
use rust_decimal::Decimal;
use sqlx::PgConnection;
use uuid::Uuid;

use crate::discount;
use crate::error::AppResult;
use crate::journey::{self, DepartureKey};

/// A ticket with its passenger, as the columns say.
#[derive(Debug)]
#[expect(
    missing_docs,
    reason = "the columns of tickets and passengers, see migrations/0004_sales.sql"
)]
pub struct Row {
    pub id: Uuid,
    pub reference: Reference,
    pub booking_id: Uuid,
    pub company_id: Uuid,
    pub partner_id: Uuid,
    pub trip_id: Uuid,
    pub service_day: NaiveDate,
    pub boarding_position: i16,
    pub alighting_position: i16,
    pub seat: i16,
    pub status: TicketStatus,
    pub payment_status: PaymentStatus,
    pub price_id: Uuid,
    pub price: Decimal,
    pub currency: String,
    pub discount_id: Option<Uuid>,
    pub refund_amount: Option<Decimal>,
    pub note: Option<String>,
    pub created_at: DateTime<Utc>,
    pub passenger_id: Uuid,
    pub first_name: String,
    pub last_name: String,
    pub email: Option<String>,
}

/// The tickets that could be read from rows.
#[derive(Debug)]
pub struct Whole {
    /// The tickets, in the order of their rows.
    pub tickets: Vec<Ticket>,
    /// The bookings of those that are left out.
    pub unreadable: HashSet<BookingId>,
}

/// The tickets of these rows, in their order, as they read at `now`. The number of statements does not depend on the
/// number of tickets. One that cannot be read (a stop without a city, an unknown currency) is logged and left out, so
/// that the others of a list are still returned.
///
/// # Errors
/// Database errors only.
pub async fn assemble(
    conn: &mut PgConnection,
    rows: Vec<Row>,
    permission: impl Fn(&Row) -> Permission,
    now: DateTime<Utc>,
) -> AppResult<Whole> {
    let passengers: Vec<Uuid> = rows.iter().map(|row| row.passenger_id).collect();
    let mut phones = phones(conn, &passengers).await?;
    let mut keys: Vec<DepartureKey> = rows.iter().map(|row| (TripId(row.trip_id), row.service_day)).collect();
    keys.sort_unstable();
    keys.dedup();
    let departures = journey::load(conn, &keys).await?;
    let discount_ids: Vec<Uuid> = rows.iter().filter_map(|row| row.discount_id).collect();
    let discounts = discount::find_many(conn, &discount_ids).await?;

    let mut whole = Whole {
        tickets: Vec::with_capacity(rows.len()),
        unreadable: HashSet::new(),
    };
    for row in rows {
        let (id, booking_id) = (TicketId(row.id), BookingId(row.booking_id));
        let key = (TripId(row.trip_id), row.service_day);
        let segment = (
            row.boarding_position.unsigned_abs(),
            row.alighting_position.unsigned_abs(),
        );
        let journey = departures.journey(key, segment.0, segment.1);
        let currency = row.currency.parse::<Currency>();
        let (Some(journey), Ok(currency)) = (journey, currency) else {
            tracing::error!(
                ticket = %id,
                booking = %booking_id,
                currency = row.currency,
                "could not read a ticket: its currency or stops are unknown, or its stops have no city"
            );
            whole.unreadable.insert(booking_id);
            continue;
        };
        let state = State {
            status: row.status,
            payment_status: row.payment_status,
        };
        whole.tickets.push(Ticket {
            permission: permission(&row),
            id,
            reference: row.reference,
            booking_id,
            company_id: CompanyId(row.company_id),
            state: state.at(row.created_at, now),
            created_at: row.created_at,
            refund_amount: row.refund_amount,
            note: row.note,
            passenger: Passenger {
                id: PassengerId(row.passenger_id),
                first_name: row.first_name,
                last_name: row.last_name,
                email: row.email,
                phones: phones.remove(&row.passenger_id).unwrap_or_default(),
            },
            price_id: PriceId(row.price_id),
            price: Money::new(row.price, currency),
            discount: row.discount_id.and_then(|id| discounts.get(&DiscountId(id)).cloned()),
            seat: row.seat.unsigned_abs(),
            journey: Arc::new(journey),
        });
    }
    Ok(whole)
}

async fn phones(conn: &mut PgConnection, passengers: &[Uuid]) -> AppResult<HashMap<Uuid, Vec<Phone>>> {
    let rows = sqlx::query!(
        r#"select id, passenger_id, phone, messengers as "messengers: Vec<Messenger>"
           from passenger_phones where passenger_id = any($1) order by passenger_id, position"#,
        passengers,
    )
    .fetch_all(conn)
    .await?;
    let mut phones: HashMap<Uuid, Vec<Phone>> = HashMap::new();
    for row in rows {
        let phone = Phone {
            id: PhoneId(row.id),
            phone: row.phone,
            messengers: row.messengers,
        };
        phones.entry(row.passenger_id).or_default().push(phone);
    }
    Ok(phones)
}
