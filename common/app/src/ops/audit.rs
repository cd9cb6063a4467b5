//! Reads the audit trail.

pub use db::audit::AuditEntry;
use domain::id::AuditEntryId;
use sqlx::PgPool;
use uuid::Uuid;

use crate::error::AppResult;

/// Entries, the latest first, those before `before` if it is given, only about `subject` if that is given; at most
/// `take` of them, and whether there are more.
///
/// # Errors
/// Database errors only.
pub async fn list(
    pool: &PgPool,
    subject: Option<&str>,
    before: Option<AuditEntryId>,
    take: usize,
) -> AppResult<(Vec<AuditEntry>, bool)> {
    let before = before.unwrap_or(AuditEntryId(Uuid::max()));
    let limit = i64::try_from(take + 1).unwrap_or(i64::MAX);
    let mut conn = pool.acquire().await?;
    let mut entries = match subject {
        Some(subject) => db::audit::list_about(&mut conn, subject, before, limit).await?,
        None => db::audit::list(&mut conn, before, limit).await?,
    };
    let has_more = entries.len() > take;
    entries.truncate(take);
    Ok((entries, has_more))
}
