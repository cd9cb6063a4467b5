//! Positions of buses. Their partitions are in [`super::partition`]; the process that stores the first position of a
//! day creates its partition.

use chrono::{DateTime, Utc};
use domain::id::{CompanyId, TrackerId};
use domain::position::Fix;
use sqlx::PgConnection;
use uuid::Uuid;

use crate::error::AppResult;

/// A position to store.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct NewPosition {
    /// Its tracker.
    pub object_id: TrackerId,
    /// The position.
    pub fix: Fix,
    /// How far it is trusted if it is the latest one of its tracker; `None` when it is not the latest.
    pub trust: Option<i16>,
}

/// Removes positions that turned out to be wrong from the tracks of locked trackers.
///
/// # Errors
/// Database errors only.
pub async fn remove(conn: &mut PgConnection, wrong: &[(TrackerId, DateTime<Utc>)]) -> AppResult<()> {
    if wrong.is_empty() {
        return Ok(());
    }
    let ids: Vec<Uuid> = wrong.iter().map(|(id, _)| id.0).collect();
    let at: Vec<DateTime<Utc>> = wrong.iter().map(|(_, at)| *at).collect();
    sqlx::query!(
        "delete from positions p using unnest($1::uuid[], $2::timestamptz[]) as w (object_id, recorded_at)
         where p.object_id = w.object_id and p.recorded_at = w.recorded_at",
        &ids,
        &at,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Stores positions of locked trackers, each once, and records the latest ones with the trackers.
///
/// # Errors
/// Database errors only; one is that a day has no partition.
pub async fn store(conn: &mut PgConnection, new: &[NewPosition], received_at: DateTime<Utc>) -> AppResult<()> {
    if new.is_empty() {
        return Ok(());
    }
    let ids: Vec<Uuid> = new.iter().map(|n| n.object_id.0).collect();
    let at: Vec<DateTime<Utc>> = new.iter().map(|n| n.fix.recorded_at).collect();
    let latitudes: Vec<f64> = new.iter().map(|n| n.fix.point.latitude).collect();
    let longitudes: Vec<f64> = new.iter().map(|n| n.fix.point.longitude).collect();
    let speeds: Vec<Option<f64>> = new.iter().map(|n| n.fix.speed_kmh).collect();
    let courses: Vec<Option<i16>> = new.iter().map(|n| n.fix.course).collect();
    let trusts: Vec<Option<i16>> = new.iter().map(|n| n.trust).collect();
    sqlx::query!(
        "with new as (
             select * from unnest($1::uuid[], $2::timestamptz[], $3::float8[], $4::float8[], $5::float8[], $6::smallint[],
                                  $7::smallint[])
                 as n (object_id, recorded_at, latitude, longitude, speed_kmh, course, trust)
         ), stored as (
             insert into positions (object_id, recorded_at, latitude, longitude, speed_kmh, course, received_at)
             select object_id, recorded_at, latitude, longitude, speed_kmh, course, $8 from new
             on conflict do nothing
         )
         update trackers o
         set latitude = new.latitude, longitude = new.longitude, speed_kmh = new.speed_kmh, course = new.course,
             recorded_at = new.recorded_at, received_at = $8, trust = new.trust,
             rival_latitude = null, rival_longitude = null, rival_recorded_at = null, rival_fixes = 0
         from new where o.id = new.object_id and new.trust is not null",
        &ids,
        &at,
        &latitudes,
        &longitudes,
        &speeds as &[Option<f64>],
        &courses as &[Option<i16>],
        &trusts as &[Option<i16>],
        received_at,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// A position of a track.
#[derive(Debug, Clone, PartialEq)]
pub struct Position {
    /// North positive, in degrees.
    pub latitude: f64,
    /// East positive, in degrees.
    pub longitude: f64,
    /// Kilometres an hour.
    pub speed_kmh: Option<f64>,
    /// Degrees clockwise from north.
    pub course: Option<i16>,
    /// By the tracker's clock.
    pub recorded_at: DateTime<Utc>,
    /// By the platform's clock.
    pub received_at: DateTime<Utc>,
}

/// Part of a track.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Span {
    /// Not before this instant.
    pub from: DateTime<Utc>,
    /// Before this instant.
    pub to: DateTime<Utc>,
    /// Page size.
    pub take: i64,
    /// Number of positions to skip.
    pub skip: i64,
}

/// Positions of a company's tracker, ascending, and how many there are in the span.
///
/// # Errors
/// Database errors only.
pub async fn track(
    conn: &mut PgConnection,
    company_id: CompanyId,
    object_id: TrackerId,
    span: &Span,
) -> AppResult<(Vec<Position>, i64)> {
    let positions = sqlx::query_as!(
        Position,
        "select p.latitude, p.longitude, p.speed_kmh, p.course, p.recorded_at, p.received_at
         from trackers o join positions p on p.object_id = o.id
         where o.company_id = $1 and o.id = $2 and p.recorded_at >= $3 and p.recorded_at < $4
         order by p.recorded_at limit $5 offset $6",
        company_id as CompanyId,
        object_id as TrackerId,
        span.from,
        span.to,
        span.take,
        span.skip,
    )
    .fetch_all(&mut *conn)
    .await?;
    let total = sqlx::query_scalar!(
        r#"select count(*) as "count!" from trackers o join positions p on p.object_id = o.id
           where o.company_id = $1 and o.id = $2 and p.recorded_at >= $3 and p.recorded_at < $4"#,
        company_id as CompanyId,
        object_id as TrackerId,
        span.from,
        span.to,
    )
    .fetch_one(conn)
    .await?;
    Ok((positions, total))
}
