//! Days of finished jobs: dropped whole, made in advance, and the keys that go with them.

use app::housekeeping::{BUDGET, Cleared, GEO_RETENTION, delete_jobs, roll_job_days};
use app::jobs::ticket_sweep::TicketSweep;
use chrono::{DateTime, TimeDelta, Utc};
use db::partition::{FINISHED_GEO_JOBS, FINISHED_JOBS};
use ledger::{Cause, NewJob, enqueue};
use testing::database::TestDb;

use super::{RETENTION, count, jobs, now};

/// What [`app::housekeeping`] says of dedupe keys, as it is.
#[tokio::test]
async fn a_key_is_taken_as_long_as_its_job_is_kept() {
    let db = TestDb::new().await;
    let mut conn = db.pool.acquire().await.unwrap();
    let written = async |conn: &mut sqlx::PgConnection| {
        let new = NewJob::new(&TicketSweep {}, now()).unwrap().with_key("once");
        enqueue(conn, now(), &Cause::default(), &[new]).await.unwrap();
    };
    written(&mut conn).await;
    sqlx::query("update jobs set state = 'done', finished_at = $1")
        .bind(now())
        .execute(&mut *conn)
        .await
        .unwrap();
    let later = now() + RETENTION;
    delete_jobs(&db.pool, later, RETENTION, BUDGET).await.unwrap();
    written(&mut conn).await;
    assert_eq!(count(&db, "select count(*) from jobs where state = 'ready'").await, 0);
    let after = later + TimeDelta::microseconds(1);
    delete_jobs(&db.pool, after, RETENTION, BUDGET).await.unwrap();
    written(&mut conn).await;
    assert_eq!(count(&db, "select count(*) from jobs where state = 'ready'").await, 1);

    // In a day that is dropped whole.
    roll_job_days(&db.pool, now(), RETENTION).await.unwrap();
    finish(&db, now()).await;
    let later = "2027-02-15T23:59:59Z".parse().unwrap();
    roll_job_days(&db.pool, later, RETENTION).await.unwrap();
    written(&mut conn).await;
    assert_eq!(count(&db, "select count(*) from jobs").await, 0);
    roll_job_days(&db.pool, later + TimeDelta::seconds(1), RETENTION)
        .await
        .unwrap();
    written(&mut conn).await;
    assert_eq!(count(&db, "select count(*) from jobs").await, 1);
}

/// All jobs are done at an instant.
async fn finish(db: &TestDb, at: DateTime<Utc>) {
    let moved = "with gone as (delete from jobs returning *)
                 insert into finished_jobs (id, queue, kind, payload, dedupe_key, run_at, attempt, max_attempts, crashes,
                                            finished_at, created_at, is_urgent, tenant)
                 select id, queue, kind, payload, dedupe_key, run_at, attempt, max_attempts, crashes, $1, created_at,
                        is_urgent, tenant from gone";
    sqlx::query(moved).bind(at).execute(&db.pool).await.unwrap();
}

/// Days before today on which jobs of a queue were done that are still there, the latest first.
async fn days_ago(db: &TestDb, queue: &str) -> Vec<i32> {
    sqlx::query_scalar(
        "select extract(day from $2 - finished_at)::int from finished_jobs where queue = $1 order by finished_at desc",
    )
    .bind(queue)
    .bind(now())
    .fetch_all(&db.pool)
    .await
    .unwrap()
}

