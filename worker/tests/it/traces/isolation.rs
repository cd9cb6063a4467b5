//! A job that runs in a separate process stays in its trace.

use domain::id::NotificationId;
use kernel::clock::Clock;
use ledger::Cause;
use testing::collector::{Collector, tree};
use testing::eventually::eventually;

use crate::guarantees::support::{SOON, Stage, jobs};
use crate::traces::support::end;

#[tokio::test]
async fn the_attempt_of_a_suspect_is_in_the_trace_of_its_cause() {
    let (stage, collector) = (Stage::new().await, Collector::start().await);
    let caller = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
    let cause = Cause::new(Some("the-one-request".to_owned()), caller.parse().ok());
    let mut conn = stage.db.pool.acquire().await.unwrap();
    ledger::enqueue(
        &mut conn,
        Clock::system().now(),
        &cause,
        &jobs(&[NotificationId::new()]),
    )
    .await
    .unwrap();
    sqlx::query("update jobs set crashes = 2")
        .execute(&mut *conn)
        .await
        .unwrap();
    let _scheduler = stage.scheduler().await;
    let mut worker = stage
        .scripted_worker()
        .env("OTEL_EXPORTER_OTLP_ENDPOINT", collector.url())
        .spawn()
        .unwrap();
    let pid = worker.id().unwrap().to_string();
    stage
        .until(SOON, "select count(*) from all_jobs where state = 'done'", 1)
        .await;
    end(&mut worker).await;
    let spans = eventually("both spans", SOON, async || {
        let spans = collector.trace_with("process email");
        (spans.len() >= 2).then_some(spans)
    })
    .await;
    let text = tree(&spans);
    assert_eq!(spans.len(), 2, "{text}");
    let (outer, inner) = (&spans[0], &spans[1]);
    assert_eq!(outer.parent, "00f067aa0ba902b7", "{text}");
    assert_eq!(inner.parent, outer.id, "{text}");
    assert_eq!(outer.pid, pid, "{text}");
    assert_ne!(inner.pid, pid, "{text}");
}
