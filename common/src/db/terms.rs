//! Terms of sale, as the verbs read them: what a partner may do, refund rules, discounts, cut-offs.

use std::collections::HashMap;

use chrono::TimeDelta;
use rust_decimal::Decimal;
use sqlx::PgConnection;
use uuid::Uuid;

use crate::domain::company::Permission;
use crate::domain::discount::{Discount, DiscountRule};
use crate::domain::refund::{RefundRule, Share};
use crate::error::AppResult;
use crate::id::{CompanyId, DiscountId, PartnerId, PermissionId, RefundRuleId};
use crate::money::{Currency, Money};

/// What companies have granted a partner; a company without an entry allows everything.
///
/// # Errors
/// Database errors only.
pub async fn permissions(conn: &mut PgConnection, partner_id: PartnerId) -> AppResult<HashMap<CompanyId, Permission>> {
    let rows = sqlx::query!(
        "select id, company_id, accesses from partner_permissions where partner_id = $1",
        partner_id as PartnerId
    )
    .fetch_all(conn)
    .await?;
    Ok(rows
        .into_iter()
        .map(|row| {
            let accesses = row.accesses.iter().filter_map(|access| access.parse().ok()).collect();
            (
                CompanyId(row.company_id),
                Permission {
                    id: Some(PermissionId(row.id)),
                    accesses,
                },
            )
        })
        .collect())
}

/// Refund rules of companies.
///
/// # Errors
/// Database errors only.
pub async fn refund_rules(
    conn: &mut PgConnection,
    companies: &[CompanyId],
) -> AppResult<HashMap<CompanyId, Vec<RefundRule>>> {
    let companies: Vec<Uuid> = companies.iter().map(|company| company.0).collect();
    let rows = sqlx::query!(
        r#"select id, company_id, hours, percent, amount, currency as "currency: Currency"
           from refund_rules where company_id = any($1) order by company_id, hours desc"#,
        &companies,
    )
    .fetch_all(conn)
    .await?;
    let mut rules: HashMap<CompanyId, Vec<RefundRule>> = HashMap::new();
    for row in rows {
        let share = match (row.percent, row.amount, row.currency) {
            (None, Some(amount), Some(currency)) => Share::Fixed(Money::new(amount, currency)),
            (percent, ..) => Share::Percent(percent.unwrap_or(Decimal::ZERO)),
        };
        let rule = RefundRule {
            id: RefundRuleId(row.id),
            hours: row.hours,
            share,
        };
        rules.entry(CompanyId(row.company_id)).or_default().push(rule);
    }
    Ok(rules)
}

/// Cut-offs for cancelling paid tickets, of the companies that have one.
///
/// # Errors
/// Database errors only.
pub async fn cancellation_cutoffs(
    conn: &mut PgConnection,
    companies: &[CompanyId],
) -> AppResult<HashMap<CompanyId, TimeDelta>> {
    let companies: Vec<Uuid> = companies.iter().map(|company| company.0).collect();
    let rows = sqlx::query!(
        r#"select id, cancellation_cutoff_hours as "hours!" from companies
           where id = any($1) and cancellation_cutoff_hours is not null"#,
        &companies,
    )
    .fetch_all(conn)
    .await?;
    Ok(rows
        .into_iter()
        .map(|row| (CompanyId(row.id), TimeDelta::hours(row.hours.into())))
        .collect())
}

/// Discounts by id, whosever they are.
///
/// # Errors
/// Database errors only.
pub async fn discounts(conn: &mut PgConnection, ids: &[Uuid]) -> AppResult<HashMap<DiscountId, Discount>> {
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let rows = sqlx::query!(
        r#"select id, company_id, name, rule as "rule: DiscountRule", amount, currency as "currency: Currency", start_date, end_date
           from discounts where id = any($1)"#,
        ids,
    )
    .fetch_all(conn)
    .await?;
    Ok(rows
        .into_iter()
        .map(|row| {
            let discount = Discount {
                id: DiscountId(row.id),
                company_id: CompanyId(row.company_id),
                name: row.name,
                rule: row.rule,
                amount: row.amount,
                currency: row.currency,
                start_date: row.start_date,
                end_date: row.end_date,
            };
            (discount.id, discount)
        })
        .collect())
}

/// IANA name of a company's time zone.
///
/// # Errors
/// Database errors only.
pub async fn time_zone(conn: &mut PgConnection, company_id: CompanyId) -> AppResult<String> {
    Ok(
        sqlx::query_scalar!("select time_zone from companies where id = $1", company_id as CompanyId)
            .fetch_one(conn)
            .await?,
    )
}
