//! The data of partners that is cached: their keys and their permissions.

use std::collections::HashMap;

use domain::id::{ApiKeyId, PartnerId};
use sqlx::PgConnection;
use uuid::Uuid;

use crate::api_key::LiveKey;
use crate::error::AppResult;
use crate::permission::{self, Permissions};

/// Live keys of an environment by their hashes: these, or all.
///
/// # Errors
/// Database errors only.
pub async fn keys(conn: &mut PgConnection, environment: &str, ids: Option<&[Uuid]>) -> AppResult<Vec<LiveKey>> {
    Ok(sqlx::query_as!(
        LiveKey,
        r#"select id as "id: ApiKeyId", partner_id as "partner_id: PartnerId", secret_hash, last_used_at
           from api_keys
           where environment = $1 and revoked_at is null and ($2::uuid[] is null or id = any($2))"#,
        environment,
        ids,
    )
    .fetch_all(conn)
    .await?)
}

/// The permissions of partners, by partner: of these, or of all. Partners without any are not included.
///
/// # Errors
/// Database errors only.
pub async fn permissions(
    conn: &mut PgConnection,
    partners: Option<&[Uuid]>,
) -> AppResult<HashMap<PartnerId, Permissions>> {
    let rows = sqlx::query!(
        "select id, company_id, partner_id, accesses from partner_permissions
         where $1::uuid[] is null or partner_id = any($1)",
        partners,
    )
    .fetch_all(conn)
    .await?;
    let rows = rows
        .into_iter()
        .map(|row| (row.partner_id, row.company_id, row.id, row.accesses));
    Ok(permission::by_partner(rows))
}
