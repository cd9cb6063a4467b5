//! Sentinels say where the primary is.

use testing::eventually::eventually;
use testing::redis::{TestRedis, TestSentinel};

use crate::redis::{TEN_SECONDS, connect, set, until_written};

#[tokio::test]
async fn writes_follow_the_primary_that_the_sentinel_chooses() {
    let (mut primary, replica) = tokio::join!(TestRedis::start(), TestRedis::start());
    replica.follow(&primary).await;
    let sentinel = TestSentinel::start(&primary).await;
    let redis = connect(&sentinel.url());
    set(&redis, "it", "first").await.unwrap();
    assert_eq!(primary.ask::<String>(&["GET", "it"]).await, "first");
    primary.kill().await;
    sentinel.until_primary(&replica).await;
    until_written(&redis, "second").await;
    assert_eq!(replica.ask::<String>(&["GET", "it"]).await, "second");
    // The old one comes back as a primary until the Sentinel demotes it; no client goes back to it.
    primary.restart().await;
    until_written(&redis, "third").await;
    assert_eq!(replica.ask::<String>(&["GET", "it"]).await, "third");
}

#[tokio::test]
async fn a_failover_that_was_asked_for_is_followed_though_the_old_primary_lives() {
    let (primary, replica) = tokio::join!(TestRedis::start(), TestRedis::start());
    replica.follow(&primary).await;
    let sentinel = TestSentinel::start(&primary).await;
    let redis = connect(&sentinel.url());
    set(&redis, "it", "first").await.unwrap();
    sentinel.fail_over().await;
    sentinel.until_primary(&replica).await;
    // For a moment the old one takes writes still.
    eventually("a write on the new primary", TEN_SECONDS, async || {
        set(&redis, "it", "second").await.ok()?;
        let found: Option<String> = replica.ask(&["GET", "it"]).await;
        (found.as_deref() == Some("second")).then_some(())
    })
    .await;
}

#[tokio::test]
async fn wrong_names_are_reported() {
    let (primary, replica) = tokio::join!(TestRedis::start(), TestRedis::start());
    replica.follow(&primary).await;
    let sentinel = TestSentinel::start(&primary).await;
    let address = sentinel.url();
    let other = connect(&address.replace("/main", "/other"));
    let problem = set(&other, "it", "x").await.unwrap_err().to_string();
    assert!(problem.contains("Master with given name not found"), "{problem}");
    let plain = address.replace("redis-sentinel", "redis").replace("/main", "/");
    let problem = set(&connect(&plain), "it", "x").await.unwrap_err().to_string();
    assert!(problem.contains("redis-sentinel://host:port/primary"), "{problem}");
}
