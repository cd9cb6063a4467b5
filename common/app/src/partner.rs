//! Partners: resellers.

use chrono::{DateTime, Utc};
use connect::postgres::begin;
use domain::id::PartnerId;
use domain::slug::is_slug;
use sqlx::PgPool;

use crate::error::{AppError, AppResult, FieldError};
use crate::ops::Operator;

/// Creates a partner.
///
/// # Errors
/// Names every field that breaks a rule; a slug that is taken is one.
pub async fn create(pool: &PgPool, now: DateTime<Utc>, by: &Operator, slug: &str, name: &str) -> AppResult<PartnerId> {
    let mut wrong = Vec::new();
    if !is_slug(slug) {
        wrong.push(FieldError::new(
            "slug",
            "slug",
            "must be lower-case letters, digits and dashes",
        ));
    }
    if name.trim().is_empty() {
        wrong.push(FieldError::new("name", "required", "must not be blank"));
    }
    if !wrong.is_empty() {
        return Err(AppError::Validation(wrong));
    }
    let id = PartnerId::new();
    let mut tx = begin(pool).await?;
    if !db::partner::insert(&mut tx, id, slug, name, now).await? {
        return Err(AppError::field(
            "slug",
            "unique",
            format!("must be unique: {slug:?} already exists"),
        ));
    }
    by.record(&mut tx, now, "partner.created", &id.to_string(), []).await?;
    tx.commit().await?;
    Ok(id)
}

/// The partner with a slug, created if there is none.
///
/// # Errors
/// As [`create`].
pub async fn ensure(pool: &PgPool, now: DateTime<Utc>, by: &Operator, slug: &str, name: &str) -> AppResult<PartnerId> {
    let found = db::partner::find_id(&mut *pool.acquire().await?, slug).await?;
    match found {
        Some(id) => Ok(id),
        None => create(pool, now, by, slug, name).await,
    }
}

/// The partner with a slug that an operator named.
///
/// # Errors
/// When there is none.
pub async fn named(pool: &PgPool, slug: &str) -> AppResult<PartnerId> {
    let found = db::partner::find_id(&mut *pool.acquire().await?, slug).await?;
    found.ok_or_else(|| {
        AppError::field(
            "partner",
            "known",
            format!("must be the slug of a partner, not {slug:?}"),
        )
    })
}
