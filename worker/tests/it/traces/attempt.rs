//! The span of an attempt says what the log and the metrics say.

use testing::collector::Collector;

use crate::guarantees::support::{SOON, Stage};
use crate::traces::support::end;

#[tokio::test]
async fn the_last_attempt_of_a_job_that_fails_is_dead_in_its_span_too() {
    let (stage, collector) = (Stage::new().await, Collector::start().await);
    let ids = stage.enqueue(&[&["retry"], &["fail"], &["retry"]]).await;
    let only =
        "update jobs set max_attempts = 1 where payload ->> 'notification_id' = 'ntf_' || replace($1::text, '-', '')";
    let changed = sqlx::query(only).bind(ids[0]).execute(&stage.db.pool).await.unwrap();
    assert_eq!(changed.rows_affected(), 1);
    let _scheduler = stage.scheduler().await;
    let mut worker = stage
        .scripted_worker()
        .env("OTEL_EXPORTER_OTLP_ENDPOINT", collector.url())
        .spawn()
        .unwrap();
    let ended = "select count(*) from all_jobs where state = 'dead' or state = 'ready' and attempt = 1";
    stage.until(SOON, ended, 3).await;
    end(&mut worker).await;
    let spans = collector.spans();
    let attempts = spans.iter().filter(|span| span.name == "process email");
    let mut types: Vec<&str> = attempts
        .filter_map(|span| span.attributes.get("error.type").map(String::as_str))
        .collect();
    types.sort_unstable();
    assert_eq!(types, ["dead", "dead", "retry"], "{spans:#?}");
}
