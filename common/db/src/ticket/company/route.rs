//! Tickets of a company on one route, on any day.

use chrono::{DateTime, Utc};
use domain::id::{CompanyId, RouteId};
use domain::payment_window::PAYMENT_WINDOW;
use domain::ticket::{self, Stored};
use sqlx::PgConnection;
use uuid::Uuid;

use super::Filter;
use super::search::Wanted;
use super::state::Sizes;
use crate::error::AppResult;
use crate::list_count::{self, List};

/// A page, newest first, and how many there are.
///
/// `tickets_company_trip_idx` has the newest of each trip and stored state side by side: the page is merged from the
/// first few of each trip that has tickets and each state that occurs, and nothing else is read. The total in all states
/// is maintained. In some states, it is counted in the index: counts by trip and state would cost two more writes for
/// each ticket that is paid.
pub(super) async fn page(
    conn: &mut PgConnection,
    company_id: CompanyId,
    route_id: RouteId,
    filter: &Filter,
    now: DateTime<Utc>,
) -> AppResult<(Vec<Uuid>, i64)> {
    let (trips, all) = trips(conn, company_id, route_id).await?;
    if trips.is_empty() {
        return Ok((Vec::new(), 0));
    }
    let every = ticket::stored(None, None);
    let sizes = Sizes::read(conn, company_id, &every).await?;
    let stored = sizes.occurring(&filter.stored);
    let overdue_since = now - PAYMENT_WINDOW;
    let wanted = Wanted::of(&stored);
    let ids = sqlx::query_scalar!(
        r#"select hit.id as "id!"
           from unnest($2::uuid[]) as trip (id)
           cross join unnest($3::text[], $4::text[], $5::boolean[]) as wanted (status, payment_status, overdue)
           cross join lateral (
               select t.id from tickets t
               where t.company_id = $1 and t.trip_id = trip.id
                 and t.status = wanted.status and t.payment_status = wanted.payment_status
                 and (wanted.overdue is null or (t.created_at <= $6) = wanted.overdue)
               order by t.id desc limit $7::bigint + $8::bigint
           ) hit
           order by hit.id desc limit $7 offset $8"#,
        company_id as CompanyId,
        &trips,
        &wanted.statuses,
        &wanted.payment_statuses,
        &wanted.overdue as &[Option<bool>],
        overdue_since,
        filter.take,
        filter.skip,
    )
    .fetch_all(&mut *conn)
    .await?;
    if filter.is_any_state() {
        return Ok((ids, all));
    }
    // Of the tickets in these states and of the others, those that are fewer in the whole company are counted.
    let is_other = |other: &Stored| filter.stored.iter().all(|stored| stored.state != other.state);
    let others: Vec<Stored> = sizes.occurring(&every).into_iter().filter(is_other).collect();
    let has_overdue = filter.stored.iter().any(|stored| stored.overdue.is_some());
    let total = if !has_overdue && sizes.total(&others) < sizes.total(&stored) {
        all - count(conn, company_id, &trips, &others, overdue_since).await?
    } else {
        count(conn, company_id, &trips, &stored, overdue_since).await?
    };
    Ok((ids, total))
}

/// The trips of a route that carry tickets of the company, and how many tickets these are.
async fn trips(conn: &mut PgConnection, company_id: CompanyId, route_id: RouteId) -> AppResult<(Vec<Uuid>, i64)> {
    let trips = sqlx::query_scalar!(
        r#"select id::text as "id!" from trips where route_id = $1"#,
        route_id as RouteId,
    )
    .fetch_all(&mut *conn)
    .await?;
    let sizes = list_count::of_each(conn, List::CompanyTicketsByTrip, company_id.0, &trips).await?;
    let ids: Vec<Uuid> = sizes.keys().filter_map(|trip| trip.parse::<Uuid>().ok()).collect();
    Ok((ids, sizes.values().sum()))
}

/// How many tickets of these trips are in these states. Each trip and state by itself, so that no plan reads others.
async fn count(
    conn: &mut PgConnection,
    company_id: CompanyId,
    trips: &[Uuid],
    stored: &[Stored],
    overdue_since: DateTime<Utc>,
) -> AppResult<i64> {
    let wanted = Wanted::of(stored);
    let total = sqlx::query_scalar!(
        r#"select coalesce(sum(n), 0)::bigint as "total!"
           from unnest($2::uuid[]) as trip (id)
           cross join unnest($3::text[], $4::text[], $5::boolean[]) as wanted (status, payment_status, overdue)
           cross join lateral (
               select count(*) as n from tickets t
               where t.company_id = $1 and t.trip_id = trip.id
                 and t.status = wanted.status and t.payment_status = wanted.payment_status
                 and (wanted.overdue is null or (t.created_at <= $6) = wanted.overdue)
           ) c"#,
        company_id as CompanyId,
        trips,
        &wanted.statuses,
        &wanted.payment_statuses,
        &wanted.overdue as &[Option<bool>],
        overdue_since,
    )
    .fetch_one(conn)
    .await?;
    Ok(total)
}
