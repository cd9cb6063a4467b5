//! The tables under the names of the previous release (migration 0063): its programs keep using their statements.

use domain::id::{TrackerId, TrackingAccountId};
use sqlx::PgPool;

use crate::tracking::support::Depot;

/// How the previous release stores the list of trackers of an account.
const LISTED: &str =
    "insert into fms_objects (id, account_id, company_id, external_id, name, registration_number, bus_id)
     select id, $1, $2, external_id, name, null, null
     from unnest($3::uuid[], array['101', '103'], array['Renamed', 'New']) as l (id, external_id, name)
     on conflict on constraint fms_objects_account_external_key do update
     set name = excluded.name, gone_at = null
     where (fms_objects.name, fms_objects.gone_at) is distinct from (excluded.name, null)";

/// How it creates an account.
const CREATED: &str =
    "insert into fms_accounts (id, company_id, provider, name, url, next_poll_at, next_sync_at, created_at)
     values ($1, $2, 'Wialon', 'Main', 'http://127.0.0.1:9', now(), now(), now())
     on conflict on constraint fms_accounts_company_name_key do nothing";

async fn count(pool: &PgPool, sql: &'static str) -> i64 {
    sqlx::query_scalar(sql).fetch_one(pool).await.unwrap()
}

#[tokio::test]
async fn statements_of_the_previous_release_read_and_write_the_same_trackers() {
    let depot = Depot::new().await;
    let pool = &depot.db.pool;
    sqlx::query(LISTED)
        .bind(depot.account_id)
        .bind(depot.company_id)
        .bind(vec![TrackerId::new().0, TrackerId::new().0])
        .execute(pool)
        .await
        .unwrap();
    let names: Vec<(String, bool)> = sqlx::query_as("select name, enabled from trackers order by external_id")
        .fetch_all(pool)
        .await
        .unwrap();
    // The first is enabled and was renamed, the second was not listed, and the third is new.
    let expected = [("Renamed", true), ("bus 102", false), ("New", false)];
    assert_eq!(names, expected.map(|(name, enabled)| (name.to_owned(), enabled)));

    let locked: Vec<(TrackerId,)> = sqlx::query_as(
        "select id from fms_objects where account_id = $1 and enabled order by id for update skip locked",
    )
    .bind(depot.account_id)
    .fetch_all(pool)
    .await
    .unwrap();
    assert_eq!(locked, [(depot.first,)]);
    sqlx::query(
        "update fms_objects o set enabled = false from unnest($1::uuid[]) as u (id) where o.id = u.id and o.enabled",
    )
    .bind(vec![depot.first.0])
    .execute(pool)
    .await
    .unwrap();
    assert_eq!(count(pool, "select count(*) from trackers where enabled").await, 0);
}

#[tokio::test]
async fn statements_of_the_previous_release_create_an_account_once() {
    let depot = Depot::new().await;
    let pool = &depot.db.pool;
    for expected in [1, 0] {
        let created = sqlx::query(CREATED)
            .bind(TrackingAccountId::new())
            .bind(depot.company_id)
            .execute(pool)
            .await
            .unwrap();
        assert_eq!(created.rows_affected(), expected);
    }
    let polled = "select count(*) from tracking_accounts where name = 'Main' and poll_seconds = 30 and failures = 0";
    assert_eq!(count(pool, polled).await, 1);
    let due = "select count(*) from (
                   select from fms_accounts a where name = 'Main' and next_poll_at <= now() and not exists (
                       select from jobs where dedupe_key = a.poll_job_key
                   ) order by next_poll_at for update of a skip locked
               ) as due";
    assert_eq!(count(pool, due).await, 1);
}
