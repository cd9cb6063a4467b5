//! Rate limits of partners: their tier, and limits that were agreed with them.

use chrono::{DateTime, Utc};
use domain::id::PartnerId;
use domain::rate_limit::{Class, Limit, Limits, PartnerTier};
use sqlx::PgConnection;

use crate::error::{AppError, AppResult};

/// The tier and the limits of a partner.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Agreed {
    /// Its tier.
    pub tier: PartnerTier,
    /// Limits that replace those of the tier.
    pub own: Vec<(Class, Limit)>,
    /// Increases with every change.
    pub version: i32,
}

impl Agreed {
    fn read(tier: PartnerTier, version: i32, classes: &[String], quotas: &[i32], windows: &[i32]) -> AppResult<Self> {
        let corrupt = || AppError::Internal("a limit of a partner cannot be read".to_owned());
        let own = classes.iter().zip(quotas).zip(windows).map(|((class, quota), window)| {
            let limit = Limit::new(quota.unsigned_abs(), window.unsigned_abs()).map_err(|_| corrupt())?;
            Ok((class.parse().map_err(|_| corrupt())?, limit))
        });
        Ok(Self {
            tier,
            own: own.collect::<AppResult<_>>()?,
            version,
        })
    }

    /// These limits, with the partner's own ones in their place.
    #[must_use]
    pub fn over(&self, limits: Limits) -> Limits {
        self.own
            .iter()
            .fold(limits, |limits, (class, limit)| limits.with(*class, *limit))
    }
}

/// The partner of a live key of this environment, and what was agreed with it.
///
/// # Errors
/// Database errors only.
pub async fn of_key(
    conn: &mut PgConnection,
    environment: &str,
    secret_hash: &[u8],
) -> AppResult<Option<(PartnerId, Agreed)>> {
    let row = sqlx::query!(
        r#"select k.partner_id as "partner_id: PartnerId", p.tier as "tier: PartnerTier", p.limits_version,
               array(select class from partner_limits l where l.partner_id = p.id order by class) as "classes!",
               array(select quota from partner_limits l where l.partner_id = p.id order by class) as "quotas!",
               array(select window_seconds from partner_limits l where l.partner_id = p.id order by class) as "windows!"
           from api_keys k join partners p on p.id = k.partner_id
           where k.secret_hash = $1 and k.environment = $2 and k.revoked_at is null"#,
        secret_hash,
        environment,
    )
    .fetch_optional(conn)
    .await?;
    row.map(|row| {
        let agreed = Agreed::read(row.tier, row.limits_version, &row.classes, &row.quotas, &row.windows)?;
        Ok((row.partner_id, agreed))
    })
    .transpose()
}

/// What was agreed with a partner; `None` when there is no such partner.
///
/// # Errors
/// Database errors only.
pub async fn of_partner(conn: &mut PgConnection, partner_id: PartnerId) -> AppResult<Option<Agreed>> {
    let row = sqlx::query!(
        r#"select p.tier as "tier: PartnerTier", p.limits_version,
               array(select class from partner_limits l where l.partner_id = p.id order by class) as "classes!",
               array(select quota from partner_limits l where l.partner_id = p.id order by class) as "quotas!",
               array(select window_seconds from partner_limits l where l.partner_id = p.id order by class) as "windows!"
           from partners p where p.id = $1"#,
        partner_id as PartnerId,
    )
    .fetch_optional(conn)
    .await?;
    row.map(|row| Agreed::read(row.tier, row.limits_version, &row.classes, &row.quotas, &row.windows))
        .transpose()
}

/// A partner as people of the platform see it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PartnerRow {
    /// The partner.
    pub id: PartnerId,
    /// Its unique name.
    pub slug: String,
    /// Its name.
    pub name: String,
    /// When it was created.
    pub created_at: DateTime<Utc>,
    /// What was agreed with it.
    pub agreed: Agreed,
}

/// Partners by slug with what was agreed with them, those after `after` (all come after the empty text), at most
/// `take`.
///
/// # Errors
/// Database errors only.
pub async fn list(conn: &mut PgConnection, after: &str, take: i64) -> AppResult<Vec<PartnerRow>> {
    let rows = sqlx::query!(
        r#"select p.id as "id: PartnerId", p.slug, p.name, p.created_at, p.tier as "tier: PartnerTier", p.limits_version,
               array(select class from partner_limits l where l.partner_id = p.id order by class) as "classes!",
               array(select quota from partner_limits l where l.partner_id = p.id order by class) as "quotas!",
               array(select window_seconds from partner_limits l where l.partner_id = p.id order by class) as "windows!"
           from partners p where p.slug > $1 order by p.slug limit $2"#,
        after,
        take,
    )
    .fetch_all(conn)
    .await?;
    rows.into_iter()
        .map(|row| {
            Ok(PartnerRow {
                agreed: Agreed::read(row.tier, row.limits_version, &row.classes, &row.quotas, &row.windows)?,
                id: row.id,
                slug: row.slug,
                name: row.name,
                created_at: row.created_at,
            })
        })
        .collect()
}

/// Sets what was agreed with a partner: the tier if it is given, and all of its own limits. Increases the version, also
/// when nothing else changes.
///
/// # Errors
/// Database errors only.
pub async fn set(
    conn: &mut PgConnection,
    partner_id: PartnerId,
    tier: Option<PartnerTier>,
    own: &[(Class, Limit)],
    now: DateTime<Utc>,
) -> AppResult<()> {
    sqlx::query!(
        "update partners set tier = coalesce($2, tier), limits_version = limits_version + 1 where id = $1",
        partner_id as PartnerId,
        tier as Option<PartnerTier>,
    )
    .execute(&mut *conn)
    .await?;
    let classes: Vec<String> = own.iter().map(|(class, _)| class.to_string()).collect();
    let number = |number: u32| i32::try_from(number).unwrap_or(i32::MAX);
    let quotas: Vec<i32> = own.iter().map(|(_, limit)| number(limit.quota())).collect();
    let windows: Vec<i32> = own.iter().map(|(_, limit)| number(limit.window())).collect();
    sqlx::query!(
        "delete from partner_limits where partner_id = $1 and class <> all($2::text[])",
        partner_id as PartnerId,
        &classes,
    )
    .execute(&mut *conn)
    .await?;
    sqlx::query!(
        "insert into partner_limits (partner_id, class, quota, window_seconds, updated_at)
         select $1, class, quota, seconds, $5
         from unnest($2::text[], $3::integer[], $4::integer[]) as new (class, quota, seconds)
         on conflict (partner_id, class) do update
         set quota = excluded.quota, window_seconds = excluded.window_seconds, updated_at = excluded.updated_at",
        partner_id as PartnerId,
        &classes,
        &quotas,
        &windows,
        now,
    )
    .execute(conn)
    .await?;
    Ok(())
}
