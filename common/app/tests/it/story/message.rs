//! The stories of messages and of their jobs: what they say to be missing is missing.

use app::story::{Entry, Kind};
use testing::database::TestDb;
use testing::world::Sale;
use uuid::Uuid;

use super::{execute, find, sold, story};

/// The id of the one message on a channel.
async fn message_by(db: &TestDb, channel: &str) -> String {
    let id: Uuid = sqlx::query_scalar("select id from notifications where channel = $1")
        .bind(channel)
        .fetch_one(&db.pool)
        .await
        .unwrap();
    format!("ntf_{}", id.simple())
}

/// The passenger has mail and Viber, and both messages are there.
#[tokio::test]
async fn no_story_of_a_message_or_of_its_job_finds_the_other_message_missing() {
    let (db, ticket) = sold(&Sale::default()).await;
    let jobs: Vec<Uuid> = sqlx::query_scalar("select id from jobs")
        .fetch_all(&db.pool)
        .await
        .unwrap();
    assert_eq!(jobs.len(), 2, "mail and Viber");
    let (mail, viber) = (message_by(&db, "Email").await, message_by(&db, "Viber").await);
    let jobs = jobs.iter().map(|id| format!("job_{}", id.simple()));
    for id in jobs.chain([mail.clone(), viber, ticket.id.to_string()]) {
        let told = story(&db, &id).await;
        let all = format!("{told:#?}");
        assert!(!all.contains("violation") && !all.contains("NoMessage"), "{all}");
    }
    let of_mail = story(&db, &mail).await;
    let recorded = |entry: &&Entry| entry.kind == Kind::Message;
    assert_eq!(of_mail.entries.iter().filter(recorded).count(), 1, "{of_mail:#?}");
    // What is missing is still named.
    execute(&db, "delete from notifications where channel = 'Viber'").await;
    let broken = "no Viber message: though the passenger can be reached (a violation of event_without_message)";
    assert_eq!(find(&story(&db, &mail).await, Kind::NoMessage, "no Viber"), broken);
}

/// A story has at most 500 jobs. That of a message is not lost because it is not among them.
#[tokio::test]
async fn a_job_beyond_those_of_a_story_is_not_said_to_be_missing() {
    let (db, _) = sold(&Sale::default()).await;
    execute(
        &db,
        "update jobs set request_id = null, created_at = '2026-11-14T12:15:00Z';
         insert into jobs (id, queue, kind, payload, state, run_at, max_attempts, created_at, request_id)
         select gen_random_uuid(), 'sweep', 'order_sweep', '{}', 'ready', now(), 5, '2026-11-14T12:14:00Z', 'shop-17'
         from generate_series(1, 500)",
    )
    .await;
    let cut = story(&db, "shop-17").await;
    assert!(cut.is_cut);
    let mail = message_by(&db, "Email").await;
    assert_eq!(
        find(&cut, Kind::Now, "the mail"),
        format!("the mail was not sent; the story of {mail} tells of its job")
    );
    let whole = story(&db, &mail).await;
    let turn = "the mail was not sent: it waits for its turn in the queue email";
    assert!(find(&whole, Kind::Now, "the mail").starts_with(turn));
}
