//! The trackers of accounts, each with its latest position.

use chrono::{DateTime, Utc};
use domain::id::{BusId, CompanyId, TrackerId, TrackingAccountId};
use domain::position::Rival;
use domain::tracking::Provider;
use sqlx::PgConnection;
use uuid::Uuid;

use crate::error::AppResult;

/// A tracker as its company sees it.
#[derive(Debug, Clone, PartialEq)]
pub struct Tracker {
    /// Its id.
    pub id: TrackerId,
    /// Its account.
    pub account_id: TrackingAccountId,
    /// For people, as the provider has it.
    pub name: String,
    /// Its bus.
    pub bus_id: Option<BusId>,
    /// Number plate.
    pub registration_number: Option<String>,
    /// The provider that tracks it.
    pub provider: Provider,
    /// Whether its positions are fetched.
    pub enabled: bool,
    /// The latest position: all of these are there, or only speed and course are not, or none is.
    pub latitude: Option<f64>,
    /// East positive, in degrees.
    pub longitude: Option<f64>,
    /// Kilometres an hour.
    pub speed_kmh: Option<f64>,
    /// Degrees clockwise from north.
    pub course: Option<i16>,
    /// By the tracker's clock.
    pub recorded_at: Option<DateTime<Utc>>,
    /// By the platform's clock.
    pub received_at: Option<DateTime<Utc>>,
}

/// The trackers of a company, by name, and how many there are.
///
/// # Errors
/// Database errors only.
pub async fn list(
    conn: &mut PgConnection,
    company_id: CompanyId,
    take: i64,
    skip: i64,
) -> AppResult<(Vec<Tracker>, i64)> {
    let trackers = sqlx::query_as!(
        Tracker,
        r#"select o.id as "id: TrackerId", o.account_id as "account_id: TrackingAccountId", o.name,
                  o.bus_id as "bus_id: BusId", o.registration_number, a.provider as "provider: Provider", o.enabled,
                  o.latitude, o.longitude, o.speed_kmh, o.course, o.recorded_at, o.received_at
           from trackers o join tracking_accounts a on a.id = o.account_id
           where o.company_id = $1 order by o.name, o.id limit $2 offset $3"#,
        company_id as CompanyId,
        take,
        skip,
    )
    .fetch_all(&mut *conn)
    .await?;
    let total = sqlx::query_scalar!(
        r#"select count(*) as "count!" from trackers where company_id = $1"#,
        company_id as CompanyId
    )
    .fetch_one(conn)
    .await?;
    Ok((trackers, total))
}

/// A tracker of a company.
///
/// # Errors
/// Database errors only.
pub async fn find(conn: &mut PgConnection, company_id: CompanyId, id: TrackerId) -> AppResult<Option<Tracker>> {
    Ok(sqlx::query_as!(
        Tracker,
        r#"select o.id as "id: TrackerId", o.account_id as "account_id: TrackingAccountId", o.name,
                  o.bus_id as "bus_id: BusId", o.registration_number, a.provider as "provider: Provider", o.enabled,
                  o.latitude, o.longitude, o.speed_kmh, o.course, o.recorded_at, o.received_at
           from trackers o join tracking_accounts a on a.id = o.account_id
           where o.company_id = $1 and o.id = $2"#,
        company_id as CompanyId,
        id as TrackerId,
    )
    .fetch_optional(conn)
    .await?)
}

/// Switches a tracker on or off; false when it was so already. It waits for transactions that store a position of it.
///
/// # Errors
/// Database errors only.
pub async fn set_enabled(
    conn: &mut PgConnection,
    company_id: CompanyId,
    id: TrackerId,
    enabled: bool,
) -> AppResult<bool> {
    let updated = sqlx::query!(
        "update trackers set enabled = $3 where company_id = $1 and id = $2 and enabled <> $3",
        company_id as CompanyId,
        id as TrackerId,
        enabled,
    )
    .execute(conn)
    .await?;
    Ok(updated.rows_affected() == 1)
}

/// The provider's ids of the enabled trackers of an account.
///
/// # Errors
/// Database errors only.
pub async fn enabled(conn: &mut PgConnection, account_id: TrackingAccountId) -> AppResult<Vec<String>> {
    Ok(sqlx::query_scalar!(
        "select external_id from trackers where account_id = $1 and enabled",
        account_id as TrackingAccountId
    )
    .fetch_all(conn)
    .await?)
}

/// The latest position of an enabled tracker.
#[derive(Debug, Clone, PartialEq)]
pub struct Tracked {
    /// The tracker.
    pub id: TrackerId,
    /// The provider's id.
    pub external_id: String,
    /// Latest position, as in [`Tracker`].
    pub latitude: Option<f64>,
    /// East positive, in degrees.
    pub longitude: Option<f64>,
    /// By the tracker's clock.
    pub recorded_at: Option<DateTime<Utc>>,
    /// Positions in a row that agree with it.
    pub trust: i16,
    /// The position that contradicts it, if there is one: all three fields are set, or none is.
    pub rival_latitude: Option<f64>,
    /// East positive, in degrees.
    pub rival_longitude: Option<f64>,
    /// By the tracker's clock.
    pub rival_recorded_at: Option<DateTime<Utc>>,
    /// Positions in a row that agree with the contradicting one.
    pub rival_fixes: i16,
}

