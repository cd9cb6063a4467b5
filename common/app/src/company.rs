//! Bus companies and their sales settings.

use chrono::{DateTime, Utc};
use connect::postgres::begin;
pub use db::company::{NewCompany, SalesSettings};
use domain::id::CompanyId;
use domain::slug::is_slug;
use domain::zone::Zone;
use sqlx::PgPool;

use super::contact::address;
use super::ops::Operator;
use crate::error::{AppError, AppResult, FieldError};

/// Creates a company.
///
/// # Errors
/// Names every field that breaks a rule; a slug that is taken is one.
pub async fn create(pool: &PgPool, now: DateTime<Utc>, by: &Operator, company: &NewCompany) -> AppResult<CompanyId> {
    let mut wrong = Vec::new();
    let mut require = |good: bool, field: &str, constraint: &str, message: &str| {
        if !good {
            wrong.push(FieldError::new(field, constraint, message));
        }
    };
    require(
        is_slug(&company.slug),
        "slug",
        "slug",
        "must be lower-case letters, digits and dashes",
    );
    require(!company.name.trim().is_empty(), "name", "required", "must not be blank");
    let email = company
        .email
        .as_deref()
        .map(|typed| address("email", typed))
        .transpose();
    require(
        Zone::named(&company.time_zone).is_ok(),
        "timeZone",
        "timeZone",
        "must be an IANA time zone",
    );
    require(
        company.sales_cutoff_minutes >= 0,
        "salesCutoffMinutes",
        "min",
        "must not be negative",
    );
    let cutoff = company.cancellation_cutoff_hours;
    require(
        cutoff.is_none_or(|h| h >= 0),
        "cancellationCutoffHours",
        "min",
        "must not be negative",
    );
    let email = email.unwrap_or_else(|error| {
        wrong.push(error);
        None
    });
    if !wrong.is_empty() {
        return Err(AppError::Validation(wrong));
    }
    let id = CompanyId::new();
    let company = &NewCompany {
        email,
        ..company.clone()
    };
    let mut tx = begin(pool).await?;
    if !db::company::insert(&mut tx, id, company, now).await? {
        return Err(AppError::field(
            "slug",
            "unique",
            format!("must be unique: {:?} already exists", company.slug),
        ));
    }
    by.record(&mut tx, now, "company.created", &id.to_string(), []).await?;
    db::publication::bump(&mut tx).await?;
    tx.commit().await?;
    Ok(id)
}

/// The company with a slug that an operator named.
///
/// # Errors
/// When there is none.
pub async fn named(pool: &PgPool, slug: &str) -> AppResult<CompanyId> {
    let found = db::company::find_id(&mut *pool.acquire().await?, slug).await?;
    found.ok_or_else(|| {
        AppError::field(
            "company",
            "known",
            format!("must be the slug of a company, not {slug:?}"),
        )
    })
}

/// The sales settings of a company.
///
/// # Errors
/// Database errors only.
pub async fn sales_settings(pool: &PgPool, company_id: CompanyId) -> AppResult<SalesSettings> {
    db::company::sales_settings(&mut *pool.acquire().await?, company_id).await
}

/// Changes the sales settings of a company, also for offers made before: how many minutes before boarding the sale
/// ends, and how many hours before boarding paid tickets can last be canceled.
///
/// # Errors
/// Database errors only.
pub async fn set_sales_settings(
    pool: &PgPool,
    now: DateTime<Utc>,
    by: &Operator,
    company_id: CompanyId,
    sales_cutoff_minutes: i32,
    cancellation_cutoff_hours: Option<i32>,
) -> AppResult<SalesSettings> {
    let mut tx = begin(pool).await?;
    let hours = cancellation_cutoff_hours;
    if db::company::set_sales_settings(&mut tx, company_id, sales_cutoff_minutes, hours).await? {
        let details = [
            ("salesCutoffMinutes", sales_cutoff_minutes.into()),
            ("cancellationCutoffHours", hours.into()),
        ];
        by.record(&mut tx, now, "sales_settings.changed", &company_id.to_string(), details)
            .await?;
        db::publication::bump(&mut tx).await?;
    }
    let settings = db::company::sales_settings(&mut tx, company_id).await?;
    tx.commit().await?;
    Ok(settings)
}
