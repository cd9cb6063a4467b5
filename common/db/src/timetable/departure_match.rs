//! Sold departures and departures of the timetable that may be the same runs.

use chrono::{DateTime, NaiveDate, Utc};
use domain::id::{DepartureMatchId, TripId};
use sqlx::PgConnection;
use uuid::Uuid;

use crate::error::AppResult;
use crate::journey::DepartureKey;

mod open;

pub use open::{OpenMatch, Side, open};

/// A row of `departure_matches`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MatchRow {
    /// Its id.
    pub id: DepartureMatchId,
    /// The departure that was sold.
    pub sold: DepartureKey,
    /// The one that may be it.
    pub departure: DepartureKey,
    /// Whether an operator rejected it.
    pub rejected: bool,
}

fn columns(keys: impl Iterator<Item = DepartureKey>) -> (Vec<Uuid>, Vec<NaiveDate>) {
    keys.map(|(trip, day)| (trip.0, day)).unzip()
}

/// The matches of these sold departures.
///
/// # Errors
/// Database errors only.
pub async fn of(conn: &mut PgConnection, sold: &[DepartureKey]) -> AppResult<Vec<MatchRow>> {
    let (trips, days) = columns(sold.iter().copied());
    let rows = sqlx::query!(
        r#"select m.id, m.sold_trip_id, m.sold_day, m.trip_id, m.service_day, m.rejected_at is not null as "rejected!"
           from departure_matches m
           join unnest($1::uuid[], $2::date[]) as sold (trip_id, service_day)
                on (m.sold_trip_id, m.sold_day) = (sold.trip_id, sold.service_day)"#,
        &trips,
        &days,
    )
    .fetch_all(conn)
    .await?;
    let rows = rows.into_iter().map(|row| MatchRow {
        id: DepartureMatchId(row.id),
        sold: (TripId(row.sold_trip_id), row.sold_day),
        departure: (TripId(row.trip_id), row.service_day),
        rejected: row.rejected,
    });
    Ok(rows.collect())
}

/// Makes these pairs the only undecided ones of these sold departures. Those that were there keep their ids.
///
/// # Errors
/// Database errors only.
pub async fn replace(
    conn: &mut PgConnection,
    sold: &[DepartureKey],
    pairs: &[(DepartureKey, DepartureKey)],
    now: DateTime<Utc>,
) -> AppResult<()> {
    let (of_trips, of_days) = columns(sold.iter().copied());
    let (sold_trips, sold_days) = columns(pairs.iter().map(|(sold, _)| *sold));
    let (trips, days) = columns(pairs.iter().map(|(_, departure)| *departure));
    let ids: Vec<Uuid> = pairs.iter().map(|_| DepartureMatchId::new().0).collect();
    sqlx::query!(
        "delete from departure_matches m
         using unnest($1::uuid[], $2::date[]) as sold (trip_id, service_day)
         where (m.sold_trip_id, m.sold_day) = (sold.trip_id, sold.service_day) and m.rejected_at is null
           and not exists (
               select from unnest($3::uuid[], $4::date[], $5::uuid[], $6::date[])
                    as pair (sold_trip_id, sold_day, trip_id, service_day)
               where (pair.sold_trip_id, pair.sold_day, pair.trip_id, pair.service_day)
                   = (m.sold_trip_id, m.sold_day, m.trip_id, m.service_day)
           )",
        &of_trips,
        &of_days,
        &sold_trips,
        &sold_days,
        &trips,
        &days,
    )
    .execute(&mut *conn)
    .await?;
    sqlx::query!(
        "insert into departure_matches (id, sold_trip_id, sold_day, trip_id, service_day, found_at)
         select new.*, $6
         from unnest($1::uuid[], $2::uuid[], $3::date[], $4::uuid[], $5::date[]) as new
         on conflict (sold_trip_id, sold_day, trip_id, service_day) do nothing",
        &ids,
        &sold_trips,
        &sold_days,
        &trips,
        &days,
        now,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// An undecided match by its id.
///
/// # Errors
/// Database errors only.
pub async fn find(conn: &mut PgConnection, id: DepartureMatchId) -> AppResult<Option<MatchRow>> {
    let row = sqlx::query!(
        "select sold_trip_id, sold_day, trip_id, service_day from departure_matches where id = $1 and rejected_at is null",
        id as DepartureMatchId,
    )
    .fetch_optional(conn)
    .await?;
    Ok(row.map(|row| MatchRow {
        id,
        sold: (TripId(row.sold_trip_id), row.sold_day),
        departure: (TripId(row.trip_id), row.service_day),
        rejected: false,
    }))
}

/// The undecided matches of the same two trips, the same number of days apart, at most `limit`, by day.
///
/// # Errors
/// Database errors only.
pub async fn like(conn: &mut PgConnection, one: &MatchRow, limit: i64) -> AppResult<Vec<MatchRow>> {
    let rows = sqlx::query!(
        "select id, sold_day, service_day from departure_matches
         where sold_trip_id = $1 and trip_id = $2 and service_day - sold_day = $3::date - $4::date and rejected_at is null
         order by sold_day limit $5",
        one.sold.0 as TripId,
        one.departure.0 as TripId,
        one.departure.1,
        one.sold.1,
        limit,
    )
    .fetch_all(conn)
    .await?;
    let rows = rows.into_iter().map(|row| MatchRow {
        id: DepartureMatchId(row.id),
        sold: (one.sold.0, row.sold_day),
        departure: (one.departure.0, row.service_day),
        rejected: false,
    });
    Ok(rows.collect())
}

/// Those of these departures that an undecided match names as what may have been sold.
///
/// # Errors
/// Database errors only.
pub async fn doubtful(conn: &mut PgConnection, keys: &[DepartureKey]) -> AppResult<Vec<DepartureKey>> {
    let (trips, days) = columns(keys.iter().copied());
    let rows = sqlx::query!(
        "select distinct m.trip_id, m.service_day
         from departure_matches m
         join unnest($1::uuid[], $2::date[]) as k (trip_id, service_day) using (trip_id, service_day)
         where m.rejected_at is null",
        &trips,
        &days,
    )
    .fetch_all(conn)
    .await?;
    Ok(rows
        .into_iter()
        .map(|row| (TripId(row.trip_id), row.service_day))
        .collect())
}

/// Records that these are pairs of different runs.
///
/// # Errors
/// Database errors only.
pub async fn reject(conn: &mut PgConnection, ids: &[DepartureMatchId], now: DateTime<Utc>) -> AppResult<()> {
    let ids: Vec<Uuid> = ids.iter().map(|id| id.0).collect();
    sqlx::query!(
        "update departure_matches set rejected_at = $2 where id = any($1)",
        &ids,
        now
    )
    .execute(conn)
    .await?;
    Ok(())
}
