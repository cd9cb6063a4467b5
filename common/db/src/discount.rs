//! Discounts of companies.

use std::collections::HashMap;

use chrono::{DateTime, NaiveDate, Utc};
use domain::discount::{Discount, DiscountRule};
use domain::id::{CompanyId, DiscountId, PartnerId};
use domain::money::Currency;
use rust_decimal::Decimal;
use sqlx::PgConnection;
use uuid::Uuid;

use crate::error::AppResult;

/// A discount to store.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewDiscount {
    /// For people; unique inside the company.
    pub name: String,
    /// How it is worked out.
    pub rule: DiscountRule,
    /// Percent, or an amount.
    pub amount: Decimal,
    /// Currency of the amount; none for percent.
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

/// The discount of this name that is not withdrawn.
///
/// # Errors
/// Database errors only.
pub async fn find_by_name(conn: &mut PgConnection, company_id: CompanyId, name: &str) -> AppResult<Option<DiscountId>> {
    Ok(sqlx::query_scalar!(
        r#"select id as "id: DiscountId" from discounts
           where company_id = $1 and name = $2 and withdrawn_at is null order by id limit 1"#,
        company_id as CompanyId,
        name,
    )
    .fetch_optional(conn)
    .await?)
}

/// A page of the discounts that have not ended and that a partner may use, oldest first, and how many there are.
/// `today` has the day in each time zone of a company.
///
/// # Errors
/// Database errors only.
pub async fn usable(
    conn: &mut PgConnection,
    partner_id: PartnerId,
    company_id: Option<CompanyId>,
    today: &[(String, NaiveDate)],
    take: i64,
    skip: i64,
) -> AppResult<(Vec<Discount>, i64)> {
    let (zones, days): (Vec<String>, Vec<NaiveDate>) = today.iter().cloned().unzip();
    let rows = sqlx::query!(
        r#"with usable as (
               select d.* from discounts d
               join companies c on c.id = d.company_id
               join unnest($3::text[], $4::date[]) as today (time_zone, day) on today.time_zone = c.time_zone
               left join partner_permissions p on p.company_id = d.company_id and p.partner_id = $1
               where ($2::uuid is null or d.company_id = $2)
                 and (d.end_date is null or d.end_date >= today.day)
                 and d.withdrawn_at is null
                 and (p.id is null or 'BOOK' = any(p.accesses))
           ), page as (
               select * from usable order by id limit $5 offset $6
           )
           select n.total as "total!", id as "id?", company_id as "company_id?", name as "name?",
                  rule as "rule?: DiscountRule", amount as "amount?", currency as "currency?: Currency",
                  start_date as "start_date?", end_date as "end_date?"
           from (select count(*) as total from usable) n left join page on true
           order by id"#,
        partner_id as PartnerId,
        company_id as Option<CompanyId>,
        &zones,
        &days,
        take,
        skip,
    )
    .fetch_all(conn)
    .await?;
    let total = rows.first().map_or(0, |row| row.total);
    let discounts = rows.into_iter().filter_map(|row| {
        Some(Discount {
            id: DiscountId(row.id?),
            company_id: CompanyId(row.company_id?),
            name: row.name?,
            rule: row.rule?,
            amount: row.amount?,
            currency: row.currency,
            start_date: row.start_date,
            end_date: row.end_date,
        })
    });
    Ok((discounts.collect(), total))
}

/// Discounts by id, of any company.
///
/// # Errors
/// Database errors only.
pub async fn find_many(conn: &mut PgConnection, ids: &[Uuid]) -> AppResult<HashMap<DiscountId, Discount>> {
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

/// Discounts of a company by id that are not withdrawn, and the IANA name of its time zone if it has any of them.
///
/// # Errors
/// Database errors only.
pub async fn of_company(
    conn: &mut PgConnection,
    company_id: CompanyId,
    ids: &[Uuid],
) -> AppResult<(HashMap<DiscountId, Discount>, Option<String>)> {
    let rows = sqlx::query!(
        r#"select d.id, d.name, d.rule as "rule: DiscountRule", d.amount, d.currency as "currency: Currency",
                  d.start_date, d.end_date, c.time_zone
           from discounts d join companies c on c.id = d.company_id
           where d.company_id = $1 and d.id = any($2) and d.withdrawn_at is null"#,
        company_id as CompanyId,
        ids,
    )
    .fetch_all(conn)
    .await?;
    let time_zone = rows.first().map(|row| row.time_zone.clone());
    let discounts = rows.into_iter().map(|row| {
        let discount = Discount {
            id: DiscountId(row.id),
            company_id,
            name: row.name,
            rule: row.rule,
            amount: row.amount,
            currency: row.currency,
            start_date: row.start_date,
            end_date: row.end_date,
        };
        (discount.id, discount)
    });
    Ok((discounts.collect(), time_zone))
}

/// A page of the discounts of a company that are not withdrawn, oldest first, and how many there are.
///
/// # Errors
/// Database errors only.
pub async fn page(
    conn: &mut PgConnection,
    company_id: CompanyId,
    take: i64,
    skip: i64,
) -> AppResult<(Vec<Discount>, i64)> {
    let total = sqlx::query_scalar!(
        r#"select count(*) as "total!" from discounts where company_id = $1 and withdrawn_at is null"#,
        company_id as CompanyId,
    )
    .fetch_one(&mut *conn)
    .await?;
    let discounts = sqlx::query_as!(
        Discount,
        r#"select id as "id: DiscountId", company_id as "company_id: CompanyId", name, rule as "rule: DiscountRule",
                  amount, currency as "currency: Currency", start_date, end_date
           from discounts where company_id = $1 and withdrawn_at is null order by id limit $2 offset $3"#,
        company_id as CompanyId,
        take,
        skip,
    )
    .fetch_all(conn)
    .await?;
    Ok((discounts, total))
}

/// A discount of a company that is not withdrawn.
///
/// # Errors
/// Database errors only.
pub async fn find(conn: &mut PgConnection, company_id: CompanyId, id: DiscountId) -> AppResult<Option<Discount>> {
    Ok(sqlx::query_as!(
        Discount,
        r#"select id as "id: DiscountId", company_id as "company_id: CompanyId", name, rule as "rule: DiscountRule",
                  amount, currency as "currency: Currency", start_date, end_date
           from discounts where company_id = $1 and id = $2 and withdrawn_at is null"#,
        company_id as CompanyId,
        id as DiscountId,
    )
    .fetch_optional(conn)
    .await?)
}

/// Changes the days of sale on which a discount applies.
///
/// # Errors
/// Database errors only.
pub async fn set_days(
    conn: &mut PgConnection,
    company_id: CompanyId,
    id: DiscountId,
    (start_date, end_date): (Option<NaiveDate>, Option<NaiveDate>),
) -> AppResult<()> {
    sqlx::query!(
        "update discounts set start_date = $3, end_date = $4 where company_id = $1 and id = $2",
        company_id as CompanyId,
        id as DiscountId,
        start_date,
        end_date,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Withdraws a discount; false when there is none.
///
/// # Errors
/// Database errors only.
pub async fn withdraw(
    conn: &mut PgConnection,
    company_id: CompanyId,
    id: DiscountId,
    now: DateTime<Utc>,
) -> AppResult<bool> {
    let done = sqlx::query!(
        "update discounts set withdrawn_at = coalesce(withdrawn_at, $3) where company_id = $1 and id = $2",
        company_id as CompanyId,
        id as DiscountId,
        now,
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected() == 1)
}
