//! Service days of the routes of a company.

use chrono::NaiveDate;
use domain::id::{CompanyId, RouteId};
use sqlx::PgConnection;
use uuid::Uuid;

use crate::error::AppResult;

/// A route that is on sale.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SeasonRoute {
    /// Its id.
    pub id: RouteId,
    /// For people.
    pub name: String,
}

/// Routes of a company by name, and how many there are in all.
///
/// # Errors
/// Database errors only.
pub async fn routes(
    conn: &mut PgConnection,
    company_id: CompanyId,
    take: i64,
    skip: i64,
) -> AppResult<(Vec<SeasonRoute>, i64)> {
    let routes = sqlx::query_as!(
        SeasonRoute,
        r#"select id as "id: RouteId", name from routes where company_id = $1 and withdrawn_at is null
           order by name, id limit $2 offset $3"#,
        company_id as CompanyId,
        take,
        skip,
    )
    .fetch_all(&mut *conn)
    .await?;
    let total = sqlx::query_scalar!(
        r#"select count(*) as "total!" from routes where company_id = $1 and withdrawn_at is null"#,
        company_id as CompanyId,
    )
    .fetch_one(conn)
    .await?;
    Ok((routes, total))
}

/// The days of a service of a route.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RouteService {
    /// The route.
    pub route_id: RouteId,
    /// Ascending.
    pub days: Vec<NaiveDate>,
    /// How many of its trips run on them.
    pub trips: i64,
}

/// The services of routes.
///
/// # Errors
/// Database errors only.
pub async fn services(conn: &mut PgConnection, routes: &[RouteId]) -> AppResult<Vec<RouteService>> {
    let routes: Vec<Uuid> = routes.iter().map(|id| id.0).collect();
    Ok(sqlx::query_as!(
        RouteService,
        r#"select live.route_id as "route_id!: RouteId", s.days, live.trips as "trips!"
           from (
               select route_id, service_id, count(*) as trips from trips
               where route_id = any($1) and withdrawn_at is null
               group by route_id, service_id
           ) as live join services s on s.id = live.service_id"#,
        &routes,
    )
    .fetch_all(conn)
    .await?)
}
