//! What companies let partners do.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use domain::booking::Seller;
use domain::company::{PartnerAccess, Permission};
use domain::id::{CompanyId, PartnerId, PermissionId};
use sqlx::PgConnection;
use uuid::Uuid;

use crate::error::AppResult;

/// A partner's permissions with a company.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Granted {
    /// The partner.
    pub partner: Seller,
    /// Its permissions.
    pub permission: Permission,
    /// When the company last set it; `None` when it never did, and everything is allowed.
    pub updated_at: Option<DateTime<Utc>>,
}

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

/// A partner's permissions with companies.
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

/// Permissions by partner, out of rows of partner, company, id and accesses of a grant.
pub(super) fn by_partner(
    rows: impl Iterator<Item = (Uuid, Uuid, Uuid, Vec<String>)>,
) -> HashMap<PartnerId, Permissions> {
    let mut partners: HashMap<PartnerId, Permissions> = HashMap::new();
    for (partner, company, id, accesses) in rows {
        let companies = &mut partners.entry(PartnerId(partner)).or_default().0;
        companies.insert(CompanyId(company), granted(id, &accesses));
    }
    partners
}

/// The permissions of partners with a company.
#[derive(Debug, Clone)]
pub struct Grants {
    company_id: CompanyId,
    granted: HashMap<PartnerId, Permission>,
}

impl Grants {
    /// What a partner may do; without a grant, everything.
    #[must_use]
    pub fn of(&self, partner_id: PartnerId) -> Permission {
        let granted = self.granted.get(&partner_id).cloned();
        granted.unwrap_or_else(|| Permission::everything(self.company_id))
    }
}

/// What a company has granted these partners.
///
/// # Errors
/// Database errors only.
pub async fn of_company(conn: &mut PgConnection, company_id: CompanyId, partners: &[Uuid]) -> AppResult<Grants> {
    let rows = sqlx::query!(
        "select id, partner_id, accesses from partner_permissions where company_id = $1 and partner_id = any($2)",
        company_id as CompanyId,
        partners,
    )
    .fetch_all(conn)
    .await?;
    let granted = rows
        .into_iter()
        .map(|row| (PartnerId(row.partner_id), granted(row.id, &row.accesses)))
        .collect();
    Ok(Grants { company_id, granted })
}

/// A page of all partners with what a company lets them do, by slug, and how many partners there are.
///
/// # Errors
/// Database errors only.
pub async fn page(
    conn: &mut PgConnection,
    company_id: CompanyId,
    take: i64,
    skip: i64,
) -> AppResult<(Vec<Granted>, i64)> {
    let rows = sqlx::query!(
        r#"select p.id, p.slug, p.name, g.id as "grant_id?", g.accesses as "accesses?", g.updated_at as "updated_at?"
           from (select id, slug, name from partners order by slug limit $2 offset $3) p
           left join partner_permissions g on g.company_id = $1 and g.partner_id = p.id
           order by p.slug"#,
        company_id as CompanyId,
        take,
        skip,
    )
    .fetch_all(&mut *conn)
    .await?;
    let total = sqlx::query_scalar!(r#"select count(*) as "total!" from partners"#)
        .fetch_one(conn)
        .await?;
    let granted = rows.into_iter().map(|row| Granted {
        partner: Seller {
            id: PartnerId(row.id),
            slug: row.slug,
            name: row.name,
        },
        permission: match (row.grant_id, row.accesses) {
            (Some(id), Some(accesses)) => granted(id, &accesses),
            _ => Permission::everything(company_id),
        },
        updated_at: row.updated_at,
    });
    Ok((granted.collect(), total))
}

/// What a company lets one partner do; `None` when there is no such partner.
///
/// # Errors
/// Database errors only.
pub async fn find(conn: &mut PgConnection, company_id: CompanyId, partner_id: PartnerId) -> AppResult<Option<Granted>> {
    let row = sqlx::query!(
        r#"select p.slug, p.name, g.id as "grant_id?", g.accesses as "accesses?", g.updated_at as "updated_at?"
           from partners p
           left join partner_permissions g on g.company_id = $1 and g.partner_id = p.id
           where p.id = $2"#,
        company_id as CompanyId,
        partner_id as PartnerId,
    )
    .fetch_optional(conn)
    .await?;
    Ok(row.map(|row| Granted {
        partner: Seller {
            id: partner_id,
            slug: row.slug,
            name: row.name,
        },
        permission: match (row.grant_id, row.accesses) {
            (Some(id), Some(accesses)) => granted(id, &accesses),
            _ => Permission::everything(company_id),
        },
        updated_at: row.updated_at,
    }))
}

/// A grant as it is stored.
pub(super) fn granted(id: Uuid, accesses: &[String]) -> Permission {
    Permission {
        id: PermissionId(id),
        accesses: accesses.iter().filter_map(|access| access.parse().ok()).collect(),
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
        .map(|row| (CompanyId(row.company_id), granted(row.id, &row.accesses)))
        .collect();
    Ok(Permissions(granted))
}
