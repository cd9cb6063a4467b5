//! What companies let partners do.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use sqlx::PgConnection;

use crate::domain::company::{PartnerAccess, Permission};
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

/// What companies let a partner do.
#[derive(Debug, Clone, Default)]
pub struct Permissions(HashMap<CompanyId, Permission>);

impl Permissions {
    /// What a company lets the partner do; without a grant, everything.
    #[must_use]
    pub fn of(&self, company_id: CompanyId) -> Permission {
        self.0
            .get(&company_id)
            .cloned()
            .unwrap_or_else(|| Permission::everything(company_id))
    }
}

/// What companies have granted a partner.
///
/// # Errors
/// Database errors only.
pub async fn of_partner(conn: &mut PgConnection, partner_id: PartnerId) -> AppResult<Permissions> {
    let rows = sqlx::query!(
        "select id, company_id, accesses from partner_permissions where partner_id = $1",
        partner_id as PartnerId
    )
    .fetch_all(conn)
    .await?;
    let granted = rows
        .into_iter()
        .map(|row| {
            let accesses = row.accesses.iter().filter_map(|access| access.parse().ok()).collect();
            (
                CompanyId(row.company_id),
                Permission {
                    id: PermissionId(row.id),
                    accesses,
                },
            )
        })
        .collect();
    Ok(Permissions(granted))
}
