//! Dead jobs wait for an operator, but not forever.

use std::time::Duration;

use app::housekeeping::{BUDGET, Cleared, DEAD_RETENTION, delete_jobs, discard_dead_jobs};
use app::story::{Kind, StoryId, tell};
use chrono::TimeDelta;
use ledger::id::JobId;
use testing::database::TestDb;
use uuid::Uuid;

use super::{RETENTION, count, jobs, now};

#[tokio::test]
async fn jobs_unhandled_for_90_days_are_discarded_and_the_audit_trail_says_so() {
    let db = TestDb::new().await;
    jobs(&db, 2_345, "dead", DEAD_RETENTION + TimeDelta::seconds(1)).await;
    jobs(&db, 7, "dead", DEAD_RETENTION - TimeDelta::seconds(1)).await;
    jobs(&db, 3, "ready", TimeDelta::days(1000)).await;
    for (budget, rows, is_all) in [(Duration::ZERO, 1000, false), (BUDGET, 1345, true), (BUDGET, 0, true)] {
        let cleared = discard_dead_jobs(&db.pool, now(), budget).await.unwrap();
        assert_eq!(cleared, Cleared { rows, is_all });
    }
    assert_eq!(count(&db, "select count(*) from jobs where state = 'dead'").await, 7);
    assert_eq!(count(&db, "select count(*) from jobs where state = 'ready'").await, 3);
    let entries = "select count(*) from audit_entries where actor = 'system' and action = 'job.discard'";
    assert_eq!(count(&db, entries).await, 3);
    let named = "select count(*) from audit_jobs join jobs on jobs.id = job_id where state = 'canceled'";
    assert_eq!(count(&db, named).await, 2_345);

    let id: Uuid = sqlx::query_scalar("select id from jobs where state = 'canceled' limit 1")
        .fetch_one(&db.pool)
        .await
        .unwrap();
    let story = tell(&db.pool, now(), &StoryId::Job(JobId(id))).await.unwrap();
    let discarded = "it was discarded by system: dead for 90 days and not handled";
    let is_told = |kind: Kind, text: &str| kind == Kind::Job && text == discarded;
    assert!(
        story.entries.iter().any(|entry| is_told(entry.kind, &entry.text)),
        "{story:#?}"
    );

    // From then on they are kept as long as other canceled jobs.
    let later = now() + RETENTION + TimeDelta::seconds(1);
    delete_jobs(&db.pool, later, RETENTION, BUDGET).await.unwrap();
    assert_eq!(
        count(&db, "select count(*) from jobs where state = 'canceled'").await,
        0
    );
    assert_eq!(count(&db, "select count(*) from jobs where state = 'dead'").await, 7);
}
