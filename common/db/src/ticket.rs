//! Tickets (orders on the wire): writing and locking them.

use chrono::{DateTime, Utc};
use domain::id::{BookingId, CompanyId, DiscountId, PartnerId, PassengerId, PriceId, TicketId};
use domain::money::{Currency, Money};
use domain::seat::Segment;
use domain::ticket::State;
use rust_decimal::Decimal;
use sqlx::PgConnection;
use uuid::Uuid;

use super::journey::DepartureKey;
use crate::error::AppResult;

pub mod action;
pub mod company;
pub mod expiry;
pub mod page;
pub mod ticket_move;
pub mod whole;

/// What all tickets of a new booking have in common.
#[derive(Debug, Clone, Copy)]
pub struct Common<'a> {
    /// The booking.
    pub booking_id: BookingId,
    /// The partner that sells it.
    pub partner_id: PartnerId,
    /// Its company.
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
    /// Price before the discount.
    pub full_price: Decimal,
    /// Currency of all amounts.
    pub currency: Currency,
    /// A remark.
    pub note: Option<&'a str>,
}

/// What differs between the new tickets of a booking.
#[derive(Debug, Clone, Copy)]
pub struct NewTicket {
    /// Its id.
    pub id: TicketId,
    /// Its passenger.
    pub passenger_id: PassengerId,
    /// Seat number.
    pub seat: u16,
    /// Price after the discount.
    pub price: Decimal,
    /// The discount.
    pub discount_id: Option<DiscountId>,
    /// Paid in advance to the partner.
    pub prepaid: Decimal,
}

/// A ticket that the caller's transaction has locked.
#[derive(Debug, Clone)]
pub struct LockedTicket {
    /// Its id.
    pub id: TicketId,
    /// Its company.
    pub company_id: CompanyId,
    /// The departure.
    pub departure: DepartureKey,
    /// Its positions.
    pub segment: Segment,
    /// Instant of boarding.
    pub boarding_at: DateTime<Utc>,
    /// Seat number, held or not.
    pub seat: u16,
    /// As stored; tickets may have expired since.
    pub state: State,
    /// What the passenger pays.
    pub price: Money,
    /// When it was created.
    pub created_at: DateTime<Utc>,
}

/// A ticket's new state.
#[derive(Debug, Clone, Copy)]
pub struct Update {
    /// The ticket.
    pub id: TicketId,
    /// Current state.
    pub state: State,
    /// Its seat, which a revived ticket may have changed.
    pub seat: u16,
    /// Refund; `None` keeps the stored one.
    pub refund_amount: Option<Decimal>,
    /// Prepaid amount; `None` keeps the stored one.
    pub prepaid: Option<Decimal>,
}

/// Writes new states and the time of the change into tickets.
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
        "update tickets t
         set status = new.status, payment_status = new.payment_status, seat = new.seat,
             refund_amount = coalesce(new.refund_amount, t.refund_amount),
             prepaid = coalesce(new.prepaid, t.prepaid), updated_at = $6
         from unnest($1::uuid[], $2::text[], $3::text[], $4::smallint[], $5::numeric[], $7::numeric[])
              as new (id, status, payment_status, seat, refund_amount, prepaid)
         where t.id = new.id",
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
