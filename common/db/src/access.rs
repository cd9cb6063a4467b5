//! Accesses: where people may work.

use domain::access::{Access, Employer, Workplace};
use domain::id::{AccessId, CompanyId, PartnerId, UserId};
use domain::party::{ContextType, Tier};
use domain::role::Role;
use sqlx::PgConnection;
use uuid::Uuid;

use crate::error::{AppError, AppResult};

/// Name of the platform as a workplace.
pub(super) const PLATFORM_NAME: &str = "PREXSELL";

/// The accesses of a person: companies first, then partners, by name (the first 1000); the platform comes last.
///
/// # Errors
/// Database errors only.
pub async fn of_user(conn: &mut PgConnection, user_id: UserId) -> AppResult<Vec<Access>> {
    let rows = sqlx::query!(
        r#"select a.id as "id: AccessId", a.company_id as "company_id: CompanyId", a.partner_id as "partner_id: PartnerId",
                  a.context_type as "context: ContextType", a.role as "role: Role", coalesce(c.name, p.name) as name, c.slug as "slug?", c.tier as "tier?: Tier", c.time_zone as "time_zone?"
           from accesses a left join companies c on c.id = a.company_id left join partners p on p.id = a.partner_id
           where a.user_id = $1
           order by a.context_type, coalesce(c.name, p.name), a.id
           limit 1000"#,
        user_id as UserId,
    )
    .fetch_all(conn)
    .await?;
    rows.into_iter()
        .map(|row| {
            Ok(Access {
                id: row.id,
                workplace: workplace(row.context, row.company_id, row.partner_id)?,
                name: row.name.unwrap_or_else(|| PLATFORM_NAME.to_owned()),
                employer: (row.slug.zip(row.tier).zip(row.time_zone)).map(|((slug, tier), time_zone)| Employer {
                    slug,
                    tier,
                    time_zone,
                }),
                role: row.role,
            })
        })
        .collect()
}

/// Keeps an access from being withdrawn until the transaction ends; false when the person does not have it any more.
///
/// # Errors
/// Database errors only.
pub async fn hold(conn: &mut PgConnection, user_id: UserId, id: AccessId) -> AppResult<bool> {
    let held = sqlx::query_scalar!(
        r#"select 1 as "held!" from accesses where user_id = $1 and id = $2 for key share"#,
        user_id as UserId,
        id as AccessId,
    )
    .fetch_optional(conn)
    .await?;
    Ok(held.is_some())
}

/// The place that three columns name; a constraint ensures that they name one.
pub(super) fn workplace(
    context: ContextType,
    company_id: Option<CompanyId>,
    partner_id: Option<PartnerId>,
) -> AppResult<Workplace> {
    match (context, company_id, partner_id) {
        (ContextType::Company, Some(id), None) => Ok(Workplace::Company(id)),
        (ContextType::Partner, None, Some(id)) => Ok(Workplace::Partner(id)),
        (ContextType::Platform, None, None) => Ok(Workplace::Platform),
        _ => Err(AppError::Internal(
            "an access whose columns name no workplace".to_owned(),
        )),
    }
}

/// The three columns that name a place.
pub(super) const fn columns(place: Workplace) -> (ContextType, Option<Uuid>, Option<Uuid>) {
    match place {
        Workplace::Company(id) => (ContextType::Company, Some(id.0), None),
        Workplace::Partner(id) => (ContextType::Partner, None, Some(id.0)),
        Workplace::Platform => (ContextType::Platform, None, None),
    }
}
