//! What `admin queues` shows of jobs that wait.

use crate::harness::operator::Operator;

#[tokio::test]
async fn a_job_in_redis_that_no_worker_takes_waits_since_it_was_due() {
    let admin = Operator::new().await;
    sqlx::raw_sql(
        "insert into jobs (id, queue, kind, payload, state, run_at, max_attempts, created_at, sent_at, epoch)
         select gen_random_uuid(), 'email', 'email_notification', '{}', 'sent', due, 5, now(), now(), gen_random_uuid()
         from (values (timestamptz '2026-01-02 03:04:05Z'), (timestamptz '2026-01-02 04:05:06Z')) as job (due)",
    )
    .execute(&admin.db.pool)
    .await
    .unwrap();
    let queues = admin.run(&["queues"]).await.out;
    let of = |queue: &str| queues.lines().find(|line| line.starts_with(queue)).unwrap();
    assert!(of("email").contains("  2026-01-02T03:04:05"), "{queues}");
    assert!(of("viber").contains("  -  "), "{queues}");
}
