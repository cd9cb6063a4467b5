//! Discounts of companies.

use chrono::{DateTime, NaiveDate, Utc};
use connect::postgres::begin;
pub use db::discount::NewDiscount;
use domain::discount::{Discount, DiscountRule};
use domain::id::{CompanyId, DiscountId, PartnerId};
use domain::money::Currency;
use domain::zone::Zone;
use rust_decimal::Decimal;
use serde_json::Value;
use sqlx::{PgConnection, PgPool};

use super::Platform;
use crate::error::{AppError, AppResult, FieldError, Noun};
use crate::ops::Operator;
use crate::work::Work;

/// Creates a discount.
///
/// # Errors
/// Names every field that breaks a rule; a name that the company already uses is one.
pub async fn create(
    work: &Work,
    now: DateTime<Utc>,
    by: &Operator,
    company_id: CompanyId,
    discount: &NewDiscount,
) -> AppResult<DiscountId> {
    check(discount)?;
    let mut tx = work.begin().await?;
    // Of two concurrent requests with the same name, the second one finds the discount of the first.
    db::company::lock(&mut tx, company_id).await?;
    if db::discount::find_by_name(&mut tx, company_id, &discount.name)
        .await?
        .is_some()
    {
        return Err(AppError::field(
            "name",
            "unique",
            format!("must be unique: {:?} already exists", discount.name),
        ));
    }
    let id = insert(&mut tx, (now, by), company_id, discount).await?;
    tx.commit().await?;
    Ok(id)
}

/// A page of the discounts that a partner may use today or later, oldest first, and how many there are: those of
/// companies that let it book, or of the given company only. Today is the day in the time zone of each company.
///
/// # Errors
/// Database errors only.
pub async fn list(
    platform: &Platform,
    partner_id: PartnerId,
    company_id: Option<CompanyId>,
    take: i64,
    skip: i64,
) -> AppResult<(Vec<Discount>, i64)> {
    let now = platform.clock.now();
    let mut snapshot = db::snapshot(&platform.pool).await?;
    let names = db::company::time_zones(&mut snapshot).await?;
    let days: Result<Vec<_>, _> = names
        .iter()
        .map(|name| Zone::named(name).map(|zone| zone.day(now)))
        .collect();
    let days = days.map_err(|e| AppError::Internal(e.to_string()))?;
    let today: Vec<_> = names.into_iter().zip(days).collect();
    let page = db::discount::usable(&mut snapshot, partner_id, company_id, &today, take, skip).await?;
    snapshot.commit().await?;
    Ok(page)
}

/// A page of the discounts of a company that are not withdrawn, oldest first, and how many there are.
///
/// # Errors
/// Database errors only.
pub async fn of_company(pool: &PgPool, company_id: CompanyId, take: i64, skip: i64) -> AppResult<(Vec<Discount>, i64)> {
    let mut snapshot = db::snapshot(pool).await?;
    let page = db::discount::page(&mut snapshot, company_id, take, skip).await?;
    snapshot.commit().await?;
    Ok(page)
}

/// Changes the days of sale on which a discount applies; the amount never changes, since tickets that were sold show
/// it.
///
/// # Errors
/// Not found, when it is unknown, another company's, or withdrawn; validation of `endDate`, when it is before the
/// start.
pub async fn set_days(
    pool: &PgPool,
    now: DateTime<Utc>,
    by: &Operator,
    company_id: CompanyId,
    id: DiscountId,
    days: (Option<NaiveDate>, Option<NaiveDate>),
) -> AppResult<Discount> {
    if let (Some(start), Some(end)) = days
        && end < start
    {
        return Err(AppError::field("endDate", "range", "must not be before startDate"));
    }
    let mut tx = begin(pool).await?;
    // Concurrent changes wait for each other.
    db::company::lock(&mut tx, company_id).await?;
    let before = db::discount::find(&mut tx, company_id, id).await?;
    let before = before.ok_or(AppError::NotFound(Noun::Resource))?;
    if (before.start_date, before.end_date) == days {
        return Ok(before);
    }
    db::discount::set_days(&mut tx, company_id, id, days).await?;
    let details = details(company_id, days);
    by.record(&mut tx, now, "discount.changed", &id.to_string(), details)
        .await?;
    tx.commit().await?;
    let (start_date, end_date) = days;
    Ok(Discount {
        start_date,
        end_date,
        ..before
    })
}

