//! The data that processes cache, and the record of their changes (`changes`, written by triggers; docs/CACHING.md).

use std::collections::HashMap;

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use domain::id::TripId;
use domain::payment_window::PAYMENT_WINDOW;
use domain::seat::Hold;
use domain::sold::Sold;
use futures::{Stream, TryStreamExt};
use sqlx::PgConnection;
use uuid::Uuid;

use super::journey::DepartureKey;
use crate::error::{AppError, AppResult};

mod partner;

pub use partner::{keys, permissions};

/// More changes than this since the last look are not read one by one: everything is read again.
pub const MOST_CHANGES: usize = 10_000;

/// The result of one query for changes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Look {
    /// The snapshot of this refresh: the next one asks for what it does not contain.
    pub snapshot: String,
    /// Names the history of the server: when it differs from that of the previous look, transactions may have been lost
    /// since, and their numbers given to others.
    pub mark: String,
    /// Whether the changes are complete: none that the previous look did not see was deleted, or is left out here.
    pub is_whole: bool,
    /// Version of what is published.
    pub publication: i64,
    /// What became visible since the previous refresh.
    pub changes: Changes,
    /// Age of the oldest of these changes at the end of the look, from the time of its statement.
    pub lag: Option<TimeDelta>,
}

/// Objects to read again.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Changes {
    /// Departures.
    pub departures: Vec<DepartureKey>,
    /// API keys.
    pub keys: Vec<Uuid>,
    /// Partners whose permissions changed.
    pub permissions: Vec<Uuid>,
}

impl Changes {
    /// Whether nothing changed.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.departures.is_empty() && self.keys.is_empty() && self.permissions.is_empty()
    }

    /// Several transactions may have changed the same thing since the last look.
    fn name_each_once(&mut self) {
        self.departures.sort_unstable();
        self.departures.dedup();
        for ids in [&mut self.keys, &mut self.permissions] {
            ids.sort_unstable();
            ids.dedup();
        }
    }
}

/// Finds the changes that became visible since the snapshot of an earlier query, regardless of the order of commits and
/// the duration of transactions. Without a snapshot it returns only the current position.
///
/// One statement, so that the returned snapshot is the one in which it read. The mark changes with each start of the
/// server and each recovery from a crash (when its statistics are reset), with another database of the same name, with
/// restored tables, and on request of an operator (`change_log.generation`).
///
/// # Errors
/// Database errors only.
pub async fn look(conn: &mut PgConnection, since: Option<&str>) -> AppResult<Look> {
    let rows = sqlx::query!(
        r#"select pg_current_snapshot()::text as "snapshot!",
                  concat_ws(' ', extract(epoch from pg_postmaster_start_time()),
                      extract(epoch from pg_stat_get_bgwriter_stat_reset_time()),
                      (select oid from pg_database where datname = current_database()),
                      'changes'::regclass::oid, log.generation) as "mark!",
                  coalesce(pg_snapshot_xmin($1::text::pg_snapshot) >= log.deleted_xid
                      or log.deleted_xid >= pg_snapshot_xmax(pg_current_snapshot()), false) as "is_whole!",
                  (select version - unread from publication) as "publication!",
                  c.kind as "kind?", c.subject as "subject?", c.service_day as "service_day?",
                  extract(epoch from clock_timestamp() - c.at)::float8 as lag
           from change_log log
           left join lateral (
               select kind, subject, service_day, at from changes
               where xid >= pg_snapshot_xmin($1::text::pg_snapshot)
                 and not pg_visible_in_snapshot(xid, $1::text::pg_snapshot)
               limit $2
           ) c on true"#,
        since,
        i64::try_from(MOST_CHANGES).unwrap_or(i64::MAX) + 1,
    )
    .fetch_all(conn)
    .await?;
    if rows.is_empty() {
        return Err(AppError::Internal("change_log has no row".to_owned()));
    }
    let mut look = Look {
        snapshot: String::new(),
        mark: String::new(),
        is_whole: rows.len() <= MOST_CHANGES,
        publication: 0,
        changes: Changes::default(),
        lag: None,
    };
    for row in rows {
        look.snapshot = row.snapshot;
        look.mark = row.mark;
        look.is_whole &= row.is_whole;
        look.publication = row.publication;
        look.lag = look.lag.max(row.lag.map(seconds));
        let (Some(kind), Some(subject), Some(day)) = (row.kind, row.subject, row.service_day) else {
            continue;
        };
        let changes = &mut look.changes;
        match kind.as_str() {
            "departure" => changes.departures.push((TripId(subject), day)),
            "key" => changes.keys.push(subject),
            "permission" => changes.permissions.push(subject),
            // A table was emptied, or a later release records more: nothing that is in memory can be relied on.
            _ => look.is_whole = false,
        }
    }
    look.changes.name_each_once();
    Ok(look)
}

#[expect(clippy::cast_possible_truncation, reason = "microseconds of a lag fit")]
fn seconds(seconds: f64) -> TimeDelta {
    TimeDelta::microseconds((seconds * 1e6) as i64)
}

/// A departure with one of its seats, if any is taken.
struct Row {
    trip_id: Uuid,
    service_day: NaiveDate,
    closed: bool,
    seat: Option<i16>,
    boarding: Option<i16>,
    alighting: Option<i16>,
    fixed: Option<bool>,
    unpaid_since: Option<DateTime<Utc>>,
}

