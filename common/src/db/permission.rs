//! What companies let partners do.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;

use crate::domain::party::PartnerAccess;
use crate::error::AppResult;
use crate::id::{CompanyId, PartnerId, PermissionId};

/// Stores what a company lets a partner do; false when it was so already.
///
/// # Errors
/// Database errors only.
pub async fn set(
    conn: &mut PgConnection,
    company_id: CompanyId,
    partner_id: PartnerId,
    accesses: &[PartnerAccess],
    now: DateTime<Utc>,
) -> AppResult<bool> {
    let words: Vec<String> = accesses.iter().map(|access| access.word().to_owned()).collect();
    let done = sqlx::query!(
        "insert into partner_permissions (id, company_id, partner_id, accesses, updated_at)
         values ($1, $2, $3, $4, $5)
         on conflict (company_id, partner_id) do update
             set accesses = excluded.accesses, updated_at = excluded.updated_at
             where partner_permissions.accesses <> excluded.accesses",
        PermissionId::new() as PermissionId,
        company_id as CompanyId,
        partner_id as PartnerId,
        &words,
        now,
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected() == 1)
}