/// Withdraws a discount: it can no longer be used, and tickets that were sold with it keep it.
///
/// # Errors
/// Not found, when it is unknown or another company's.
pub async fn withdraw(
    pool: &PgPool,
    now: DateTime<Utc>,
    by: &Operator,
    company_id: CompanyId,
    id: DiscountId,
) -> AppResult<()> {
    let mut tx = begin(pool).await?;
    // Of two concurrent requests, the second one finds what the first did.
    db::company::lock(&mut tx, company_id).await?;
    let is_offered = db::discount::find(&mut tx, company_id, id).await?.is_some();
    if !db::discount::withdraw(&mut tx, company_id, id, now).await? {
        return Err(AppError::NotFound(Noun::Resource));
    }
    // Withdrawing it again changes nothing.
    if is_offered {
        let details = [("place", company_id.to_string().into())];
        by.record(&mut tx, now, "discount.withdrawn", &id.to_string(), details)
            .await?;
    }
    tx.commit().await?;
    Ok(())
}

/// The discount of this name; created if it does not exist.
///
/// # Errors
/// As [`create`], except for a taken name.
pub async fn ensure(
    pool: &PgPool,
    now: DateTime<Utc>,
    by: &Operator,
    company_id: CompanyId,
    discount: &NewDiscount,
) -> AppResult<DiscountId> {
    check(discount)?;
    let mut tx = begin(pool).await?;
    db::company::lock(&mut tx, company_id).await?;
    let id = match db::discount::find_by_name(&mut tx, company_id, &discount.name).await? {
        Some(id) => id,
        None => insert(&mut tx, (now, by), company_id, discount).await?,
    };
    tx.commit().await?;
    Ok(id)
}

async fn insert(
    conn: &mut PgConnection,
    (now, by): (DateTime<Utc>, &Operator),
    company_id: CompanyId,
    discount: &NewDiscount,
) -> AppResult<DiscountId> {
    let id = DiscountId::new();
    db::discount::insert(conn, company_id, id, discount).await?;
    let amount: [(&'static str, Value); 3] = [
        ("rule", discount.rule.word().into()),
        ("amount", discount.amount.normalize().to_string().into()),
        ("currency", discount.currency.map(Currency::code).into()),
    ];
    let details = details(company_id, (discount.start_date, discount.end_date));
    by.record(
        conn,
        now,
        "discount.created",
        &id.to_string(),
        amount.into_iter().chain(details),
    )
    .await?;
    Ok(id)
}

/// The company and the days of sale, as details of an entry in the audit trail. Names of discounts are free text, and
/// are not stored there.
fn details(company_id: CompanyId, (start, end): (Option<NaiveDate>, Option<NaiveDate>)) -> [(&'static str, Value); 3] {
    let day = |day: Option<NaiveDate>| Value::from(day.map(|day| day.to_string()));
    [
        ("place", company_id.to_string().into()),
        ("startDate", day(start)),
        ("endDate", day(end)),
    ]
}

fn check(discount: &NewDiscount) -> AppResult<()> {
    let mut wrong = Vec::new();
    let mut require = |good: bool, field: &str, constraint: &str, message: &str| {
        if !good {
            wrong.push(FieldError::new(field, constraint, message));
        }
    };
    let percent = discount.rule == DiscountRule::Percent;
    let limit = if percent {
        Decimal::ONE_HUNDRED
    } else {
        Decimal::from(1_000_000_000)
    };
    let amount = discount.amount.normalize();
    require(
        !discount.name.trim().is_empty(),
        "name",
        "required",
        "must not be blank",
    );
    require(
        Decimal::ZERO < amount && amount <= limit,
        "amount",
        "range",
        "must be above 0, a percentage at most 100",
    );
    require(amount.scale() <= 2, "amount", "scale", "must have at most two decimals");
    require(
        percent == discount.currency.is_none(),
        "currency",
        "rule",
        "belongs to a fixed discount, and only to one",
    );
    let ordered = discount
        .start_date
        .zip(discount.end_date)
        .is_none_or(|(start, end)| start <= end);
    require(ordered, "endDate", "range", "must not be before startDate");
    if wrong.is_empty() {
        Ok(())
    } else {
        Err(AppError::Validation(wrong))
    }
}
