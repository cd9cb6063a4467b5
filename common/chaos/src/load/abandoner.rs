//! A partner whose passengers never pay. It sets back the time of their sale in the database, so that their payment
//! window is over and sweeps have tickets to close in every round.

use std::time::Duration;

use chrono::{Days, NaiveDate};
use sqlx::PgPool;
use tokio::sync::watch;
use tokio::time::Instant;
use uuid::Uuid;

use super::governor::may_begin;
use super::partner::Partner;
use super::{LoadPhase, Sold};

/// First day after today whose departures it sells, and the number of days. No other partner sells these: a sale closes
/// the expired tickets of its departure, and would leave nothing for a sweep.
const FIRST_DAY: u64 = 12;
const DAYS: u64 = 28;

/// How often it tries to sell until it has sold something, even if the load is to pause or end.
const TRIES: u32 = 20;

/// Pause between two sales.
const PAUSE: Duration = Duration::from_millis(500);

/// Pause before the statement is repeated.
const REPEAT: Duration = Duration::from_millis(200);

/// How long the database may take.
const TIMEOUT: Duration = Duration::from_secs(90);

/// Ends the payment window of the unpaid tickets of a booking, and notes them. Returns whether it did, now or before:
/// the answer to an earlier statement may have been lost, and a sweep may have closed the tickets since.
const END_WINDOW: &str = "
    with ended as (
        update tickets set created_at = created_at - interval '21 minutes'
        where booking_id = $1 and status = 'Processing' and payment_status = 'Unpaid' returning id
    ), noted as (
        insert into chaos.overdue (ticket_id) select id from ended on conflict do nothing
    )
    select exists (select from ended)
        or exists (select from chaos.overdue o join tickets t on t.id = o.ticket_id where t.booking_id = $1)";

/// The partner.
pub struct Abandoner {
    /// Sells for it.
    pub partner: Partner,
    /// Database connections.
    pub pool: PgPool,
    /// The present day.
    pub today: NaiveDate,
}

impl Abandoner {
    /// Sells until the load is to end, at least once.
    pub(super) async fn run(mut self, mut phase: watch::Receiver<LoadPhase>) {
        let (mut number, mut has_sold) = (0, false);
        while (!has_sold && number < TRIES) || may_begin(&mut phase).await {
            number += 1;
            let day = FIRST_DAY + self.partner.rng.below(DAYS);
            self.partner.day = self.today.checked_add_days(Days::new(day)).unwrap_or(self.today);
            let key = format!("{}n{number}", self.partner.name);
            has_sold |= self.abandon(key).await;
            let pause = tokio::time::sleep(PAUSE);
            tokio::select! {
                () = pause => {}
                _ = phase.wait_for(|phase| *phase == LoadPhase::Stop) => {}
            }
        }
    }

    /// Sells tickets that are not paid, and ends their payment window; returns whether it did.
    async fn abandon(&mut self, key: String) -> bool {
        let Some(journey) = self.partner.create(key).await else {
            return false;
        };
        let booking = journey.booking.as_deref().and_then(|id| id.split_once('_'));
        let booking = booking.and_then(|(_, id)| Uuid::parse_str(id).ok());
        let is_created = journey.state == Sold::Created;
        self.partner.context.records.add(journey);
        match booking {
            Some(booking) if is_created => self.end_window(booking).await,
            _ => false,
        }
    }

    /// Repeats this until the database answers: a fault may have stopped it. Returns whether the booking had unpaid
    /// tickets.
    async fn end_window(&self, booking: Uuid) -> bool {
        let ends = Instant::now() + TIMEOUT;
        while Instant::now() < ends {
            let ended: Result<bool, sqlx::Error> =
                sqlx::query_scalar(END_WINDOW).bind(booking).fetch_one(&self.pool).await;
            if let Ok(has_ended) = ended {
                if has_ended {
                    self.partner.context.figures.abandoned.add();
                }
                return has_ended;
            }
            tokio::time::sleep(REPEAT).await;
        }
        false
    }
}
