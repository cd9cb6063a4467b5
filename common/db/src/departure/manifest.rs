//! The manifest of a departure: its passengers, as their company sees them.

use chrono::{DateTime, Utc};
use domain::id::{BookingId, CompanyId, TicketId, TripId};
use domain::language::Messenger;
use domain::money::{Currency, Money};
use domain::payment_window::PAYMENT_WINDOW;
use domain::reference::Reference;
use domain::ticket::{PaymentStatus, TicketStatus};
use rust_decimal::Decimal;
use sqlx::PgConnection;

use crate::error::AppResult;
use crate::journey::DepartureKey;

/// A passenger of a departure, with the ticket.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rider {
    /// The ticket.
    pub ticket_id: TicketId,
    /// The reference of the ticket.
    pub reference: Reference,
    /// Its booking.
    pub booking_id: BookingId,
    /// Where it boards.
    pub boarding: u16,
    /// Where it alights.
    pub alighting: u16,
    /// Its seat.
    pub seat: u16,
    /// Its status.
    pub status: TicketStatus,
    /// Its payment.
    pub payment_status: PaymentStatus,
    /// The total that the passenger pays.
    pub price: Money,
    /// What was paid in advance, if it is prepaid.
    pub prepaid: Decimal,
    /// The partner's remark.
    pub note: Option<String>,
    /// Given name.
    pub first_name: String,
    /// Family name.
    pub last_name: String,
    /// Numbers and the messengers that reach them.
    pub phones: Vec<(String, Vec<Messenger>)>,
}

/// More tickets than any bus has seats and stops for.
pub const MOST_RIDERS: i64 = 5_000;

/// The tickets of a company on its departure that keep a seat, as they read at `now`: by boarding, then by seat.
///
/// # Errors
/// Database errors only.
pub async fn riders(
    conn: &mut PgConnection,
    company_id: CompanyId,
    (trip_id, service_day): DepartureKey,
    now: DateTime<Utc>,
) -> AppResult<Vec<Rider>> {
    let rows = sqlx::query!(
        r#"select t.id, t.reference as "reference: Reference", t.booking_id, t.boarding_position, t.alighting_position, t.seat,
                  t.status as "status: TicketStatus", t.payment_status as "payment_status: PaymentStatus", t.price,
                  t.currency as "currency: Currency", t.prepaid, t.note, p.first_name, p.last_name,
                  f.phones as "phones!", f.messengers as "messengers!"
           from tickets t
           join passengers p on p.id = t.passenger_id
           cross join lateral (
               select coalesce(array_agg(x.phone order by x.position), '{}') as phones,
                      coalesce(array_agg(array_to_string(x.messengers, ',') order by x.position), '{}') as messengers
               from passenger_phones x where x.passenger_id = t.passenger_id
           ) f
           where t.company_id = $1 and t.trip_id = $2 and t.service_day = $3 and t.status in ('Processing', 'Confirmed')
             and not (t.status = 'Processing' and t.payment_status = 'Unpaid' and t.created_at <= $4)
           order by t.boarding_position, t.seat, t.id
           limit $5"#,
        company_id as CompanyId,
        trip_id as TripId,
        service_day,
        now - PAYMENT_WINDOW,
        MOST_RIDERS,
    )
    .fetch_all(conn)
    .await?;
    let phone = |(phone, messengers): (String, String)| {
        let messengers = messengers.split(',').filter_map(|word| word.parse().ok()).collect();
        (phone, messengers)
    };
    let rider = rows.into_iter().map(|row| Rider {
        ticket_id: TicketId(row.id),
        reference: row.reference,
        booking_id: BookingId(row.booking_id),
        boarding: row.boarding_position.unsigned_abs(),
        alighting: row.alighting_position.unsigned_abs(),
        seat: row.seat.unsigned_abs(),
        status: row.status,
        payment_status: row.payment_status,
        price: Money::new(row.price, row.currency),
        prepaid: row.prepaid,
        note: row.note,
        first_name: row.first_name,
        last_name: row.last_name,
        phones: row.phones.into_iter().zip(row.messengers).map(phone).collect(),
    });
    Ok(rider.collect())
}
