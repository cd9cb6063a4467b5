//! What of a company's day needs a person, in numbers.

use chrono::{DateTime, TimeDelta, Utc};
use domain::id::CompanyId;
use domain::order::PAYMENT_WINDOW;
use sqlx::PgConnection;

use crate::error::AppResult;

mod failed;

pub use failed::{FailedDelivery, failed_deliveries};

/// How long ago a message may have been written to be counted.
const RECENT: TimeDelta = TimeDelta::days(7);

/// How long a bus may be without a position.
const SILENCE: TimeDelta = TimeDelta::minutes(30);

/// Where counting ends.
pub const MOST: i64 = 1_000;

/// The numbers, each [`MOST`] at most.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Today {
    /// Messages of the last seven days to passengers who have not boarded yet that were given up, and that no later one
    /// on the same channel makes up for.
    pub failed_deliveries: i64,
    /// Orders in `Processing`.
    pub awaiting_confirmation: i64,
    /// Orders in `NotConfirmed` that board today.
    pub rejected_today: i64,
    /// Orders in `NotConfirmed` that board tomorrow.
    pub rejected_tomorrow: i64,
    /// Buses that are tracked and have had no position for half an hour.
    pub silent_buses: i64,
    /// Reports that are not finished.
    pub running_reports: i64,
}

/// The numbers of a company at `now`. `midnights` are those at which today, tomorrow and the day after begin there.
///
/// # Errors
/// Database errors only.
pub async fn count(
    conn: &mut PgConnection,
    company_id: CompanyId,
    midnights: [DateTime<Utc>; 3],
    now: DateTime<Utc>,
) -> AppResult<Today> {
    let [today, tomorrow, after] = midnights;
    Ok(sqlx::query_as!(
        Today,
        r#"with failed as materialized (
               select ticket_id, channel, created_at from notifications where state = 'failed' and created_at >= $2
           )
           select
               (select count(*) from (
                    -- One ticket at a time, by its key: what failed is little, tickets are many.
                    select from failed n
                    cross join lateral (
                        select from tickets t
                        where t.id = n.ticket_id and t.company_id = $1 and t.boarding_at > $3
                        limit 1
                    ) own
                    where not exists (
                        select from notifications later
                        where later.ticket_id = n.ticket_id and later.channel = n.channel and later.state = 'sent'
                          and later.created_at > n.created_at
                    )
                    limit $6
                ) unheard) as "failed_deliveries!",
               (select count(*) from (
                    select from tickets t
                    where t.company_id = $1 and t.status = 'Processing'
                      and not (t.payment_status = 'Unpaid' and t.created_at <= $4)
                    limit $6
                ) processing) as "awaiting_confirmation!",
               (select count(*) from (
                    select from tickets t
                    where t.company_id = $1 and t.boarding_at >= $7 and t.boarding_at < $8 and t.status = 'NotConfirmed'
                    limit $6
                ) rejected) as "rejected_today!",
               (select count(*) from (
                    select from tickets t
                    where t.company_id = $1 and t.boarding_at >= $8 and t.boarding_at < $9 and t.status = 'NotConfirmed'
                    limit $6
                ) rejected) as "rejected_tomorrow!",
               (select count(*) from (
                    select from fms_objects o
                    where o.company_id = $1 and o.enabled and (o.received_at is null or o.received_at < $5)
                    limit $6
                ) silent) as "silent_buses!",
               (select count(*) from (
                    select from reports r where r.company_id = $1 and r.status in ('Pending', 'Processing') limit $6
                ) running) as "running_reports!""#,
        company_id as CompanyId,
        now - RECENT,
        now,
        now - PAYMENT_WINDOW,
        now - SILENCE,
        MOST,
        today,
        tomorrow,
        after,
    )
    .fetch_one(conn)
    .await?)
}
