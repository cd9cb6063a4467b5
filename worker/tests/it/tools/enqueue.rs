//! Enqueueing through a sink.

use apalis_core::backend::TaskSink;
use apalis_core::task::Task;
use apalis_core::task::builder::TaskBuilder;
use apalis_core::task::metadata::MetadataStore;
use app::jobs::email_notification::EmailNotification;
use chrono::TimeDelta;
use domain::id::NotificationId;
use kernel::clock::Clock;
use ledger::tool::StoredJob;
use serde_json::json;
use testing::database::TestDb;

use super::{board, mail, mails};

#[tokio::test]
async fn jobs_are_written_with_the_terms_of_their_kind() {
    let db = TestDb::new().await;
    let ids: Vec<NotificationId> = (0..3).map(|_| NotificationId::new()).collect();
    let jobs = ids
        .iter()
        .map(|id| EmailNotification { notification_id: *id })
        .collect();
    mails(&db.pool).push_bulk(jobs).await.unwrap();
    let written: Vec<(String, String, String, i16)> = sqlx::query_as(
        "select queue, kind, payload ->> 'notification_id', max_attempts from jobs where state = 'ready' and run_at <= now()
         order by id",
    )
    .fetch_all(&db.pool)
    .await
    .unwrap();
    let expected: Vec<_> = ids
        .iter()
        .map(|id| ("email".to_owned(), "email_notification".to_owned(), id.to_string(), 10))
        .collect();
    assert_eq!(written, expected);
}

#[tokio::test]
async fn a_task_may_say_when_how_often_why_and_under_which_key() {
    let db = TestDb::new().await;
    let mut metadata = MetadataStore::new();
    metadata.insert("request_id", "the request").unwrap();
    metadata.insert("trace_id", "the trace").unwrap();
    let in_half_an_hour = Clock::system().now() + TimeDelta::minutes(30);
    let task = || {
        TaskBuilder::new(mail(&NotificationId::new()))
            .with_metadata(metadata.clone())
            .run_at_timestamp(u64::try_from(in_half_an_hour.timestamp()).unwrap())
            .max_attempts(3)
            .idempotency_key("the key")
            .build()
    };
    board(&db.pool).push_task(task()).await.unwrap();
    // The key is taken: nothing is written, and there is no error.
    board(&db.pool).push_task(task()).await.unwrap();
    let written: Vec<(i64, i16, String, String, String)> = sqlx::query_as(
        "select extract(epoch from run_at)::bigint, max_attempts, request_id, trace_id, dedupe_key from jobs",
    )
    .fetch_all(&db.pool)
    .await
    .unwrap();
    let expected = (
        in_half_an_hour.timestamp(),
        3,
        "the request".to_owned(),
        "the trace".to_owned(),
        "the key".to_owned(),
    );
    assert_eq!(written, [expected]);
}

#[tokio::test]
async fn what_the_ledger_could_not_keep_is_refused_and_nothing_is_written() {
    let db = TestDb::new().await;
    let good = || TaskBuilder::new(mail(&NotificationId::new()));
    let of = |kind: &str, payload| {
        let kind = kind.to_owned();
        Task::new(StoredJob { kind, payload })
    };
    let in_two_hours = u64::try_from((Clock::system().now() + TimeDelta::hours(2)).timestamp()).unwrap();
    let refused = [
        (
            of("viber_notification", json!({})),
            "jobs of kind viber_notification are not accepted for queue email",
        ),
        (
            of("email_notification", json!({ "notification_id": 5 })),
            "the payload does not decode as email_notification",
        ),
        (
            good().task_id("job_1".try_into().unwrap()).build(),
            "the ledger does not take an id from a task",
        ),
        (
            good().priority(1).build(),
            "the ledger does not take a priority from a task",
        ),
        (
            good().queue("viber".into()).build(),
            "the ledger does not take another queue from a task",
        ),
        (
            good().max_attempts(0).build(),
            "the ledger does not take such a number of attempts from a task",
        ),
        (
            good().run_at_timestamp(in_two_hours).build(),
            "a job cannot be due more than an hour from now",
        ),
        (
            good().run_at_timestamp(u64::MAX).build(),
            "a job cannot be due more than an hour from now",
        ),
    ];
    for (task, reason) in refused {
        let error = board(&db.pool).push_task(task).await.unwrap_err().to_string();
        assert!(error.contains(reason), "{error}");
    }
    let written: i64 = sqlx::query_scalar("select count(*) from jobs")
        .fetch_one(&db.pool)
        .await
        .unwrap();
    assert_eq!(written, 0);
}

#[tokio::test]
async fn more_jobs_than_the_buffer_holds_are_written_all() {
    let db = TestDb::new().await;
    let jobs = futures::stream::iter((0..2500).map(|_| EmailNotification {
        notification_id: NotificationId::new(),
    }));
    mails(&db.pool).push_stream(jobs).await.unwrap();
    let written: i64 = sqlx::query_scalar("select count(*) from jobs")
        .fetch_one(&db.pool)
        .await
        .unwrap();
    assert_eq!(written, 2500);
}
