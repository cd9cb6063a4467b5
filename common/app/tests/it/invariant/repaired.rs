//! What is repaired while everything is looked at.

use std::time::Duration;

use testing::eventually::eventually;

use super::{checked, execute, healthy};

/// For hangs only.
const LIMIT: Duration = Duration::from_secs(60);

/// Jobs are looked at before uploads: once that look waits for the table of uploads, it has seen the job.
#[tokio::test]
async fn what_is_repaired_between_two_looks_does_not_count() {
    let (db, _) = healthy().await;
    execute(
        &db,
        "update jobs set deadline_at = now() - interval '16 seconds' where state = 'running'",
    )
    .await;
    let mut holder = db.pool.begin().await.unwrap();
    sqlx::raw_sql("lock table timetable_uploads")
        .execute(&mut *holder)
        .await
        .unwrap();
    let repaired = async {
        eventually("the first look waits for uploads", LIMIT, async || {
            let waits =
                "select exists (select from pg_locks where relation = 'timetable_uploads'::regclass and not granted
                 and database = (select oid from pg_database where datname = current_database()))";
            let waits: bool = sqlx::query_scalar(waits).fetch_one(&db.pool).await.unwrap();
            waits.then_some(())
        })
        .await;
        execute(
            &db,
            "update jobs set state = 'ready', process_id = null, deadline_at = null where state = 'running'",
        )
        .await;
        holder.commit().await.unwrap();
    };
    let (found, ()) = tokio::join!(checked(&db), repaired);
    assert_eq!(found, []);
}
