//! A collector that does not exist, or does not respond.

use std::time::{Duration, Instant};

use testing::collector::Collector;
use testing::port;
use tokio::io::AsyncReadExt as _;
use tokio::net::TcpListener;

use crate::traces::support::{LIMIT, Stand, end};

const CALLER: &str = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

#[tokio::test]
async fn without_an_endpoint_nothing_is_exported_and_jobs_keep_the_trace_of_the_caller() {
    let (stand, collector) = (Stand::new().await, Collector::start().await);
    // Variables of the specification that set the address but do not turn the export on.
    let traces = format!("{}/v1/traces", collector.url());
    let mut api = stand.api(&[("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", &*traces)]).await;
    stand.book(&api, Some(CALLER)).await;
    end(&mut api.child).await;
    assert_eq!(collector.spans(), []);
    let kept: Vec<(String, String)> = sqlx::query_as("select trace_id, traceparent from jobs")
        .fetch_all(&stand.db.pool)
        .await
        .unwrap();
    let caller = ("4bf92f3577b34da6a3ce929d0e0e4736".to_owned(), CALLER.to_owned());
    assert_eq!(kept, [caller.clone(), caller]);
}

#[tokio::test]
async fn an_unreachable_collector_is_logged_once_and_stops_nothing() {
    let stand = Stand::new().await;
    let nowhere = format!("http://{}", port::free());
    let mut api = stand
        .api(&[
            ("OTEL_EXPORTER_OTLP_ENDPOINT", &*nowhere),
            ("OTEL_BSP_MAX_QUEUE_SIZE", "10"),
            ("OTEL_BSP_MAX_EXPORT_BATCH_SIZE", "1"),
        ])
        .await;
    for _ in 0..100 {
        assert_eq!(stand.search(&api, None).await.status(), 200);
    }
    end(&mut api.child).await;
    let mut said = String::new();
    api.child
        .stdout
        .take()
        .unwrap()
        .read_to_string(&mut said)
        .await
        .unwrap();
    assert_eq!(said.matches("could not export spans").count(), 1, "{said}");
}

#[tokio::test]
async fn a_collector_that_never_answers_does_not_hold_up_the_end() {
    let stand = Stand::new().await;
    let silent = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let endpoint = format!("http://{}", silent.local_addr().unwrap());
    let mut api = stand.api(&[("OTEL_EXPORTER_OTLP_ENDPOINT", &*endpoint)]).await;
    assert_eq!(stand.search(&api, None).await.status(), 200);
    // The process has begun to send, and waits.
    let connection = tokio::time::timeout(LIMIT, silent.accept()).await.unwrap().unwrap();
    assert_eq!(stand.search(&api, None).await.status(), 200);
    let asked = Instant::now();
    end(&mut api.child).await;
    assert!(asked.elapsed() < Duration::from_secs(9), "{:?}", asked.elapsed());
    drop(connection);
}
