//! Refund tiers of companies.

use std::collections::HashMap;

use domain::id::{CompanyId, RefundRuleId};
use domain::money::{Currency, Money};
use domain::refund_rule::{Refund, RefundRule, RefundTier};
use rust_decimal::Decimal;
use sqlx::PgConnection;
use uuid::Uuid;

use crate::error::{AppError, AppResult};

/// The tiers of a company, hours descending.
///
/// # Errors
/// Database errors, and a row that is neither percent nor money.
pub async fn of_company(conn: &mut PgConnection, company_id: CompanyId) -> AppResult<Vec<RefundTier>> {
    let rows = sqlx::query!(
        r#"select hours, percent, amount, currency as "currency: Currency"
           from refund_rules where company_id = $1 order by hours desc"#,
        company_id as CompanyId,
    )
    .fetch_all(conn)
    .await?;
    let tier = |hours, refund: Option<Refund>| {
        let refund = refund.ok_or_else(|| AppError::Internal("a refund rule without percent and amount".to_owned()))?;
        Ok(RefundTier { hours, refund })
    };
    rows.into_iter()
        .map(|r| tier(r.hours, refund(r.percent, r.amount.zip(r.currency))))
        .collect()
}

fn refund(percent: Option<Decimal>, sum: Option<(Decimal, Currency)>) -> Option<Refund> {
    percent
        .map(Refund::Percent)
        .or(sum.map(|(amount, currency)| Refund::Fixed(Money::new(amount, currency))))
}

/// The rule of a row; `None` for a row that is neither percent nor money.
pub(super) fn rule(
    id: RefundRuleId,
    hours: i32,
    percent: Option<Decimal>,
    sum: Option<(Decimal, Currency)>,
) -> Option<RefundRule> {
    let refund = refund(percent, sum)?;
    Some(RefundRule {
        id,
        tier: RefundTier { hours, refund },
    })
}

/// Refund rules of companies.
///
/// # Errors
/// Database errors only.
pub async fn of_companies(
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
        let Some(rule) = rule(
            RefundRuleId(row.id),
            row.hours,
            row.percent,
            row.amount.zip(row.currency),
        ) else {
            continue;
        };
        rules.entry(CompanyId(row.company_id)).or_default().push(rule);
    }
    Ok(rules)
}

/// Replaces all tiers of a company.
///
/// # Errors
/// Database errors only.
pub async fn replace(conn: &mut PgConnection, company_id: CompanyId, tiers: &[RefundTier]) -> AppResult<()> {
    sqlx::query!(
        "delete from refund_rules where company_id = $1",
        company_id as CompanyId
    )
    .execute(&mut *conn)
    .await?;
    let ids: Vec<_> = tiers.iter().map(|_| RefundRuleId::new().0).collect();
    let hours: Vec<_> = tiers.iter().map(|t| t.hours).collect();
    let percent = |tier: &RefundTier| match tier.refund {
        Refund::Percent(percent) => Some(percent),
        Refund::Fixed(_) => None,
    };
    let money = |tier: &RefundTier| match tier.refund {
        Refund::Percent(_) => None,
        Refund::Fixed(money) => Some(money),
    };
    let percents: Vec<_> = tiers.iter().map(percent).collect();
    let amounts: Vec<_> = tiers.iter().map(|t| money(t).map(|m| m.amount)).collect();
    let currencies: Vec<_> = tiers
        .iter()
        .map(|t| money(t).map(|m| m.currency.code().to_owned()))
        .collect();
    sqlx::query!(
        "insert into refund_rules (company_id, id, hours, percent, amount, currency)
         select $1, new.* from unnest($2::uuid[], $3::int[], $4::numeric[], $5::numeric[], $6::text[]) as new",
        company_id as CompanyId,
        &ids,
        &hours,
        &percents as &[Option<Decimal>],
        &amounts as &[Option<Decimal>],
        &currencies as &[Option<String>],
    )
    .execute(conn)
    .await?;
    Ok(())
}
