//! Tickets (orders): writing and locking them.

use chrono::{DateTime, Utc};
use rust_decimal::Decimal;
use sqlx::PgConnection;
use uuid::Uuid;

use super::journey::DepartureKey;
use crate::domain::order::{PaymentStatus, State, TicketStatus};
use crate::domain::seat::Stretch;
use crate::error::AppResult;
use crate::id::{BookingId, CompanyId, DiscountId, PartnerId, PassengerId, PriceId, TicketId, TripId};
use crate::money::{Currency, Money};

pub mod page;
pub mod whole;

/// What all tickets of a new booking have in common.
#[derive(Debug, Clone, Copy)]
pub struct Common<'a> {
    /// The booking.
    pub booking_id: BookingId,
    /// Who sells it on.
    pub partner_id: PartnerId,
    /// Whose bus it is.
    pub company_id: CompanyId,
    /// The departure.
    pub departure: DepartureKey,
    /// Position of boarding.
    pub boarding: u16,
    /// Position of alighting.
    pub alighting: u16,
    /// Instant of boarding.
    pub boarding_at: DateTime<Utc>,
    /// Id of the price.
    pub price_id: PriceId,
    /// Before the discount.
    pub full_price: Decimal,
    /// Of all sums.
    pub currency: Currency,
    /// A remark.
    pub note: Option<&'a str>,
}

/// What each new ticket has of its own.
#[derive(Debug, Clone, Copy)]
pub struct NewTicket {
    /// Its id.
    pub id: TicketId,
    /// Who travels.
    pub passenger_id: PassengerId,
    /// Seat number.
    pub seat: u16,
    /// After the discount.
    pub price: Decimal,
    /// The discount.
    pub discount_id: Option<DiscountId>,
    /// Paid in advance to the partner.
    pub prepaid: Decimal,
}

