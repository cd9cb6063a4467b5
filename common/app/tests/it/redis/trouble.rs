//! What a server may say of itself.

use rstest::rstest;
use testing::proxy::TestProxy;
use testing::redis::TestRedis;

use crate::redis::{connect, set, until_written};

/// Each way of refusing writes, and a command that is refused then. Commands that bring it about come first.
#[rstest]
#[case::too_few_replicas(&["CONFIG SET min-replicas-to-write 1"], "NOREPLICAS")]
#[case::no_memory(&["CONFIG SET maxmemory 1"], "OOM")]
#[case::no_disk(&["CONFIG SET dir /proc", "SET a 1", "BGSAVE"], "MISCONF")]
#[case::a_replica_without_a_primary(&["REPLICAOF 127.0.0.1 1"], "READONLY")]
#[case::a_stale_replica(
    &["CONFIG SET replica-read-only no", "CONFIG SET replica-serve-stale-data no", "REPLICAOF 127.0.0.1 1"],
    "MASTERDOWN"
)]
#[tokio::test]
async fn a_server_that_refuses_writes_fails_the_proof_and_is_left(#[case] commands: &[&str], #[case] code: &str) {
    let old = TestRedis::start_with(&["--enable-protected-configs", "yes", "--save", "3600 1"]).await;
    let new = TestRedis::start().await;
    let proxy = TestProxy::start(old.port()).await;
    let redis = connect(&format!("redis://{}/", proxy.address()));
    redis.prove(&["it"]).await.unwrap();
    for command in commands {
        let _: redis::Value = old.ask(&command.split(' ').collect::<Vec<_>>()).await;
    }
    let error = testing::eventually::eventually(code, crate::redis::TEN_SECONDS, async || {
        redis
            .prove(&["it"])
            .await
            .err()
            .filter(|error| error.to_string().contains(code) || error.code() == Some(code))
    })
    .await;
    assert_eq!(
        process::health::problem_of_redis(&error),
        "Redis does not accept writes",
        "{error}"
    );
    proxy.point_at(new.port());
    until_written(&redis, "new").await;
    assert_eq!(new.ask::<String>(&["GET", "it"]).await, "new");
}

#[tokio::test]
async fn a_failed_command_keeps_the_connection() {
    let server = TestRedis::start().await;
    let redis = connect(&server.url());
    let id = async || -> i64 {
        let mut asked = redis::cmd("CLIENT");
        asked.arg("ID").query_async(&mut redis.clone()).await.unwrap()
    };
    let before = id().await;
    set(&redis, "it", "text").await.unwrap();
    let wrong: Result<i64, _> = redis::cmd("LLEN").arg("it").query_async(&mut redis.clone()).await;
    assert_eq!(wrong.unwrap_err().code(), Some("WRONGTYPE"));
    let unknown: Result<i64, _> = redis::cmd("NOSUCH").query_async(&mut redis.clone()).await;
    assert_eq!(unknown.unwrap_err().code(), Some("ERR"));
    assert_eq!(id().await, before);
}

#[tokio::test]
async fn the_mark_of_a_proof_vanishes_by_itself() {
    let server = TestRedis::start().await;
    connect(&server.url())
        .prove(&["jobs:email", "jobs:epoch"])
        .await
        .unwrap();
    for key in ["ready:{jobs:email}", "ready:{jobs:epoch}"] {
        let left: i64 = server.ask(&["PTTL", key]).await;
        assert!((1..=10_000).contains(&left), "{key} {left}");
    }
}
