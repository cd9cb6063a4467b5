//! The effect of an action on tickets: which ones it affects, whether it is allowed, refunds, seats of revived tickets.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use db::journey::DepartureKey;
use db::record::Records;
use db::ticket::Update;
use db::ticket::action::Found;
use domain::cancellation_cutoff;
use domain::company::PartnerAccess;
use domain::exchange_rate::Rates;
use domain::id::TicketId;
use domain::refund_rule::{refund, within_grace};
use domain::ticket::{Action, Event, PaymentStatus, State};
use domain::timetable::Timetable;
use rust_decimal::Decimal;
use sqlx::PgConnection;

use super::action_request::{Request, Side};
use super::{expire_on, records};
use crate::error::{AppError, AppResult, Noun};
use crate::permission::{MAY_NOT_BOOK, MAY_NOT_CANCEL};
use crate::seating::Seating;

impl Request<'_> {
    /// The updates and records that the action writes, and the seats that tickets of the booking then hold, including
    /// tickets that are only reseated. `timetable` is the published one, if it is in memory.
    pub(super) async fn changes(
        &self,
        conn: &mut PgConnection,
        found: &[Found],
        timetable: Option<&Timetable>,
        now: DateTime<Utc>,
    ) -> AppResult<(Vec<Update>, HashMap<TicketId, u16>, Records)> {
        let targets = self.targets(found)?;
        let changes = after(&targets, self.action, now)?;
        let mut refunds = HashMap::new();
        let mut seats = HashMap::new();
        match self.action {
            Action::Cancel => {
                if self.side == Side::Partner {
                    may_cancel(&targets, now)?;
                }
                refunds = match timetable {
                    Some(timetable) => refunded(&targets, timetable.rates(), now),
                    None => refunded(&targets, &db::published::rates(conn).await?, now),
                };
            }
            Action::Pay | Action::Book => seats = self.revive(conn, &targets, found, now).await?,
        }
        let updates = targets.iter().zip(&changes);
        let updates = updates.map(|(found, (state, _))| Update {
            id: found.ticket.id,
            state: *state,
            seat: seats.get(&found.ticket.id).copied().unwrap_or(found.ticket.seat),
            refund_amount: refunds.get(&found.ticket.id).copied(),
            prepaid: None,
        });
        let events = targets
            .iter()
            .zip(&changes)
            .map(|(found, (state, event))| (found.ticket.id, *event, *state, &found.passenger));
        let updates = updates.collect();
        Ok((updates, seats, records(self.partner_id, events, now)?))
    }

    /// Whether the action is allowed on tickets that have lost their seats, and are to get them back or others.
    pub(super) fn revives(&self, found: &[Found], now: DateTime<Utc>) -> bool {
        let revives = |targets: Vec<&Found>| {
            after(&targets, self.action, now).is_ok() && targets.iter().any(|found| is_lapsed(found, now))
        };
        self.action != Action::Cancel && self.targets(found).is_ok_and(revives)
    }

    fn targets<'f>(&self, found: &'f [Found]) -> AppResult<Vec<&'f Found>> {
        let Some(tickets) = self.tickets else {
            return Ok(found.iter().collect());
        };
        if tickets
            .iter()
            .any(|ticket| !found.iter().any(|found| found.ticket.id == *ticket))
        {
            return Err(AppError::NotFound(Noun::Ticket));
        }
        Ok(found
            .iter()
            .filter(|found| tickets.contains(&found.ticket.id))
            .collect())
    }

    /// Ensures that every target holds a seat: targets that lost theirs (expired, rejected) get it back, or another
    /// one. Returns the seats that the tickets of their departures among `all` then hold.
    async fn revive(
        &self,
        conn: &mut PgConnection,
        targets: &[&Found],
        all: &[Found],
        now: DateTime<Utc>,
    ) -> AppResult<HashMap<TicketId, u16>> {
        let lapsed = |found: &&&Found| is_lapsed(found, now);
        if !targets.iter().any(|found| lapsed(&found)) {
            return Ok(HashMap::new());
        }
        if targets
            .iter()
            .filter(lapsed)
            .any(|found| !found.permission.allows(PartnerAccess::Book))
        {
            return Err(MAY_NOT_BOOK);
        }
        let mut keys: Vec<DepartureKey> = targets.iter().map(|found| found.ticket.departure).collect();
        keys.sort_unstable();
        keys.dedup();
        let ids: Vec<TicketId> = targets.iter().map(|found| found.ticket.id).collect();
        let mut seats = HashMap::new();
        // A booking's tickets are on one departure, unless the company moved some.
        for key in keys {
            expire_on(conn, &self.actor.cause, key, &ids, now).await?;
            let mut seating = Seating::read(conn, key).await?;
            let here = targets.iter().filter(|found| found.ticket.departure == key);
            for found in here.filter(lapsed) {
                let ticket = &found.ticket;
                if found.departure.is_none_or(|locked| locked.closed) || ticket.boarding_at <= now {
                    return Err(AppError::DepartureClosed);
                }
                if seating.seat_of(ticket.id).is_none() {
                    seating
                        .take_again(conn, ticket.id, ticket.seat, &ticket.segment, now)
                        .await?;
                }
            }
            let held = all
                .iter()
                .filter_map(|found| Some((found.ticket.id, seating.seat_of(found.ticket.id)?)));
            seats.extend(held);
        }
        Ok(seats)
    }
}

/// Whether a ticket holds no seat any more.
fn is_lapsed(found: &Found, now: DateTime<Utc>) -> bool {
    !found.ticket.state.at(found.ticket.created_at, now).holds_seat()
}

fn after(targets: &[&Found], action: Action, now: DateTime<Utc>) -> AppResult<Vec<(State, Event)>> {
    let after = |found: &&Found| found.ticket.state.at(found.ticket.created_at, now).after(action);
    let offends = |found: &&&Found| after(found).is_none();
    let offenders: Vec<TicketId> = targets.iter().filter(offends).map(|found| found.ticket.id).collect();
    if offenders.is_empty() {
        Ok(targets.iter().filter_map(after).collect())
    } else {
        Err(AppError::TicketConflict(offenders))
    }
}

fn may_cancel(targets: &[&Found], now: DateTime<Utc>) -> AppResult<()> {
    if targets
        .iter()
        .any(|found| !found.permission.allows(PartnerAccess::Cancel))
    {
        return Err(MAY_NOT_CANCEL);
    }
    let closed = |found: &&Found| {
        found.ticket.state.payment_status == PaymentStatus::Paid
            && !within_grace(found.ticket.created_at, now)
            && found
                .cancellation_cutoff
                .is_some_and(|cutoff| cancellation_cutoff::is_over(found.ticket.boarding_at, cutoff, now))
    };
    if targets.iter().any(closed) {
        Err(AppError::CancellationClosed)
    } else {
        Ok(())
    }
}

/// The refunds of the paid tickets.
fn refunded(targets: &[&Found], rates: &Rates, now: DateTime<Utc>) -> HashMap<TicketId, Decimal> {
    let paid = targets
        .iter()
        .filter(|found| found.ticket.state.payment_status == PaymentStatus::Paid);
    paid.map(|found| {
        let (rules, ticket) = (&found.refund_rules, &found.ticket);
        let amount = refund(rules, ticket.price, ticket.created_at, ticket.boarding_at, rates, now);
        (ticket.id, amount)
    })
    .collect()
}
