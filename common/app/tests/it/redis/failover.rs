//! One address behind which another server becomes the primary, while old connections stay open.

use std::time::Duration;

use connect::redis::Redis;
use testing::eventually::eventually;
use testing::proxy::TestProxy;
use testing::redis::TestRedis;

use crate::redis::{TEN_SECONDS, connect, set, until_written};

#[tokio::test]
async fn after_each_of_two_failovers_writes_reach_the_primary() {
    let (a, b) = tokio::join!(TestRedis::start(), TestRedis::start());
    let proxy = TestProxy::start(a.port()).await;
    let redis = connect(&format!("redis://{}/", proxy.address()));
    set(&redis, "it", "first").await.unwrap();
    for (new, old, value) in [(&b, &a, "second"), (&a, &b, "third")] {
        new.follow(old).await;
        new.lead().await;
        old.follow(new).await;
        proxy.point_at(new.port());
        until_written(&redis, value).await;
        assert_eq!(new.ask::<String>(&["GET", "it"]).await, value);
    }
}

#[tokio::test]
async fn a_client_that_waits_on_a_primary_that_becomes_a_replica_goes_on_at_the_new_one() {
    let (a, b) = tokio::join!(TestRedis::start(), TestRedis::start());
    let proxy = TestProxy::start(a.port()).await;
    let redis = connect(&format!("redis://{}/", proxy.address()));
    let waiting = tokio::spawn(until_popped(redis));
    eventually("somebody who waits", TEN_SECONDS, async || {
        let clients: String = a.ask(&["INFO", "clients"]).await;
        clients.contains("blocked_clients:1").then_some(())
    })
    .await;
    b.follow(&a).await;
    b.lead().await;
    proxy.point_at(b.port());
    a.follow(&b).await;
    let _: i64 = b.ask(&["RPUSH", "list", "entry"]).await;
    let popped = tokio::time::timeout(TEN_SECONDS, waiting).await;
    assert_eq!(popped.expect("an entry within ten seconds").unwrap(), "entry");
}

/// Pops as the intake does, until there is something.
async fn until_popped(mut redis: Redis) -> String {
    let mut command = redis::cmd("BLMPOP");
    command.arg(1).arg(1).arg("list").arg("LEFT");
    loop {
        let popped: Result<Option<(String, [String; 1])>, _> = command.query_async(&mut redis).await;
        match popped {
            Ok(Some((_, [entry]))) => return entry,
            Ok(None) => {}
            Err(_) => tokio::time::sleep(Duration::from_millis(50)).await,
        }
    }
}

#[tokio::test]
async fn a_standby_takes_over_though_the_old_server_still_takes_writes() {
    let (old, standby) = tokio::join!(TestRedis::start(), TestRedis::start());
    let proxy = TestProxy::start(old.port()).await;
    let redis = connect(&format!("redis://{}/", proxy.address()));
    set(&redis, "it", "old").await.unwrap();
    proxy.point_at(standby.port());
    eventually("a write on the standby", TEN_SECONDS, async || {
        set(&redis, "it", "new").await.unwrap();
        let found: Option<String> = standby.ask(&["GET", "it"]).await;
        (found.as_deref() == Some("new")).then_some(())
    })
    .await;
}

#[tokio::test]
async fn a_server_that_does_not_answer_is_left_although_no_call_waits_for_long() {
    let (old, new) = tokio::join!(TestRedis::start(), TestRedis::start());
    let proxy = TestProxy::start(old.port()).await;
    let redis = connect(&format!("redis://{}/", proxy.address()));
    set(&redis, "it", "old").await.unwrap();
    old.signal("STOP").await;
    proxy.point_at(new.port());
    eventually("a write on the new server", TEN_SECONDS, async || {
        let timeout = Duration::from_millis(100);
        tokio::time::timeout(timeout, set(&redis, "it", "new")).await.ok()?.ok()
    })
    .await;
    assert_eq!(new.ask::<String>(&["GET", "it"]).await, "new");
}
