//! Routes with the companies and carriers behind them.

use std::collections::HashMap;
use std::sync::Arc;

use chrono::TimeDelta;
use domain::company::{Carrier, Company, PartnerCompany};
use domain::id::{CarrierId, CompanyId, RouteId};
use domain::journey::Route;
use sqlx::PgConnection;
use uuid::Uuid;

use crate::error::AppResult;

/// Routes by id: the given ones, or all that are not withdrawn. Those of one company or carrier share it.
///
/// # Errors
/// Database errors only.
pub(crate) async fn routes(conn: &mut PgConnection, only: Option<&[Uuid]>) -> AppResult<HashMap<Uuid, Arc<Route>>> {
    let rows = sqlx::query!(
        r#"select r.id, r.slug, r.name, r.description,
                r.company_id, c.slug as company_slug, c.name as company_name, c.email, c.website, c.rules, c.logo_url,
                c.ceo, c.socials, c.sales_cutoff_minutes,
                p.id as "partner_company_id?", p.slug as "partner_company_slug?", p.name as "partner_company_name?",
                r.carrier_id, f.name as carrier_name, f.phones
         from routes r join companies c on c.id = r.company_id join carriers f on f.id = r.carrier_id
              left join companies p on p.id = c.partner_company_id
         where r.id = any(coalesce($1::uuid[], array(select id from routes where withdrawn_at is null)))"#,
        only as Option<&[Uuid]>,
    )
    .fetch_all(conn)
    .await?;
    let mut companies: HashMap<Uuid, Arc<Company>> = HashMap::new();
    let mut carriers: HashMap<Uuid, Arc<Carrier>> = HashMap::new();
    let routes = rows.into_iter().map(|row| {
        let company = companies.entry(row.company_id).or_insert_with(|| {
            Arc::new(Company {
                id: CompanyId(row.company_id),
                slug: row.company_slug,
                name: row.company_name,
                email: row.email,
                website: row.website,
                rules: row.rules,
                logo_url: row.logo_url,
                ceo: row.ceo,
                socials: row.socials,
                partner_company: partner_company(
                    row.partner_company_id,
                    row.partner_company_slug,
                    row.partner_company_name,
                ),
                sales_cutoff: TimeDelta::minutes(row.sales_cutoff_minutes.into()),
            })
        });
        let carrier = carriers.entry(row.carrier_id).or_insert_with(|| {
            Arc::new(Carrier {
                id: CarrierId(row.carrier_id),
                name: row.carrier_name,
                phones: row.phones,
            })
        });
        let route = Route {
            id: RouteId(row.id),
            slug: row.slug,
            name: row.name,
            description: row.description,
            company: Arc::clone(company),
            carrier: Arc::clone(carrier),
        };
        (row.id, Arc::new(route))
    });
    Ok(routes.collect())
}

/// The company behind the columns of an outer join.
fn partner_company(id: Option<Uuid>, slug: Option<String>, name: Option<String>) -> Option<PartnerCompany> {
    Some(PartnerCompany {
        id: CompanyId(id?),
        slug: slug?,
        name: name?,
    })
}
