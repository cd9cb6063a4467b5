//! The ledger without the rest of the platform: on its own tables (`common/ledger/schema.sql`), in a database that has
//! no others.

use std::process::Stdio;

use testing::database::TestDb;
use testing::redis::TestRedis;
use tokio::process::Command;

use crate::guarantees::support::{SOON, example};

const SCHEMA: &str = include_str!("../../../common/ledger/schema.sql");

/// What the tables, the view and the functions of the ledger are: columns, constraints, indexes, triggers, definitions.
/// Left out are partitions of a day, what the platform has for its queue `geo`, and the index for jobs that a former
/// release finished.
const PARTS: &str = "with tables as (
        select oid, relname, relkind from pg_class
        where relnamespace = 'public'::regnamespace
          and relname ~ '^(all_jobs|(finished_)?jobs|finished_jobs_other(_default)?|job_losses|paused_queues|processes|schedules)$'
    )
    select format('column %s.%s: %s%s default %s', relname, attname, format_type(atttypid, atttypmod),
                  case when attnotnull then ' not null' end, pg_get_expr(adbin, adrelid))
    from tables join pg_attribute on attrelid = tables.oid left join pg_attrdef on adrelid = attrelid and adnum = attnum
    where attnum > 0 and not attisdropped
    union all
    select format('constraint %s.%s: %s', relname, conname, replace(pg_get_constraintdef(c.oid), ' NOT VALID', ''))
    from tables join pg_constraint c on conrelid = tables.oid where contype <> 'n'
    union all
    select pg_get_indexdef(indexrelid) from tables join pg_index on indrelid = tables.oid
    where indexrelid::regclass::text not in ('jobs_done_idx', 'jobs_geo_done_idx')
    union all
    select pg_get_triggerdef(t.oid) from tables join pg_trigger t on tgrelid = tables.oid where not tgisinternal
    union all
    select format('view %s: %s', relname, pg_get_viewdef(oid)) from tables where relkind = 'v'
    union all
    select pg_get_functiondef(oid) from pg_proc
    where pronamespace = 'public'::regnamespace and proname in ('job_error_pattern', 'job_failures')
    order by 1";

/// A database with the tables of the ledger and no others.
async fn alone() -> TestDb {
    let db = TestDb::empty().await;
    sqlx::raw_sql(SCHEMA).execute(&db.pool).await.unwrap();
    db
}

async fn parts(db: &TestDb) -> Vec<String> {
    sqlx::query_scalar::<_, String>(PARTS)
        .fetch_all(&db.pool)
        .await
        .unwrap()
}

#[tokio::test]
async fn the_tables_of_the_ledger_are_those_of_the_migrations() {
    let (alone, migrated) = (parts(&alone().await).await, parts(&TestDb::new().await).await);
    assert!(alone.len() > 100, "{}", alone.len());
    let missing: Vec<_> = migrated.iter().filter(|part| !alone.contains(part)).collect();
    let other: Vec<_> = alone.iter().filter(|part| !migrated.contains(part)).collect();
    assert!(
        missing.is_empty() && other.is_empty(),
        "missing: {missing:#?}, other: {other:#?}"
    );
}

#[tokio::test]
async fn the_first_job_of_the_readme_runs_on_these_tables() {
    let (db, redis) = (alone().await, TestRedis::start().await);
    let program = Command::new(example("hello_ledger"))
        .env_clear()
        .env("DATABASE_URL", &db.url)
        .env("REDIS_URL", redis.url())
        .stdout(Stdio::piped())
        .kill_on_drop(true)
        .spawn()
        .unwrap();
    let ended = tokio::time::timeout(SOON, program.wait_with_output()).await;
    let output = ended.expect("it ends").unwrap();
    assert!(output.status.success());
    assert_eq!(
        String::from_utf8(output.stdout).unwrap(),
        "hello from job number 7, attempt 1\n"
    );
    let done = sqlx::query_scalar::<_, i64>("select count(*) from finished_jobs where kind = 'hello'")
        .fetch_one(&db.pool)
        .await;
    assert_eq!(done.unwrap(), 1);
}
