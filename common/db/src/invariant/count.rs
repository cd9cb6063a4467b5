//! Partners and companies among the given ones whose kept counts (table `list_counts`) differ from what is there.
//!
//! Only owners with fewer than [`MOST`] tickets, and bookings, are recounted, and few are found ([`FOUND`]): so the
//! cost of a check is bounded, however much an owner has sold. Each statement that recounts is one snapshot, in which
//! the counts are exact.
//!
//! These statements walk by index ([`begin_by_index`]), also on connections other than those of the scheduler: where few
//! owners have sold everything, reading a whole table looks cheaper, and then its cost is not bounded.

use sqlx::{Connection, PgConnection, Postgres, Transaction};
use uuid::Uuid;

use crate::error::AppResult;

/// Owners with this number of tickets, or of bookings, are not recounted.
const MOST: i64 = 5_000;

/// Maximum number of owners that are found: each is recounted in every run until its counts are right.
const FOUND: i64 = 10;

/// Partners with a wrong count.
///
/// # Errors
/// Database errors only.
pub async fn of_partners(conn: &mut PgConnection, among: &[Uuid]) -> AppResult<Vec<Uuid>> {
    let mut tx = begin_by_index(conn).await?;
    let found = wrong_partners(&mut tx, among).await?;
    tx.rollback().await?;
    Ok(found)
}

/// A transaction without sequential scans. Rolling it back restores the setting of the connection, also if it is within
/// another transaction.
async fn begin_by_index(conn: &mut PgConnection) -> AppResult<Transaction<'_, Postgres>> {
    let mut tx = conn.begin().await?;
    sqlx::raw_sql("set local enable_seqscan = off")
        .execute(&mut *tx)
        .await?;
    Ok(tx)
}

async fn wrong_partners(conn: &mut PgConnection, among: &[Uuid]) -> AppResult<Vec<Uuid>> {
    let small = small_partners(conn, among).await?;
    Ok(sqlx::query_scalar!(
        "select p.id from partners p
         where p.id = any($1) and exists (
             select from (
                 select 'bookings_by_departure' as list, list_day(b.departure_at) as part, 1::bigint as n
                 from bookings b where b.partner_id = p.id and not b.emptied
                 union all
                 select 'bookings_by_id', list_day_of(b.id), 1
                 from bookings b where b.partner_id = p.id and not b.emptied
                 union all
                 select 'tickets_by_creation', list_day(t.created_at), 1 from tickets t where t.partner_id = p.id
                 union all
                 select 'tickets_by_id', list_day_of(t.id), 1 from tickets t where t.partner_id = p.id
                 union all
                 select c.list, c.part, -c.n from list_counts c
                 where c.owner_id = p.id and c.list in (
                     'bookings_by_departure', 'bookings_by_id', 'tickets_by_creation', 'tickets_by_id')
             ) as entries
             group by entries.list, entries.part having sum(entries.n) <> 0
         ) order by p.id limit $2",
        &small,
        FOUND,
    )
    .fetch_all(conn)
    .await?)
}

async fn small_partners(conn: &mut PgConnection, among: &[Uuid]) -> AppResult<Vec<Uuid>> {
    Ok(sqlx::query_scalar!(
        "select p.id from partners p
         where p.id = any($1)
           and (select count(*) from (select from tickets t where t.partner_id = p.id limit $2) as first) < $2
           and (select count(*) from (
                   select from bookings b where b.partner_id = p.id and not b.emptied limit $2
               ) as first) < $2",
        among,
        MOST,
    )
    .fetch_all(conn)
    .await?)
}

/// Companies with a wrong count.
///
/// # Errors
/// Database errors only.
pub async fn of_companies(conn: &mut PgConnection, among: &[Uuid]) -> AppResult<Vec<Uuid>> {
    let mut tx = begin_by_index(conn).await?;
    let found = wrong_companies(&mut tx, among).await?;
    tx.rollback().await?;
    Ok(found)
}

async fn wrong_companies(conn: &mut PgConnection, among: &[Uuid]) -> AppResult<Vec<Uuid>> {
    let small = small_companies(conn, among).await?;
    Ok(sqlx::query_scalar!(
        "select c.id from companies c
         where c.id = any($1) and exists (
             select from (
                 select 'orders_by_id' as list, list_day_of(t.id) as part, 1::bigint as n
                 from tickets t where t.company_id = c.id
                 union all
                 select 'orders_by_state', t.status || '/' || t.payment_status, 1
                 from tickets t where t.company_id = c.id
                 union all
                 select 'orders_by_trip', t.trip_id::text, 1 from tickets t where t.company_id = c.id
                 union all
                 select k.list, k.part, -k.n from list_counts k
                 where k.owner_id = c.id and k.list in ('orders_by_id', 'orders_by_state', 'orders_by_trip')
             ) as entries
             group by entries.list, entries.part having sum(entries.n) <> 0
         ) order by c.id limit $2",
        &small,
        FOUND,
    )
    .fetch_all(conn)
    .await?)
}

async fn small_companies(conn: &mut PgConnection, among: &[Uuid]) -> AppResult<Vec<Uuid>> {
    Ok(sqlx::query_scalar!(
        "select c.id from companies c
         where c.id = any($1)
           and (select count(*) from (select from tickets t where t.company_id = c.id limit $2) as first) < $2",
        among,
        MOST,
    )
    .fetch_all(conn)
    .await?)
}