#[tokio::test]
async fn whole_days_of_finished_jobs_are_dropped_those_of_tracking_providers_after_a_day() {
    let db = TestDb::new().await;
    let days = [0, 1, 2, 13, 14, 15, 16];
    for ago in days {
        let at = now() - TimeDelta::days(ago);
        let mut tx = db.pool.begin().await.unwrap();
        for table in [FINISHED_GEO_JOBS, FINISHED_JOBS] {
            table.make_days(&mut tx, &[at.date_naive()]).await.unwrap();
        }
        tx.commit().await.unwrap();
        for queue in ["geo", "sweep"] {
            jobs(&db, 1, "ready", TimeDelta::zero()).await;
            sqlx::query("update jobs set queue = $1")
                .bind(queue)
                .execute(&db.pool)
                .await
                .unwrap();
            finish(&db, at).await;
        }
    }
    let strays = "select (select count(*) from finished_jobs_geo_default)
                       + (select count(*) from finished_jobs_other_default)";
    assert_eq!(count(&db, strays).await, 0, "each day has its partition");
    assert_eq!(days_ago(&db, "geo").await, [0, 1, 2, 13, 14, 15, 16]);

    roll_job_days(&db.pool, now(), RETENTION).await.unwrap();
    // At eight in the morning, the day before yesterday ended more than a day ago.
    assert_eq!(days_ago(&db, "geo").await, [0, 1]);
    assert_eq!(days_ago(&db, "sweep").await, [0, 1, 2, 13, 14]);
    assert_eq!(roll_job_days(&db.pool, now(), RETENTION).await.unwrap(), 0);
    // Where finished jobs are kept for less than a day, those of tracking providers are, too.
    roll_job_days(&db.pool, now(), TimeDelta::hours(1)).await.unwrap();
    assert_eq!(days_ago(&db, "geo").await, [0]);
    // The next days are there.
    let ahead: Vec<_> = now().date_naive().iter_days().take(3).collect();
    let mut conn = db.pool.acquire().await.unwrap();
    for table in [FINISHED_GEO_JOBS, FINISHED_JOBS] {
        let missing = table.missing_days(&mut conn, &ahead).await.unwrap();
        assert_eq!(missing, []);
    }
}

#[tokio::test]
async fn what_was_done_on_a_day_without_a_partition_is_deleted_row_by_row() {
    let db = TestDb::new().await;
    jobs(&db, 1_500, "ready", TimeDelta::zero()).await;
    finish(&db, now()).await;
    jobs(&db, 2_500, "ready", TimeDelta::zero()).await;
    sqlx::query("update jobs set queue = 'geo'")
        .execute(&db.pool)
        .await
        .unwrap();
    finish(&db, now()).await;
    // Today stays as it is, tomorrow is as always.
    roll_job_days(&db.pool, now(), RETENTION).await.unwrap();
    let today = now().date_naive();
    let mut conn = db.pool.acquire().await.unwrap();
    for table in [FINISHED_GEO_JOBS, FINISHED_JOBS] {
        let missing = table.missing_days(&mut conn, &[today, today.succ_opt().unwrap()]).await;
        assert_eq!(missing.unwrap(), [today]);
    }
    for (later, rows) in [(GEO_RETENTION, 2_500), (RETENTION, 1_500)] {
        let at = now() + later;
        let cleared = delete_jobs(&db.pool, at, RETENTION, BUDGET).await.unwrap();
        assert_eq!(cleared.rows, 0);
        let cleared = delete_jobs(&db.pool, at + TimeDelta::microseconds(1), RETENTION, BUDGET).await;
        assert_eq!(cleared.unwrap(), Cleared { rows, is_all: true });
    }
}

#[tokio::test]
async fn a_long_read_delays_the_drop_of_a_day_and_nothing_else() {
    let db = TestDb::new().await;
    roll_job_days(&db.pool, now(), RETENTION).await.unwrap();
    let mut reading = db.pool.begin().await.unwrap();
    sqlx::query("select from finished_jobs")
        .fetch_all(&mut *reading)
        .await
        .unwrap();
    let later = now() + TimeDelta::days(100);
    let failed = roll_job_days(&db.pool, later, RETENTION).await;
    assert!(failed.is_err());
    jobs(&db, 1, "ready", TimeDelta::zero()).await;
    finish(&db, later).await;
    reading.rollback().await.unwrap();
    assert!(roll_job_days(&db.pool, later, RETENTION).await.unwrap() >= 6);
}
