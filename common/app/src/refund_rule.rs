//! Refund rules of companies, and the refunds of sold tickets.

use chrono::{DateTime, Utc};
use connect::metrics::waited;
use connect::postgres::begin;
use domain::booking::Ticket;
use domain::id::{BookingId, CompanyId, PartnerId, RefundRuleId, TicketId};
use domain::refund_rule::{Refund, RefundRule, RefundTier};
use rust_decimal::Decimal;
use serde_json::Value;
use sqlx::PgPool;

use crate::error::{AppError, AppResult, Noun};
use crate::ops::Operator;
use crate::{Platform, booking, ticket};

/// Replaces the tiers of a company; without tiers nothing is refunded after the grace. False if nothing changed; the
/// tiers then keep their ids.
///
/// # Errors
/// When two tiers begin at the same hour.
pub async fn set(
    pool: &PgPool,
    now: DateTime<Utc>,
    by: &Operator,
    company_id: CompanyId,
    tiers: &[RefundTier],
) -> AppResult<bool> {
    store(pool, (now, by), company_id, tiers, true).await
}

/// As [`set`], but a company that has tiers keeps them.
///
/// # Errors
/// As [`set`].
pub async fn set_missing(
    pool: &PgPool,
    now: DateTime<Utc>,
    by: &Operator,
    company_id: CompanyId,
    tiers: &[RefundTier],
) -> AppResult<bool> {
    store(pool, (now, by), company_id, tiers, false).await
}

/// The refund rules of a company, by hours descending.
///
/// # Errors
/// Database errors only.
pub async fn list(pool: &PgPool, company_id: CompanyId) -> AppResult<Vec<RefundRule>> {
    let mut rules = db::refund_rule::of_companies(&mut *pool.acquire().await?, &[company_id]).await?;
    Ok(rules.remove(&company_id).unwrap_or_default())
}

async fn store(
    pool: &PgPool,
    (now, by): (DateTime<Utc>, &Operator),
    company_id: CompanyId,
    tiers: &[RefundTier],
    overwrite: bool,
) -> AppResult<bool> {
    let mut tiers = tiers.to_vec();
    tiers.sort_by_key(|tier| std::cmp::Reverse(tier.hours));
    if let Some(pair) = tiers.windows(2).find(|pair| pair[0].hours == pair[1].hours) {
        return Err(AppError::field(
            "rules",
            "unique",
            format!("must not contain {} h twice", pair[0].hours),
        ));
    }
    let mut tx = begin(pool).await?;
    // Concurrent changes wait for each other.
    db::company::lock(&mut tx, company_id).await?;
    let stored = db::refund_rule::of_company(&mut tx, company_id).await?;
    if stored == tiers || !(overwrite || stored.is_empty()) {
        return Ok(false);
    }
    db::refund_rule::replace(&mut tx, company_id, &tiers).await?;
    let details = [("from", described(&stored)), ("to", described(&tiers))];
    by.record(&mut tx, now, "refund_rules.changed", &company_id.to_string(), details)
        .await?;
    // A cancellation that has read the old tiers, and has waited for its locks since, then reads again.
    db::publication::recheck(&mut tx).await?;
    tx.commit().await?;
    Ok(true)
}

/// Tiers for the audit trail, as operators write them.
fn described(tiers: &[RefundTier]) -> Value {
    let text = |tier: &RefundTier| match tier.refund {
        Refund::Percent(percent) => format!("{}h:{}%", tier.hours, percent.normalize()),
        Refund::Fixed(sum) => format!("{}h:{}{}", tier.hours, sum.amount.normalize(), sum.currency.code()),
    };
    tiers.iter().map(text).collect()
}

/// The refund of a ticket that is canceled at least this number of hours before boarding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RefundAmount {
    /// Id of the rule.
    pub id: RefundRuleId,
    /// Minimum number of hours before boarding.
    pub hours: i32,
    /// In the currency of the ticket.
    pub amount: Decimal,
}

/// The refund tiers of each ticket of a partner's booking, hours descending; and the id that the booking moved to, if
/// it did, as with [`booking::get`].
///
/// # Errors
/// Not found, when it is unknown or another partner's.
pub async fn of_booking(
    platform: &Platform,
    partner_id: PartnerId,
    id: BookingId,
) -> AppResult<(Vec<(TicketId, Vec<RefundAmount>)>, Option<BookingId>)> {
    let (booking, moved) = booking::get(platform, partner_id, id).await?;
    let companies: Vec<CompanyId> = booking.tickets.iter().map(|ticket| ticket.company_id).collect();
    let mut conn = waited(platform.pool.acquire()).await?;
    let rules = db::refund_rule::of_companies(&mut conn, &companies).await?;
    let rates = db::published::rates(&mut conn).await?;
    let tiers = |ticket: &Ticket| {
        let rules = rules.get(&ticket.company_id).map(Vec::as_slice).unwrap_or_default();
        let tier = |rule: &RefundRule| RefundAmount {
            id: rule.id,
            hours: rule.tier.hours,
            amount: rule.amount(ticket.price, &rates),
        };
        (ticket.id, rules.iter().map(tier).collect())
    };
    Ok((booking.tickets.iter().map(tiers).collect(), moved.then_some(booking.id)))
}

/// The refund tiers of a partner's ticket, hours descending.
///
/// # Errors
/// Not found, when it is unknown or another partner's.
pub async fn of_ticket(platform: &Platform, partner_id: PartnerId, id: TicketId) -> AppResult<Vec<RefundAmount>> {
    let bookings = ticket::bookings(&mut *platform.pool.acquire().await?, partner_id, &[id]).await?;
    let unknown = AppError::NotFound(Noun::Ticket);
    let Some(booking) = bookings.first() else {
        return Err(unknown);
    };
    let (rules, _) = of_booking(platform, partner_id, *booking).await?;
    let own = rules.into_iter().find(|(ticket, _)| *ticket == id);
    own.map(|(_, amounts)| amounts).ok_or(unknown)
}
