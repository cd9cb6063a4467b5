use std::time::Duration;

use common::testing::eventually::eventually;
use serde_json::json;

use crate::support::{Replicas, limits};

const LONG: Duration = Duration::from_secs(30);

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
    let passed: u64 = replicas.states.iter().map(|state| state.rate_limits.unlimited()).sum();
    assert_eq!(passed, 40);

    replicas.redis.restart().await;
    for replica in [0, 1] {
        eventually("limits again", LONG, || async {
            limits(&replicas.get(replica, "/v2/stops", &key).await)
        })
        .await;
    }
    // It came back empty; what passed since both replicas ask again is counted.
    eventually("the quota is used up", LONG, || async {
        let seen = replicas.get(0, "/v2/cities", &key).await;
        (seen.status == 429).then_some(())
    })
    .await;
    assert_eq!(replicas.get(1, "/v2/cities", &key).await.status, 429);
    // All were counted as requests, whoever was away.
    replicas.flush().await;
    let seen = replicas.get(0, "/v2/partner/usage", &key).await;
    assert!(seen.body["data"]["sum"]["requests"]["catalogue"].as_u64().unwrap() >= 43);
}
