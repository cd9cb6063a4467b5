//! An API that is replaced while partners use it.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use testing::eventually::eventually;
use tokio::task::JoinSet;

use crate::harness::client::{client, fresh_client};
use crate::harness::process::LIMIT;
use crate::replicas::support::Stand;

/// How long a load balancer still sends requests to an API that has become not ready.
const LATE: Duration = Duration::from_secs(1);

#[tokio::test]
async fn asked_to_end_it_serves_until_a_late_balancer_has_turned_away() {
    let stand = Stand::new().await;
    let mut api = stand.api([("SHUTDOWN_DELAY_SECONDS", "6")]).await;
    let routed = Arc::new(AtomicBool::new(true));
    let mut clients = JoinSet::new();
    for keeps_connections in [true, true, false, false] {
        let (routed, url) = (Arc::clone(&routed), format!("{}/v2/cities", api.base));
        let client = match keeps_connections {
            true => client(),
            false => fresh_client(),
        };
        clients.spawn(async move {
            let (mut served, mut closed) = (0, 0);
            while routed.load(Ordering::SeqCst) {
                let answer = client.get(&url).send().await.expect("no request is refused");
                assert_eq!(answer.status().as_u16(), 200);
                closed += usize::from(answer.headers().get("connection").is_some_and(|said| said == "close"));
                served += 1;
                answer.bytes().await.expect("no answer is cut off");
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
            (served, closed)
        });
    }
    api.signal("-TERM").await;
    eventually("it says that it ends", LIMIT, async || {
        (api.ready().await == Some(503)).then_some(())
    })
    .await;
    tokio::time::sleep(LATE).await;
    routed.store(false, Ordering::SeqCst);
    for (served, closed) in clients.join_all().await {
        assert!(
            served > 5 && closed > 0,
            "{served} served, {closed} told to go elsewhere"
        );
    }
    let ended = tokio::time::timeout(LIMIT, api.child.wait()).await.expect("it ends");
    assert!(ended.unwrap().success());
}

#[tokio::test]
async fn without_a_delay_it_ends_at_once() {
    let stand = Stand::new().await;
    let mut api = stand.api([("SHUTDOWN_DELAY_SECONDS", "0")]).await;
    api.signal("-TERM").await;
    let ended = tokio::time::timeout(LIMIT, api.child.wait()).await.expect("it ends");
    assert!(ended.unwrap().success());
    assert_eq!(api.ready().await, None);
}