/// Locks those of these trackers that are enabled now, in the order of their ids, until the transaction ends.
///
/// # Errors
/// Database errors only.
pub async fn lock_enabled(
    conn: &mut PgConnection,
    account_id: TrackingAccountId,
    external_ids: &[String],
) -> AppResult<Vec<Tracked>> {
    Ok(sqlx::query_as!(
        Tracked,
        r#"select id as "id: TrackerId", external_id, latitude, longitude, recorded_at, trust,
                  rival_latitude, rival_longitude, rival_recorded_at, rival_fixes
           from trackers where account_id = $1 and external_id = any($2) and enabled
           order by id for update"#,
        account_id as TrackingAccountId,
        external_ids,
    )
    .fetch_all(conn)
    .await?)
}

/// Counts dropped positions of locked trackers.
///
/// # Errors
/// Database errors only.
pub async fn count_dropped(conn: &mut PgConnection, dropped: &[TrackerId]) -> AppResult<()> {
    if dropped.is_empty() {
        return Ok(());
    }
    let ids: Vec<Uuid> = dropped.iter().map(|id| id.0).collect();
    sqlx::query!(
        "update trackers o set dropped_fixes = dropped_fixes + d.times
         from (select id, count(*) as times from unnest($1::uuid[]) as u (id) group by id) as d where o.id = d.id",
        &ids,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Stores the positions that contradict the latest ones of locked trackers.
///
/// # Errors
/// Database errors only.
pub async fn note_rivals(conn: &mut PgConnection, rivals: &[(TrackerId, Rival)]) -> AppResult<()> {
    if rivals.is_empty() {
        return Ok(());
    }
    let ids: Vec<Uuid> = rivals.iter().map(|(id, _)| id.0).collect();
    let latitudes: Vec<f64> = rivals.iter().map(|(_, rival)| rival.point.latitude).collect();
    let longitudes: Vec<f64> = rivals.iter().map(|(_, rival)| rival.point.longitude).collect();
    let at: Vec<DateTime<Utc>> = rivals.iter().map(|(_, rival)| rival.recorded_at).collect();
    let fixes: Vec<i16> = rivals.iter().map(|(_, rival)| rival.fixes).collect();
    sqlx::query!(
        "update trackers o
         set rival_latitude = r.latitude, rival_longitude = r.longitude, rival_recorded_at = r.recorded_at,
             rival_fixes = r.fixes
         from unnest($1::uuid[], $2::float8[], $3::float8[], $4::timestamptz[], $5::smallint[])
              as r (id, latitude, longitude, recorded_at, fixes)
         where o.id = r.id",
        &ids,
        &latitudes,
        &longitudes,
        &at,
        &fixes,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// A tracker as a provider lists it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listing {
    /// Its id, if it is new.
    pub id: TrackerId,
    /// The provider's id; each once.
    pub external_id: String,
    /// For people.
    pub name: String,
    /// Number plate.
    pub registration_number: Option<String>,
    /// Its bus.
    pub bus_id: Option<BusId>,
}

/// Stores the list of trackers of a locked account: new ones come disabled, known ones keep their switch, those that
/// are not in it any more are marked.
///
/// # Errors
/// Database errors only.
pub async fn store_list(
    conn: &mut PgConnection,
    company_id: CompanyId,
    account_id: TrackingAccountId,
    list: &[Listing],
    now: DateTime<Utc>,
) -> AppResult<()> {
    let ids: Vec<Uuid> = list.iter().map(|l| l.id.0).collect();
    let external_ids: Vec<String> = list.iter().map(|l| l.external_id.clone()).collect();
    let names: Vec<String> = list.iter().map(|l| l.name.clone()).collect();
    let numbers: Vec<Option<String>> = list.iter().map(|l| l.registration_number.clone()).collect();
    let buses: Vec<Option<Uuid>> = list.iter().map(|l| l.bus_id.map(|id| id.0)).collect();
    sqlx::query!(
        "insert into trackers (id, account_id, company_id, external_id, name, registration_number, bus_id)
         select id, $1, $2, external_id, name, registration_number, bus_id
         from unnest($3::uuid[], $4::text[], $5::text[], $6::text[], $7::uuid[])
              as l (id, external_id, name, registration_number, bus_id)
         on conflict on constraint trackers_account_external_key do update
         set name = excluded.name, registration_number = excluded.registration_number, bus_id = excluded.bus_id,
             gone_at = null
         where (trackers.name, trackers.registration_number, trackers.bus_id, trackers.gone_at)
               is distinct from (excluded.name, excluded.registration_number, excluded.bus_id, null)",
        account_id as TrackingAccountId,
        company_id as CompanyId,
        &ids,
        &external_ids,
        &names,
        &numbers as &[Option<String>],
        &buses as &[Option<Uuid>],
    )
    .execute(&mut *conn)
    .await?;
    sqlx::query!(
        "update trackers set gone_at = $3
         where account_id = $1 and gone_at is null and external_id <> all($2)",
        account_id as TrackingAccountId,
        &external_ids,
        now,
    )
    .execute(conn)
    .await?;
    Ok(())
}
