//! The old partner API: calls by partner, operation and day, and windows.

use chrono::{DateTime, NaiveDate, Utc};
use domain::id::PartnerId;
use domain::legacy::{ClosedBy, Count, Operation, Window};
use sqlx::PgConnection;
use uuid::Uuid;

use crate::error::AppResult;

/// Calls of an operation on a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Calls {
    /// The calling partner.
    pub partner_id: PartnerId,
    /// The operation.
    pub operation: Operation,
    /// UTC.
    pub day: NaiveDate,
    /// How often.
    pub calls: i64,
    /// When last.
    pub last_at: DateTime<Utc>,
}

/// The partner, the operation and the day (UTC) of calls.
pub type Key = (PartnerId, Operation, NaiveDate);

/// Adds to the stored counts. Writers lock the rows in one order, so that replicas do not deadlock.
///
/// # Errors
/// Database errors only.
pub async fn add(conn: &mut PgConnection, counts: &[(Key, Count)]) -> AppResult<()> {
    let partners: Vec<Uuid> = counts.iter().map(|((partner_id, ..), _)| partner_id.0).collect();
    let days: Vec<NaiveDate> = counts.iter().map(|((.., day), _)| *day).collect();
    let operations: Vec<String> = counts
        .iter()
        .map(|((_, operation, _), _)| operation.to_string())
        .collect();
    let calls: Vec<i64> = counts.iter().map(|(_, count)| count.calls).collect();
    let last: Vec<DateTime<Utc>> = counts.iter().map(|(_, count)| count.last_at).collect();
    // A deleted partner is left out, so that the others are still counted.
    sqlx::query!(
        "insert into legacy_calls as known (partner_id, day, operation, calls, last_at)
         select new.partner_id, new.day, new.operation, new.calls, new.last_at
         from unnest($1::uuid[], $2::date[], $3::text[], $4::bigint[], $5::timestamptz[])
              as new (partner_id, day, operation, calls, last_at)
         join partners p on p.id = new.partner_id
         order by 1, 2, 3
         on conflict (partner_id, day, operation) do update
         set calls = known.calls + excluded.calls, last_at = greatest(known.last_at, excluded.last_at)",
        &partners,
        &days,
        &operations,
        &calls,
        &last,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// A partner's window.
///
/// # Errors
/// Database errors only.
pub async fn window(conn: &mut PgConnection, partner_id: PartnerId) -> AppResult<Window> {
    let window = sqlx::query_as!(
        Window,
        r#"select w.closed_at as "closed_at?", w.opened_at as "opened_at?",
                  (select max(c.last_at) from legacy_calls c
                   where c.partner_id = $1
                     and c.day = (select max(l.day) from legacy_calls l where l.partner_id = $1)) as "last_call_at?"
           from partners p left join legacy_windows w on w.partner_id = p.id
           where p.id = $1"#,
        partner_id as PartnerId,
    )
    .fetch_optional(conn)
    .await?;
    Ok(window.unwrap_or_default())
}

/// A partner's calls from a day on, oldest first: at most one row per day and operation.
///
/// # Errors
/// Database errors only.
pub async fn calls(conn: &mut PgConnection, partner_id: PartnerId, from: NaiveDate) -> AppResult<Vec<Calls>> {
    Ok(sqlx::query_as!(
        Calls,
        r#"select partner_id as "partner_id: PartnerId", operation as "operation: Operation", day, calls, last_at
           from legacy_calls where partner_id = $1 and day >= $2 order by day, operation"#,
        partner_id as PartnerId,
        from,
    )
    .fetch_all(conn)
    .await?)
}

/// Closes a partner's window; false when it is closed already.
///
/// # Errors
/// Database errors only.
pub async fn close(
    conn: &mut PgConnection,
    partner_id: PartnerId,
    by: ClosedBy,
    now: DateTime<Utc>,
) -> AppResult<bool> {
    let done = sqlx::query!(
        "insert into legacy_windows as known (partner_id, closed_at, closed_by) values ($1, $2, $3)
         on conflict (partner_id) do update set closed_at = excluded.closed_at, closed_by = excluded.closed_by
         where known.closed_at is null",
        partner_id as PartnerId,
        now,
        by as ClosedBy,
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Opens a partner's window again.
///
/// # Errors
/// Database errors only.
pub async fn open(conn: &mut PgConnection, partner_id: PartnerId, now: DateTime<Utc>) -> AppResult<()> {
    sqlx::query!(
        "insert into legacy_windows (partner_id, opened_at) values ($1, $2)
         on conflict (partner_id) do update set closed_at = null, closed_by = null, opened_at = excluded.opened_at",
        partner_id as PartnerId,
        now,
    )
    .execute(conn)
    .await?;
    Ok(())
}
