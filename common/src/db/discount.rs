//! Discounts of companies.

use chrono::NaiveDate;
use rust_decimal::Decimal;
use sqlx::PgConnection;

use crate::domain::party::DiscountRule;
use crate::error::AppResult;
use crate::id::{CompanyId, DiscountId};
use crate::money::Currency;

/// A discount to store.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewDiscount {
    /// For people; unique inside the company.
    pub name: String,
    /// How it is worked out.
    pub rule: DiscountRule,
    /// Percent, or a sum.
    pub amount: Decimal,
    /// Of the sum; none for percent.
    pub currency: Option<Currency>,
    /// First day of sale on which it applies, in the zone of the company; none is open.
    pub start_date: Option<NaiveDate>,
    /// Last such day; none is open.
    pub end_date: Option<NaiveDate>,
}

/// Stores a discount.
///
/// # Errors
/// Database errors only.
pub async fn insert(
    conn: &mut PgConnection,
    company_id: CompanyId,
    id: DiscountId,
    discount: &NewDiscount,
) -> AppResult<()> {
    sqlx::query!(
        "insert into discounts (id, company_id, name, rule, amount, currency, start_date, end_date)
         values ($1, $2, $3, $4, $5, $6, $7, $8)",
        id as DiscountId,
        company_id as CompanyId,
        discount.name,
        discount.rule.word(),
        discount.amount,
        discount.currency.map(Currency::code),
        discount.start_date,
        discount.end_date,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// The discount of this name.
///
/// # Errors
/// Database errors only.
pub async fn find_by_name(conn: &mut PgConnection, company_id: CompanyId, name: &str) -> AppResult<Option<DiscountId>> {
    Ok(sqlx::query_scalar!(
        r#"select id as "id: DiscountId" from discounts where company_id = $1 and name = $2 order by id limit 1"#,
        company_id as CompanyId,
        name,
    )
    .fetch_optional(conn)
    .await?)
}
