//! Nudges of the relay.

use std::time::Duration;

use ledger::delivery::NUDGES_KEY;
use ledger::nudge::{self, Nudge};
use testing::eventually::eventually;
use testing::redis::{TestCluster, TestRedis};
use tokio::time::timeout;

use crate::redis::connect;

/// For hangs only.
const LIMIT: Duration = Duration::from_secs(60);

/// Longer than any test.
const LONG: Duration = Duration::from_hours(1);

#[tokio::test]
async fn a_nudge_wakes_present_and_later_waiters_on_one_server_and_on_a_cluster() {
    let (server, cluster) = (TestRedis::start().await, TestCluster::start().await);
    for url in [server.url(), cluster.url()] {
        let (nudge, nudged) = (Nudge::new(connect(&url)), connect(&url));
        let waiting = tokio::spawn({
            let nudged = nudged.clone();
            async move { nudge::wait(&nudged, LONG).await }
        });
        nudge.send();
        timeout(LIMIT, waiting).await.unwrap().unwrap().unwrap();
        nudge.send();
        timeout(LIMIT, nudge::wait(&nudged, LONG)).await.unwrap().unwrap();
    }
}

#[tokio::test]
async fn nudges_that_wait_stay_few_and_are_taken_together() {
    let redis = TestRedis::start().await;
    let (nudge, nudged) = (Nudge::new(connect(&redis.url())), connect(&redis.url()));
    let pushes = async || {
        let stats: String = redis.ask(&["INFO", "commandstats"]).await;
        let line = stats.lines().find_map(|line| line.strip_prefix("cmdstat_lpush:calls="));
        line.and_then(|line| line.split(',').next()?.parse().ok())
            .unwrap_or(0_i32)
    };
    eventually("many nudges", LIMIT, async || {
        nudge.send();
        (pushes().await > 40).then_some(())
    })
    .await;
    let length = async || redis.ask::<i64>(&["LLEN", NUDGES_KEY]).await;
    // One more between a push and its trim.
    assert!((1..=17).contains(&length().await));
    eventually("all are taken", LIMIT, async || {
        nudge::wait(&nudged, LONG).await.unwrap();
        (length().await == 0).then_some(())
    })
    .await;
    nudge::wait(&nudged, Duration::from_millis(1)).await.unwrap();
}

#[tokio::test]
async fn a_failed_nudge_is_harmless_and_the_next_one_is_sent() {
    let mut redis = TestRedis::start().await;
    let nudge = Nudge::new(connect(&redis.url()));
    redis.kill().await;
    nudge.send();
    redis.restart().await;
    eventually("a nudge", LIMIT, async || {
        nudge.send();
        (redis.ask::<i64>(&["LLEN", NUDGES_KEY]).await > 0).then_some(())
    })
    .await;
}
