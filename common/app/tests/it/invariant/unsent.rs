//! Messages that were not sent, and what is kept of their jobs.

use std::time::Duration;

use app::housekeeping::delete_jobs;
use chrono::TimeDelta;

use super::{broken, execute, healthy, now, run_once};

#[tokio::test]
async fn the_job_of_a_message_that_was_not_sent_goes_in_the_end_and_leaves_no_violation() {
    let (db, _) = healthy().await;
    execute(
        &db,
        "update notifications set created_at = '2026-08-01T00:00:00Z';
         update jobs set state = 'canceled', finished_at = '2026-08-02T00:00:00Z' where kind = 'email_notification'",
    )
    .await;
    // It stays as long as other canceled jobs do, and at least 90 days.
    for (days, rows) in [(120, 0), (14, 1)] {
        let budget = Duration::from_secs(10);
        let cleared = delete_jobs(&db.pool, now(), TimeDelta::days(days), budget).await;
        assert_eq!(cleared.unwrap().rows, rows, "{days} days");
        run_once(&db, now()).await;
        assert_eq!(broken(&db).await, []);
    }
}
