//! Departures as their company sees them: those that are stored, and how many tickets each has.

use std::collections::HashMap;

use chrono::{DateTime, NaiveDate, Utc};
use domain::id::{CompanyId, RouteId, TripId};
use domain::payment_window::PAYMENT_WINDOW;
use sqlx::PgConnection;
use uuid::Uuid;

use crate::error::AppResult;
use crate::journey::DepartureKey;

/// A departure that is stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredDeparture {
    /// Its key.
    pub key: DepartureKey,
    /// When it leaves its first stop.
    pub departs_at: DateTime<Utc>,
    /// Whether any ticket keeps a seat on it.
    pub is_used: bool,
    /// Whether an import took it off sale.
    pub is_withdrawn: bool,
    /// Who closed its sale; `None` if it is open.
    pub closure: Option<Closure>,
}

/// The closure of a departure by its company.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Closure {
    /// When it was closed.
    pub at: DateTime<Utc>,
    /// Id of the person.
    pub by: String,
    /// Name of the person.
    pub by_name: Option<String>,
    /// Why, in their words.
    pub reason: Option<String>,
}

/// A selection of the departures of a company.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Only {
    trip: Option<TripId>,
    route: Option<RouteId>,
}

impl Only {
    /// The departures of one trip.
    #[must_use]
    pub const fn trip(trip: TripId) -> Self {
        Self {
            trip: Some(trip),
            route: None,
        }
    }

    /// The departures of a route, or all.
    #[must_use]
    pub const fn route(route: Option<RouteId>) -> Self {
        Self { trip: None, route }
    }
}

/// The stored departures of a company on service days, both included, that `only` selects.
///
/// # Errors
/// Database errors only.
pub async fn stored(
    conn: &mut PgConnection,
    company_id: CompanyId,
    (from, to): (NaiveDate, NaiveDate),
    only: Only,
) -> AppResult<Vec<StoredDeparture>> {
    let rows = sqlx::query!(
        r#"select d.trip_id, d.service_day, d.closed_at is not null as "is_withdrawn!", d.company_closed_at,
                  d.company_closed_by, u.first_name || ' ' || u.last_name as closed_by_name, d.company_closed_reason,
                  c.departure_at as "departs_at!",
                  exists (select from tickets k where (k.trip_id, k.service_day) = (d.trip_id, d.service_day)
                                                  and k.status in ('Processing', 'Confirmed')) as "is_used!"
           from routes r
           join trips t on t.route_id = r.id
           join departures d on d.trip_id = t.id
           left join users u
                on u.id = case when d.company_closed_by ~ '^usr_[0-9a-f]{32}$' then substr(d.company_closed_by, 5)::uuid end
           cross join lateral (
               select k.departure_at from departure_calls k
               where (k.trip_id, k.service_day) = (d.trip_id, d.service_day)
               order by k.position limit 1
           ) c
           where r.company_id = $1 and d.service_day >= $2 and d.service_day <= $3 and ($4::uuid is null or t.id = $4)
               and ($5::uuid is null or r.id = $5)"#,
        company_id as CompanyId,
        from,
        to,
        only.trip as Option<TripId>,
        only.route as Option<RouteId>,
    )
    .fetch_all(conn)
    .await?;
    let stored = rows.into_iter().map(|row| StoredDeparture {
        key: (TripId(row.trip_id), row.service_day),
        departs_at: row.departs_at,
        is_used: row.is_used,
        is_withdrawn: row.is_withdrawn,
        closure: (row.company_closed_at.zip(row.company_closed_by)).map(|(at, by)| Closure {
            at,
            by,
            by_name: row.closed_by_name,
            reason: row.company_closed_reason,
        }),
    });
    Ok(stored.collect())
}

/// Numbers of tickets of a departure that keep a seat, in all and by state.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts {
    /// All.
    pub sold: i64,
    /// Paid in full.
    pub paid: i64,
    /// Neither paid nor booked.
    pub unpaid: i64,
    /// To be paid on board, in part or in full.
    pub on_board: i64,
    /// Neither confirmed nor rejected by the company.
    pub processing: i64,
}

/// The tickets of a company's departures by departure, as they read at `now`; those without any are left out.
///
/// # Errors
/// Database errors only.
pub async fn counts(
    conn: &mut PgConnection,
    company_id: CompanyId,
    keys: &[DepartureKey],
    now: DateTime<Utc>,
) -> AppResult<HashMap<DepartureKey, Counts>> {
    let (trips, days): (Vec<Uuid>, Vec<NaiveDate>) = keys.iter().map(|(trip, day)| (trip.0, *day)).unzip();
    let rows = sqlx::query!(
        r#"select t.trip_id, t.service_day, count(*) as "sold!",
                  count(*) filter (where t.payment_status = 'Paid') as "paid!",
                  count(*) filter (where t.payment_status = 'Unpaid') as "unpaid!",
                  count(*) filter (where t.payment_status in ('Booked', 'Prepaid')) as "on_board!",
                  count(*) filter (where t.status = 'Processing') as "processing!"
           from unnest($2::uuid[], $3::date[]) as wanted (trip_id, service_day)
           join tickets t using (trip_id, service_day)
           where t.company_id = $1 and t.status in ('Processing', 'Confirmed')
             and not (t.status = 'Processing' and t.payment_status = 'Unpaid' and t.created_at <= $4)
           group by t.trip_id, t.service_day"#,
        company_id as CompanyId,
        &trips,
        &days,
        now - PAYMENT_WINDOW,
    )
    .fetch_all(conn)
    .await?;
    let counts = rows.into_iter().map(|row| {
        let counts = Counts {
            sold: row.sold,
            paid: row.paid,
            unpaid: row.unpaid,
            on_board: row.on_board,
            processing: row.processing,
        };
        ((TripId(row.trip_id), row.service_day), counts)
    });
    Ok(counts.collect())
}
