//! A cluster of three nodes: a client that is given any of them uses them all.

use testing::eventually::eventually;
use testing::redis::TestCluster;

use crate::redis::{TEN_SECONDS, connect, set};

/// Keys on each of the nodes.
const KEYS: [&str; 7] = [
    "jobs:email",
    "jobs:viber",
    "jobs:sweep",
    "jobs:report",
    "jobs:geo",
    "jobs:timetable",
    "jobs:epoch",
];

async fn lengths(redis: &connect::redis::Redis) -> Result<Vec<i64>, redis::RedisError> {
    let mut look = redis::pipe();
    for key in &KEYS[..6] {
        look.cmd("LLEN").arg(key);
    }
    look.query_async(&mut redis.clone()).await
}

#[tokio::test]
async fn a_cluster_is_recognised_from_the_url_of_one_node() {
    let cluster = TestCluster::start().await;
    // One node, as a URL for a single server names it: what it is part of shows when it is asked.
    for url in [cluster.url(), cluster.nodes[1].url()] {
        let redis = connect(&url);
        redis.prove(&KEYS).await.unwrap();
        for (number, key) in KEYS[..6].iter().enumerate() {
            let mut push = redis::cmd("RPUSH");
            push.arg(key).arg(vec!["entry"; number + 1]);
            let _: i64 = push.query_async(&mut redis.clone()).await.unwrap();
        }
        assert_eq!(lengths(&redis).await.unwrap(), [1, 2, 3, 4, 5, 6]);
        for key in &KEYS[..6] {
            let mut pop = redis::cmd("BLMPOP");
            pop.arg(1).arg(1).arg(key).arg("LEFT").arg("COUNT").arg(9);
            let popped: Option<(String, Vec<String>)> = pop.query_async(&mut redis.clone()).await.unwrap();
            assert_eq!(popped.unwrap().0, *key);
        }
    }
    let sizes = futures::future::join_all(cluster.nodes.iter().map(|node| node.ask::<i64>(&["DBSIZE"]))).await;
    assert!(
        sizes.iter().all(|size| *size > 0),
        "the keys are on all nodes: {sizes:?}"
    );
}

#[tokio::test]
async fn a_node_that_dies_and_comes_back_is_used_again() {
    let mut cluster = TestCluster::start().await;
    let redis = connect(&cluster.url());
    redis.prove(&KEYS).await.unwrap();
    cluster.nodes[0].kill().await;
    eventually("a proof that fails", TEN_SECONDS, async || {
        redis.prove(&KEYS).await.err()
    })
    .await;
    cluster.nodes[0].restart().await;
    cluster.agree().await;
    eventually("a proof that holds", TEN_SECONDS, async || {
        redis.prove(&KEYS).await.ok()
    })
    .await;
}

#[tokio::test]
async fn a_replica_that_takes_over_is_found() {
    let cluster = TestCluster::start().await;
    let replica = cluster.add_replica().await;
    let redis = connect(&cluster.url());
    redis.prove(&KEYS).await.unwrap();
    // Orderly: the old primary lives on as a replica.
    cluster.hand_over(&replica).await;
    eventually("a proof that holds", TEN_SECONDS, async || {
        redis.prove(&KEYS).await.ok()
    })
    .await;
    set(&redis, "jobs:epoch", "x").await.unwrap();
    // Back by force: the one that had taken over is killed.
    drop(replica);
    let first = &cluster.nodes[0];
    cluster.until_primary(first).await;
    eventually("a proof that holds", TEN_SECONDS, async || {
        redis.prove(&KEYS).await.ok()
    })
    .await;
}
