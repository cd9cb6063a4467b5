//! Seasons of the published timetable of a company.

use std::collections::HashMap;

use chrono::NaiveDate;
use domain::id::{CompanyId, RouteId};
use domain::season::{Season, seasons};
use sqlx::PgPool;

use crate::error::AppResult;

/// The seasons of a route.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RouteSeasons {
    /// The route.
    pub id: RouteId,
    /// Its name.
    pub name: String,
    /// Its seasons, in the order of their first days.
    pub seasons: Vec<Season>,
}

/// A page of a company's routes, by name, with their seasons, and how many routes there are in all.
///
/// # Errors
/// Database errors only.
pub async fn list(pool: &PgPool, company_id: CompanyId, take: u32, skip: u32) -> AppResult<(Vec<RouteSeasons>, i64)> {
    let mut tx = db::snapshot(pool).await?;
    let (routes, total) = db::timetable::season::routes(&mut tx, company_id, take.into(), skip.into()).await?;
    let ids: Vec<RouteId> = routes.iter().map(|route| route.id).collect();
    let mut services: HashMap<RouteId, Vec<(Vec<NaiveDate>, i64)>> = HashMap::new();
    for service in db::timetable::season::services(&mut tx, &ids).await? {
        let of_route = services.entry(service.route_id).or_default();
        of_route.push((service.days, service.trips));
    }
    let routes = routes.into_iter().map(|route| RouteSeasons {
        seasons: seasons(&services.remove(&route.id).unwrap_or_default()),
        id: route.id,
        name: route.name,
    });
    Ok((routes.collect(), total))
}
