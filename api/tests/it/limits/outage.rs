use std::time::Duration;

use serde_json::{Value, json};
use testing::eventually::eventually;
use testing::proxy::TestProxy;
use testing::redis::TestRedis;

use crate::limits::support::{Replicas, limits};

const LONG: Duration = Duration::from_secs(60);

/// The time within which the platform promises to recover after any loss.
const TEN_SECONDS: Duration = Duration::from_secs(10);

#[tokio::test]
async fn without_redis_requests_pass_unlimited_and_answers_say_nothing() {
    let mut replicas = Replicas::open(2, &[("rate_limits_standard", json!("catalogue=2/3600"))]).await;
    let partner = replicas.partner("reseller").await;
    let key = replicas.key(partner).await;
    let key = [("x-api-key", key.as_str())];
    for expected in [200, 200, 429] {
        assert_eq!(replicas.get(0, "/v2/cities", &key).await.status, expected);
    }

    replicas.redis.kill().await;
    for number in 0..40 {
        let seen = replicas.get(number % 2, "/v2/cities", &key).await;
        assert_eq!((seen.status, limits(&seen)), (200, None), "{number}");
    }
    let passed: u64 = replicas.states().map(|state| state.rate_limits.unlimited()).sum();
    assert_eq!(passed, 40);

    replicas.redis.restart().await;
    for replica in [0, 1] {
        eventually("limits again", LONG, || async {
            limits(&replicas.get(replica, "/v2/stops", &key).await)
        })
        .await;
    }
    // Redis came back empty; requests count again once both replicas use it.
    eventually("the quota is used up", LONG, || async {
        let seen = replicas.get(0, "/v2/cities", &key).await;
        (seen.status == 429).then_some(())
    })
    .await;
    replicas.get(1, "/v2/cities", &key).await.status(429);
    // All were counted as requests, even during the outages.
    replicas.flush().await;
    let seen = replicas.get(0, "/v2/partner/usage", &key).await;
    assert!(seen.body["data"]["sum"]["requests"]["catalogue"].as_u64().unwrap() >= 43);
}

#[tokio::test]
async fn a_failover_switches_limits_off_for_seconds_and_the_probe_says_so() {
    let (old, new) = tokio::join!(TestRedis::start(), TestRedis::start());
    let proxy = TestProxy::start(old.port()).await;
    let redis_url = format!("redis://{}/", proxy.address());
    let replicas = Replicas::open(1, &[("redis_url", json!(redis_url))]).await;
    let says = async |degraded: Value| {
        eventually("what is degraded", TEN_SECONDS, async || {
            let seen = replicas.get(0, "/readyz", &[]).await;
            assert_eq!((seen.status, &seen.body["problems"]), (200, &json!([])));
            (seen.body["degraded"] == degraded).then_some(())
        })
        .await;
    };
    says(json!([])).await;
    old.follow(&new).await;
    says(json!(["requests are not limited", "sign-in is not throttled"])).await;
    assert_eq!(limits(&replicas.get(0, "/v2/cities", &[]).await), None);
    proxy.point_at(new.port());
    says(json!([])).await;
    assert!(limits(&replicas.get(0, "/v2/cities", &[]).await).is_some());
}
