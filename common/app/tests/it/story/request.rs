//! What a request did that is neither a sale nor a report.

use app::story::Kind;
use testing::world::Sale;

use super::{execute, find, sold, story};

#[tokio::test]
async fn a_request_of_an_operator_is_described_by_the_audit_trail() {
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
