//! Partners: resellers.

use chrono::{DateTime, Utc};
use domain::id::PartnerId;
use sqlx::PgConnection;

use crate::error::AppResult;

/// Stores a partner; false when the slug is taken.
///
/// # Errors
/// Database errors only.
pub async fn insert(
    conn: &mut PgConnection,
    id: PartnerId,
    slug: &str,
    name: &str,
    now: DateTime<Utc>,
) -> AppResult<bool> {
    let done = sqlx::query!(
        "insert into partners (id, slug, name, created_at) values ($1, $2, $3, $4) on conflict (slug) do nothing",
        id as PartnerId,
        slug,
        name,
        now,
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// The partner of this slug.
///
/// # Errors
/// Database errors only.
pub async fn find_id(conn: &mut PgConnection, slug: &str) -> AppResult<Option<PartnerId>> {
    Ok(
        sqlx::query_scalar!(r#"select id as "id: PartnerId" from partners where slug = $1"#, slug)
            .fetch_optional(conn)
            .await?,
    )
}
