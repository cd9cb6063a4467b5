//! Closing and reopening the sale of a departure, and the history of that.

use chrono::{DateTime, Utc};
use domain::id::{HistoryId, TripId};
use sqlx::PgConnection;
use uuid::Uuid;

use crate::error::AppResult;
use crate::history::Author;
use crate::journey::DepartureKey;

/// Closes or reopens a departure that the caller has locked, and records who did; false when it was so already.
///
/// # Errors
/// Database errors only.
pub async fn set(
    conn: &mut PgConnection,
    (trip_id, service_day): DepartureKey,
    is_closed: bool,
    author: Author<'_>,
    now: DateTime<Utc>,
) -> AppResult<bool> {
    let changed = sqlx::query!(
        r#"with changed as (
               update departures set company_closed_at = case when $3 then $4::timestamptz end,
                   company_closed_by = case when $3 then $5 end, company_closed_reason = case when $3 then $6 end
               where trip_id = $1 and service_day = $2 and (company_closed_at is not null) <> $3
               returning 1
           )
           insert into departure_history (id, trip_id, service_day, at, action, actor, reason, request_id)
           select $7, $1, $2, $4, case when $3 then 'closed' else 'reopened' end, $5, $6, $8 from changed"#,
        trip_id as TripId,
        service_day,
        is_closed,
        now,
        author.name,
        author.reason,
        HistoryId::new() as HistoryId,
        author.request_id,
    )
    .execute(conn)
    .await?
    .rows_affected();
    Ok(changed == 1)
}

/// A line of the history of a departure.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// When its sale was closed or reopened.
    pub at: DateTime<Utc>,
    /// Whether its sale was closed or reopened.
    pub is_closed: bool,
    /// Id of the person.
    pub actor: String,
    /// Name of the person.
    pub actor_name: Option<String>,
    /// Why, in their words.
    pub reason: Option<String>,
    /// `x-request-id` of the request.
    pub request_id: Option<String>,
}

/// The latest lines of the history of a departure, oldest first.
///
/// # Errors
/// Database errors only.
pub async fn history(
    conn: &mut PgConnection,
    (trip_id, service_day): DepartureKey,
    limit: i64,
) -> AppResult<Vec<Entry>> {
    let mut entries = sqlx::query_as!(
        Entry,
        r#"select h.at, h.action = 'closed' as "is_closed!", h.actor, u.first_name || ' ' || u.last_name as actor_name,
                  h.reason, h.request_id
           from departure_history h
                left join users u on u.id = case when h.actor ~ '^usr_[0-9a-f]{32}$' then substr(h.actor, 5)::uuid end
           where h.trip_id = $1 and h.service_day = $2 order by h.number desc limit $3"#,
        trip_id as TripId,
        service_day,
        limit,
    )
    .fetch_all(conn)
    .await?;
    entries.reverse();
    Ok(entries)
}

/// Moves closures by companies along with departures that move from one key to another, in one statement each: a key
/// may be taken over by another departure that moves as well. Call it when the new rows are stored, before the old ones
/// are removed.
///
/// # Errors
/// Database errors only.
pub async fn follow(conn: &mut PgConnection, moves: &[(DepartureKey, DepartureKey)]) -> AppResult<()> {
    if moves.is_empty() {
        return Ok(());
    }
    let trips: Vec<Uuid> = moves.iter().map(|((trip, _), _)| trip.0).collect();
    let days: Vec<_> = moves.iter().map(|((_, day), _)| *day).collect();
    let new_trips: Vec<Uuid> = moves.iter().map(|(_, (trip, _))| trip.0).collect();
    let new_days: Vec<_> = moves.iter().map(|(_, (_, day))| *day).collect();
    // A departure that keeps its key keeps its closure, one that moves brings its own along, and a key that is left has
    // none.
    sqlx::query!(
        "with moved as (
             select * from unnest($1::uuid[], $2::date[], $3::uuid[], $4::date[]) as m (trip_id, service_day, new_trip, new_day)
         ), touched as (
             select trip_id, service_day from moved union select new_trip, new_day from moved
         ), brought as (
             select new_trip as trip_id, new_day as service_day, trip_id as old_trip, service_day as old_day from moved
             union all
             select trip_id, service_day, trip_id, service_day from touched
             where (trip_id, service_day) not in (select trip_id, service_day from moved)
         ), due as (
             select t.trip_id, t.service_day, o.company_closed_at, o.company_closed_by, o.company_closed_reason
             from touched t
             left join lateral (
                 select d.* from brought b
                 join departures d on (d.trip_id, d.service_day) = (b.old_trip, b.old_day)
                 where (b.trip_id, b.service_day) = (t.trip_id, t.service_day) and d.company_closed_at is not null
                 order by d.company_closed_at limit 1
             ) o on true
         )
         update departures d set company_closed_at = due.company_closed_at, company_closed_by = due.company_closed_by,
             company_closed_reason = due.company_closed_reason
         from due
         where (d.trip_id, d.service_day) = (due.trip_id, due.service_day)
           and d.company_closed_at is distinct from due.company_closed_at",
        &trips,
        &days,
        &new_trips,
        &new_days,
    )
    .execute(&mut *conn)
    .await?;
    sqlx::query!(
        "update departure_history h set trip_id = m.new_trip, service_day = m.new_day
         from unnest($1::uuid[], $2::date[], $3::uuid[], $4::date[]) as m (trip_id, service_day, new_trip, new_day)
         where (h.trip_id, h.service_day) = (m.trip_id, m.service_day)",
        &trips,
        &days,
        &new_trips,
        &new_days,
    )
    .execute(conn)
    .await?;
    Ok(())
}
