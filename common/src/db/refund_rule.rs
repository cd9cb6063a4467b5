//! Refund tiers of companies.

use sqlx::PgConnection;

use crate::domain::refund_rule::{Refund, RefundTier};
use crate::error::{AppError, AppResult};
use crate::id::{CompanyId, RefundRuleId};
use crate::money::{Currency, Money};

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
    let tier = |hours, percent: Option<_>, fixed: Option<_>| {
        let refund = percent
            .map(Refund::Percent)
            .or(fixed.map(|(amount, currency)| Refund::Fixed(Money::new(amount, currency))));
        let refund = refund.ok_or_else(|| AppError::Internal("a refund rule without percent and sum".to_owned()))?;
        Ok(RefundTier { hours, refund })
    };
    rows.into_iter()
        .map(|r| tier(r.hours, r.percent, r.amount.zip(r.currency)))
        .collect()
}

/// Makes these the only tiers of a company.
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
        &percents as &[Option<rust_decimal::Decimal>],
        &amounts as &[Option<rust_decimal::Decimal>],
        &currencies as &[Option<String>],
    )
    .execute(conn)
    .await?;
    Ok(())
}
