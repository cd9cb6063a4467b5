//! What a request did that is neither a sale nor a report, and what operators did to jobs.

use app::story::Kind;
use testing::world::Sale;
use uuid::Uuid;

use super::{execute, find, sold, story};

#[tokio::test]
async fn the_audit_trail_describes_a_request_of_an_operator() {
    let (db, _) = sold(&Sale::default()).await;
    execute(
        &db,
        "insert into audit_entries (id, at, actor, action, subject, reason, request_id)
         values (gen_random_uuid(), '2026-11-14T12:10:00Z', 'cli:taras', 'queue.pause', 'email', 'Ask taras@example.com',
                 'ops-7'),
                (gen_random_uuid(), '2026-11-14T12:11:00Z', 'cli:taras', 'queue.resume', 'email', 'Done', 'ops-8'),
                (gen_random_uuid(), '2026-11-14T12:12:00Z', 'cli:taras', 'queue.pause', 'viber', 'Done', null)",
    )
    .await;
    let story = story(&db, "ops-7").await;
    assert_eq!(story.entries.len(), 1, "{story:?}");
    let text = find(&story, Kind::Request, "queue.pause");
    assert!(text.starts_with("queue.pause of email by cli:taras: Ask "), "{text}");
    assert!(!text.contains("taras@"), "addresses are masked");
}

#[tokio::test]
async fn the_reason_of_an_operator_who_changed_a_job_is_masked() {
    let (db, _) = sold(&Sale::default()).await;
    let id: Uuid = sqlx::query_scalar("select id from jobs where queue = 'email'")
        .fetch_one(&db.pool)
        .await
        .unwrap();
    let job = format!("job_{}", id.simple());
    sqlx::query(
        "insert into audit_entries (id, at, actor, action, subject, reason)
         values (gen_random_uuid(), '2026-11-14T12:15:10Z', 'cli:olena', 'job.retry', $1,
                 'Ask taras@example.com or +380501112233')",
    )
    .bind(&job)
    .execute(&db.pool)
    .await
    .unwrap();
    assert_eq!(
        find(&story(&db, &job).await, Kind::Job, "retried"),
        "it was retried by cli:olena: Ask t***@example.com or +***"
    );
}