/// Writes the tickets of a new booking, Processing and Unpaid.
///
/// # Errors
/// Database errors only.
pub async fn insert(
    conn: &mut PgConnection,
    common: &Common<'_>,
    tickets: &[NewTicket],
    now: DateTime<Utc>,
) -> AppResult<()> {
    let small = |n: u16| i16::try_from(n).unwrap_or(i16::MAX);
    let ids: Vec<Uuid> = tickets.iter().map(|t| t.id.0).collect();
    let passengers: Vec<Uuid> = tickets.iter().map(|t| t.passenger_id.0).collect();
    let seats: Vec<i16> = tickets.iter().map(|t| small(t.seat)).collect();
    let prices: Vec<Decimal> = tickets.iter().map(|t| t.price).collect();
    let discounts: Vec<Option<Uuid>> = tickets.iter().map(|t| t.discount_id.map(|d| d.0)).collect();
    let prepaid: Vec<Decimal> = tickets.iter().map(|t| t.prepaid).collect();
    sqlx::query!(
        "insert into tickets (id, booking_id, partner_id, company_id, passenger_id, trip_id, service_day,
                              boarding_position, alighting_position, boarding_at, seat, status, payment_status,
                              price_id, price, full_price, currency, discount_id, prepaid, note, created_at, updated_at)
         select id, $1, $2, $3, passenger_id, $4, $5, $6, $7, $8, seat, $9, $10, $11, price, $12, $13, discount_id,
                prepaid, $14, $15, $15
         from unnest($16::uuid[], $17::uuid[], $18::smallint[], $19::numeric[], $20::uuid[], $21::numeric[])
              as new (id, passenger_id, seat, price, discount_id, prepaid)",
        common.booking_id as BookingId,
        common.partner_id as PartnerId,
        common.company_id as CompanyId,
        common.departure.0 as TripId,
        common.departure.1,
        small(common.boarding),
        small(common.alighting),
        common.boarding_at,
        State::NEW.status as TicketStatus,
        State::NEW.payment_status as PaymentStatus,
        common.price_id as PriceId,
        common.full_price,
        common.currency as Currency,
        common.note,
        now,
        &ids,
        &passengers,
        &seats,
        &prices,
        &discounts as &[Option<Uuid>],
        &prepaid,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// A ticket that the caller's transaction has locked.
#[derive(Debug, Clone)]
pub struct LockedTicket {
    /// Its id.
    pub id: TicketId,
    /// Whose bus it is.
    pub company_id: CompanyId,
    /// The departure.
    pub departure: DepartureKey,
    /// Its positions.
    pub stretch: Stretch,
    /// Instant of boarding.
    pub boarding_at: DateTime<Utc>,
    /// Seat number, held or not.
    pub seat: u16,
    /// As stored: not yet as it reads at a later time.
    pub state: State,
    /// What the passenger pays.
    pub price: Money,
    /// When it was created.
    pub created_at: DateTime<Utc>,
}

/// The departures that the tickets of a partner's bookings are on, in the order in which they are to be locked.
///
/// # Errors
/// Database errors only.
pub async fn departures(
    conn: &mut PgConnection,
    partner_id: PartnerId,
    bookings: &[BookingId],
) -> AppResult<Vec<DepartureKey>> {
    let bookings: Vec<Uuid> = bookings.iter().map(|id| id.0).collect();
    let rows = sqlx::query!(
        "select distinct trip_id, service_day from tickets
         where booking_id = any($1) and partner_id = $2 order by 1, 2",
        &bookings,
        partner_id as PartnerId,
    )
    .fetch_all(conn)
    .await?;
    Ok(rows
        .into_iter()
        .map(|row| (TripId(row.trip_id), row.service_day))
        .collect())
}

/// Locks the tickets of a partner's bookings; call it after the departures are locked.
///
/// # Errors
/// Database errors only.
pub async fn lock(
    conn: &mut PgConnection,
    partner_id: PartnerId,
    bookings: &[BookingId],
) -> AppResult<Vec<LockedTicket>> {
    let bookings: Vec<Uuid> = bookings.iter().map(|id| id.0).collect();
    let rows = sqlx::query!(
        r#"select id, company_id, trip_id, service_day, boarding_position, alighting_position, boarding_at, seat,
                  status as "status: TicketStatus", payment_status as "payment_status: PaymentStatus",
                  price, currency as "currency: Currency", created_at
           from tickets where booking_id = any($1) and partner_id = $2 order by id for update"#,
        &bookings,
        partner_id as PartnerId,
    )
    .fetch_all(conn)
    .await?;
    Ok(rows
        .into_iter()
        .map(|row| LockedTicket {
            id: TicketId(row.id),
            company_id: CompanyId(row.company_id),
            departure: (TripId(row.trip_id), row.service_day),
            stretch: row.boarding_position.unsigned_abs()..row.alighting_position.unsigned_abs(),
            boarding_at: row.boarding_at,
            seat: row.seat.unsigned_abs(),
            state: State {
                status: row.status,
                payment_status: row.payment_status,
            },
            price: Money::new(row.price, row.currency),
            created_at: row.created_at,
        })
        .collect())
}

/// A ticket's new state.
#[derive(Debug, Clone, Copy)]
pub struct Update {
    /// The ticket.
    pub id: TicketId,
    /// Where it stands now.
    pub state: State,
    /// Its seat, which a revived ticket may have changed.
    pub seat: u16,
    /// What comes back; `None` leaves what is stored.
    pub refund_amount: Option<Decimal>,
    /// What was paid in advance; `None` leaves what is stored.
    pub prepaid: Option<Decimal>,
}

/// Writes new states, and the time of change into tickets and their bookings.
///
/// # Errors
/// Database errors only.
pub async fn update(conn: &mut PgConnection, updates: &[Update], now: DateTime<Utc>) -> AppResult<()> {
    let ids: Vec<Uuid> = updates.iter().map(|u| u.id.0).collect();
    let statuses: Vec<String> = updates.iter().map(|u| u.state.status.to_string()).collect();
    let payment_statuses: Vec<String> = updates.iter().map(|u| u.state.payment_status.to_string()).collect();
    let seats: Vec<i16> = updates
        .iter()
        .map(|u| i16::try_from(u.seat).unwrap_or(i16::MAX))
        .collect();
    let refunds: Vec<Option<Decimal>> = updates.iter().map(|u| u.refund_amount).collect();
    let prepaid: Vec<Option<Decimal>> = updates.iter().map(|u| u.prepaid).collect();
    sqlx::query!(
        "with changed as (
             update tickets t
             set status = new.status, payment_status = new.payment_status, seat = new.seat,
                 refund_amount = coalesce(new.refund_amount, t.refund_amount),
                 prepaid = coalesce(new.prepaid, t.prepaid), updated_at = $6
             from unnest($1::uuid[], $2::text[], $3::text[], $4::smallint[], $5::numeric[], $7::numeric[])
                  as new (id, status, payment_status, seat, refund_amount, prepaid)
             where t.id = new.id
             returning t.booking_id
         )
         update bookings set updated_at = $6 where id in (select booking_id from changed)",
        &ids,
        &statuses,
        &payment_statuses,
        &seats,
        &refunds as &[Option<Decimal>],
        now,
        &prepaid as &[Option<Decimal>],
    )
    .execute(conn)
    .await?;
    Ok(())
}
