//! Counts of items of a company that need attention, and the messages that could not be delivered.

use chrono::{DateTime, FixedOffset, TimeDelta, Utc};
use domain::id::{CompanyId, TicketId};
use domain::notification::Channel;
use domain::payment_window::PAYMENT_WINDOW;
use domain::provider::Fault;
use domain::reference::Reference;
use domain::ticket::{Event, PaymentStatus, State, TicketStatus};
use domain::zone::Zone;
use sqlx::PgConnection;

use crate::error::{AppError, AppResult};

/// How long ago a message may have been written to be counted.
const RECENT: TimeDelta = TimeDelta::days(7);

/// How long a bus may be without a position, by the clock of its tracker; the console counts by the same instant.
const SILENCE: TimeDelta = TimeDelta::minutes(30);

/// The largest number that is counted to.
pub const MOST: i64 = 1_000;

/// The numbers, each [`MOST`] at most.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Today {
    /// Messages of the last seven days to passengers who have not boarded yet that were given up, and that no later one
    /// on the same channel makes up for.
    pub failed_deliveries: i64,
    /// Tickets in `Processing`.
    pub awaiting_confirmation: i64,
    /// Tickets in `NotConfirmed` that board today.
    pub rejected_today: i64,
    /// Tickets in `NotConfirmed` that board tomorrow.
    pub rejected_tomorrow: i64,
    /// Buses that are tracked and have no position of the last half hour; one that arrives late is as old as it is.
    pub silent_buses: i64,
    /// Reports that are not finished.
    pub running_reports: i64,
}

/// A query of `unheard`: the messages of the company `$1` that were written since `$2` and given up, to passengers who
/// board after `$3`, and that no later one on the same channel makes up for. `$select` continues the query.
macro_rules! unheard {
    ($query:ident!($($row:ident,)?) $select:tt, $($argument:expr),* $(,)?) => {
        sqlx::$query!(
            $($row,)?
            r#"with failed as materialized (
                   select id, ticket_id, history_id, channel, created_at, fault
                   from notifications where state = 'failed' and created_at >= $2
               ), unheard as (
                   -- One ticket at a time, by its key: what failed is little, tickets are many.
                   select n.*
                   from failed n
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
               ) "# + $select,
            $($argument),*
        )
    };
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
    let counting = unheard!(
        query_as!(Today,)
        r#"select
               (select count(*) from (select from unheard limit $4) unheard) as "failed_deliveries!",
               (select count(*) from (
                    select from tickets t
                    where t.company_id = $1 and t.status = 'Processing'
                      and not (t.payment_status = 'Unpaid' and t.created_at <= $5)
                    limit $4
                ) processing) as "awaiting_confirmation!",
               (select count(*) from (
                    select from tickets t
                    where t.company_id = $1 and t.boarding_at >= $7 and t.boarding_at < $8 and t.status = 'NotConfirmed'
                    limit $4
                ) rejected) as "rejected_today!",
               (select count(*) from (
                    select from tickets t
                    where t.company_id = $1 and t.boarding_at >= $8 and t.boarding_at < $9 and t.status = 'NotConfirmed'
                    limit $4
                ) rejected) as "rejected_tomorrow!",
               (select count(*) from (
                    select from trackers o
                    where o.company_id = $1 and o.enabled and (o.recorded_at is null or o.recorded_at <= $6)
                    limit $4
                ) silent) as "silent_buses!",
               (select count(*) from (
                    select from reports r where r.company_id = $1 and r.status in ('Pending', 'Processing') limit $4
                ) running) as "running_reports!""#,
        company_id.0,
        now - RECENT,
        now,
        MOST,
        now - PAYMENT_WINDOW,
        now - SILENCE,
        today,
        tomorrow,
        after,
    );
    Ok(counting.fetch_one(conn).await?)
}

/// A message that was given up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FailedDelivery {
    /// The ticket that it is about.
    pub ticket_id: TicketId,
    /// The reference of that ticket.
    pub reference: Reference,
    /// State of the ticket at present.
    pub state: State,
    /// Given name of the passenger.
    pub first_name: String,
    /// Family name of the passenger.
    pub last_name: String,
    /// When the passenger boards, in the local time of the stop.
    pub boarding_at: DateTime<FixedOffset>,
    /// The event of the message.
    pub event: Event,
    /// How it should have travelled.
    pub channel: Channel,
    /// When it was written.
    pub created_at: DateTime<Utc>,
    /// Whose fault it was, where that is known.
    pub fault: Option<Fault>,
}

/// A page (take, skip) of the messages that [`count`] counts, newest first, and how many there are: [`MOST`] at most.
///
/// A stop without a city (an import may remove it after the sale) has the time zone of its trip.
///
/// # Errors
/// Database errors, or a time zone that the tz database does not know.
pub async fn failed_deliveries(
    conn: &mut PgConnection,
    company_id: CompanyId,
    (take, skip): (i64, i64),
    now: DateTime<Utc>,
) -> AppResult<(Vec<FailedDelivery>, i64)> {
    let page = unheard!(
        query!()
        r#"select t.id as "ticket_id: TicketId", t.reference as "reference: Reference", t.status as "status: TicketStatus",
                  t.payment_status as "payment_status: PaymentStatus", t.created_at as sold_at, p.first_name,
                  p.last_name, t.boarding_at, h.action as "event: Event", n.channel as "channel!: Channel",
                  n.created_at as "created_at!", n.fault, coalesce(city.time_zone, trip.time_zone) as "time_zone!"
           from (select * from unheard order by created_at desc, id desc limit $4) n
           join tickets t on t.id = n.ticket_id
           join passengers p on p.id = t.passenger_id
           join ticket_history h on h.id = n.history_id
           join trips trip on trip.id = t.trip_id
           left join departure_calls c on c.trip_id = t.trip_id and c.service_day = t.service_day
               and c.position = t.boarding_position
           left join stops s on s.id = c.stop_id
           left join cities city on city.id = s.city_id
           order by n.created_at desc, n.id desc limit $5 offset $6"#,
        company_id.0,
        now - RECENT,
        now,
        MOST,
        take,
        skip,
    );
    let rows = page.fetch_all(&mut *conn).await?;
    let deliveries = rows.into_iter().map(|row| {
        let zone = Zone::named(&row.time_zone).map_err(|error| AppError::Internal(error.to_string()))?;
        let stored = State {
            status: row.status,
            payment_status: row.payment_status,
        };
        Ok(FailedDelivery {
            ticket_id: row.ticket_id,
            reference: row.reference,
            state: stored.at(row.sold_at, now),
            first_name: row.first_name,
            last_name: row.last_name,
            boarding_at: zone.local(row.boarding_at),
            event: row.event,
            channel: row.channel,
            created_at: row.created_at,
            fault: row.fault.as_deref().and_then(Fault::of),
        })
    });
    let deliveries = deliveries.collect::<AppResult<_>>()?;
    let counting = unheard!(
        query_scalar!()
        r#"select count(*) as "total!" from (select from unheard limit $4) unheard"#,
        company_id.0,
        now - RECENT,
        now,
        MOST,
    );
    Ok((deliveries, counting.fetch_one(conn).await?))
}