impl Row {
    /// The seat, and when it lapses if its ticket is unpaid.
    fn seat(&self) -> Option<(Hold, Option<DateTime<Utc>>)> {
        let hold = Hold {
            seat: self.seat?.unsigned_abs(),
            segment: self.boarding?.unsigned_abs()..self.alighting?.unsigned_abs(),
            fixed: self.fixed?,
        };
        Some((hold, self.unpaid_since.map(|at| at + PAYMENT_WINDOW)))
    }
}

/// Collects the seats of departures from rows, as they come.
async fn sold(
    mut rows: impl Stream<Item = Result<Row, sqlx::Error>> + Unpin,
) -> AppResult<HashMap<DepartureKey, Sold>> {
    let mut departures: HashMap<DepartureKey, (bool, Vec<_>)> = HashMap::new();
    while let Some(row) = rows.try_next().await? {
        let (closed, seats) = departures.entry((TripId(row.trip_id), row.service_day)).or_default();
        *closed = row.closed;
        seats.extend(row.seat());
    }
    let sold = departures
        .into_iter()
        .map(|(key, (closed, seats))| (key, Sold::new(closed, seats)));
    Ok(sold.collect())
}

/// What is taken on each of these departures that is stored: the seats of the tickets in the states that keep one
/// ([`State::holds_seat`](domain::ticket::State::holds_seat)). A sale decides on
/// [`occupancy`](super::seat::occupancy) instead.
///
/// # Errors
/// Database errors only.
pub async fn departures(conn: &mut PgConnection, keys: &[DepartureKey]) -> AppResult<HashMap<DepartureKey, Sold>> {
    let (trips, days): (Vec<Uuid>, Vec<NaiveDate>) = keys.iter().map(|(trip, day)| (trip.0, *day)).unzip();
    let rows = sqlx::query_as!(
        Row,
        r#"select d.trip_id, d.service_day, coalesce(d.closed_at, d.company_closed_at) is not null as "closed!",
                  t.seat as "seat?", t.boarding_position as "boarding?", t.alighting_position as "alighting?",
                  t.status <> 'Processing' as "fixed?",
                  case when t.status = 'Processing' and t.payment_status = 'Unpaid' then t.created_at end as unpaid_since
           from unnest($1::uuid[], $2::date[]) as wanted (trip_id, service_day)
           join departures d using (trip_id, service_day)
           left join tickets t on (t.trip_id, t.service_day) = (d.trip_id, d.service_day)
                and t.status in ('Processing', 'Confirmed')"#,
        &trips,
        &days,
    )
    .fetch(conn);
    sold(rows).await
}

/// As [`departures`], of all from a service day on.
///
/// # Errors
/// Database errors only.
pub async fn departures_from(conn: &mut PgConnection, day: NaiveDate) -> AppResult<HashMap<DepartureKey, Sold>> {
    let rows = sqlx::query_as!(
        Row,
        r#"select d.trip_id, d.service_day, coalesce(d.closed_at, d.company_closed_at) is not null as "closed!",
                  t.seat as "seat?", t.boarding_position as "boarding?", t.alighting_position as "alighting?",
                  t.status <> 'Processing' as "fixed?",
                  case when t.status = 'Processing' and t.payment_status = 'Unpaid' then t.created_at end as unpaid_since
           from departures d
           left join tickets t on (t.trip_id, t.service_day) = (d.trip_id, d.service_day)
                and t.status in ('Processing', 'Confirmed')
           where d.service_day >= $1"#,
        day,
    )
    .fetch(conn);
    sold(rows).await
}

/// The oldest transaction that may still be running, as text: every later look has seen what was committed before it.
///
/// # Errors
/// Database errors only.
pub async fn oldest(conn: &mut PgConnection) -> AppResult<String> {
    Ok(
        sqlx::query_scalar!(r#"select pg_snapshot_xmin(pg_current_snapshot())::text as "oldest!""#)
            .fetch_one(conn)
            .await?,
    )
}

/// Deletes at most `limit` changes of transactions before one that [`oldest`] named, and records that they are gone;
/// returns how many. Changes that a restored database has from another server, with transaction numbers that are not in
/// use here yet, are deleted as well.
///
/// # Errors
/// Database errors only.
pub async fn forget(conn: &mut PgConnection, before: &str, limit: i64) -> AppResult<i64> {
    Ok(sqlx::query_scalar!(
        r#"with bound as (
               select least($1::text::xid8, pg_snapshot_xmin(pg_current_snapshot())) as before,
                      pg_snapshot_xmax(pg_current_snapshot()) as next
           ), gone as (
               delete from changes where ctid = any(array(
                   select c.ctid from changes c, bound
                   where c.xid < bound.before or c.xid >= bound.next
                   limit $2 for update of c skip locked
               ))
               returning xid
           ), told as (
               update change_log set deleted_xid =
                   case when deleted_xid >= bound.next then bound.before else greatest(deleted_xid, bound.before) end
               from bound where exists (select from gone)
           )
           select count(*) as "gone!" from gone"#,
        before,
        limit,
    )
    .fetch_one(conn)
    .await?)
}
