//! Routes with the companies and carriers behind them.

use std::collections::HashMap;
use std::sync::Arc;

use chrono::TimeDelta;
use sqlx::PgConnection;
use uuid::Uuid;

use super::corrupt;
use crate::domain::company::{Carrier, Company};
use crate::domain::journey::Route;
use crate::error::AppResult;
use crate::id::{CarrierId, CompanyId, RouteId};

/// Routes by id: the given ones, or all that are not withdrawn.
pub(in crate::db) async fn routes(
    conn: &mut PgConnection,
    only: Option<&[Uuid]>,
) -> AppResult<HashMap<Uuid, Arc<Route>>> {
    let companies = companies(conn).await?;
    let carriers: HashMap<Uuid, Arc<Carrier>> = sqlx::query!("select id, name, phones from carriers")
        .fetch_all(&mut *conn)
        .await?
        .into_iter()
        .map(|row| {
            (
                row.id,
                Arc::new(Carrier {
                    id: CarrierId(row.id),
                    name: row.name,
                    phones: row.phones,
                }),
            )
        })
        .collect();
    let rows = sqlx::query!(
        "select id, company_id, carrier_id, slug, name, description from routes
         where case when $1::uuid[] is null then withdrawn_at is null else id = any($1) end",
        only as Option<&[Uuid]>,
    )
    .fetch_all(conn)
    .await?;
    rows.into_iter()
        .map(|row| {
            let company = companies
                .get(&row.company_id)
                .ok_or_else(|| corrupt("route without company", &row.id))?;
            let carrier = carriers
                .get(&row.carrier_id)
                .ok_or_else(|| corrupt("route without carrier", &row.id))?;
            let route = Route {
                id: RouteId(row.id),
                slug: row.slug,
                name: row.name,
                description: row.description,
                company: Arc::clone(company),
                carrier: Arc::clone(carrier),
            };
            Ok((row.id, Arc::new(route)))
        })
        .collect()
}

async fn companies(conn: &mut PgConnection) -> AppResult<HashMap<Uuid, Arc<Company>>> {
    let rows = sqlx::query!(
        "select id, slug, name, email, website, rules, logo_url, ceo, socials, partner_company, sales_cutoff_minutes
         from companies"
    )
    .fetch_all(conn)
    .await?;
    Ok(rows
        .into_iter()
        .map(|row| {
            let company = Company {
                id: CompanyId(row.id),
                slug: row.slug,
                name: row.name,
                email: row.email,
                website: row.website,
                rules: row.rules,
                logo_url: row.logo_url,
                ceo: row.ceo,
                socials: row.socials,
                partner_company: row.partner_company,
                sales_cutoff: TimeDelta::minutes(row.sales_cutoff_minutes.into()),
            };
            (row.id, Arc::new(company))
        })
        .collect())
}
