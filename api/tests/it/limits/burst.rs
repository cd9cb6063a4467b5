use chrono::TimeDelta;
use futures::StreamExt as _;
use serde_json::json;

use crate::harness::answer::Seen;
use crate::limits::support::{Replicas, limits};

const QUOTA: u64 = 500;

async fn storm(replicas: &Replicas, key: &str, requests: usize) -> Vec<Seen> {
    let one = |number: usize| async move { replicas.get(number % 2, "/v2/cities", &[("x-api-key", key)]).await };
    futures::stream::iter(0..requests)
        .map(one)
        .buffer_unordered(32)
        .collect()
        .await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_thousands_at_once_through_two_replicas_exactly_the_quota_passes() {
    let replicas = Replicas::open(2, &[("rate_limits_standard", json!("catalogue=500/3600"))]).await;
    let partner = replicas.partner("busy").await;
    let key = replicas.key(partner).await;
    // Each replica has looked the key up before the burst: a request whose key cannot be looked up in time counts
    // against the address.
    let mut seen = storm(&replicas, &key, 2).await;
    seen.extend(storm(&replicas, &key, 2_998).await);

    // Each request that passed was given another number of remaining requests: none was counted twice or left out.
    let mut left = Vec::new();
    for answer in &seen {
        let (class, quota, window, remaining, wait) = limits(answer).expect("headers");
        assert_eq!((&*class, quota, window), ("catalogue", QUOTA, 3_600));
        if answer.status == 200 {
            left.push(remaining);
        } else {
            assert_eq!((answer.status, answer.code(), remaining), (429, "RATE_LIMITED", 0));
            assert_eq!(
                (answer.header("retry-after"), wait),
                ("8", 8),
                "7.2 seconds, rounded up"
            );
        }
    }
    left.sort_unstable();
    assert_eq!(left, (0..QUOTA).collect::<Vec<_>>());

    // After the time given, one more request passes, on either replica. A microsecond earlier, none does.
    replicas.clock.advance(TimeDelta::microseconds(7_199_999));
    replicas.get(0, "/v2/cities", &[("x-api-key", &key)]).await.status(429);
    replicas.clock.advance(TimeDelta::microseconds(1));
    let again: Vec<u16> = storm(&replicas, &key, 50)
        .await
        .iter()
        .map(|seen| seen.status)
        .collect();
    assert_eq!(again.iter().filter(|status| **status == 200).count(), 1, "{again:?}");

    // After another whole window the quota is full again.
    replicas.clock.advance(TimeDelta::seconds(3_600));
    let rested = replicas.get(1, "/v2/cities", &[("x-api-key", &key)]).await;
    assert_eq!(limits(&rested).expect("headers").3, QUOTA - 1);

    replicas.flush().await;
    let usage = replicas.get(0, "/v2/partner/usage", &[("x-api-key", &key)]).await;
    let requests = &usage.body["data"]["sum"]["requests"];
    assert_eq!(requests["catalogue"], 3_052, "{}", usage.body);
    assert_eq!(requests["limited"], 2_500 + 1 + 49);
}

#[tokio::test]
async fn classes_do_not_share_and_another_key_brings_no_more() {
    let replicas = Replicas::open(1, &[("rate_limits_standard", json!("catalogue=1/3600 read=2/3600"))]).await;
    let partner = replicas.partner("two-keys").await;
    let (one, other) = (replicas.key(partner).await, replicas.key(partner).await);
    let stranger = replicas.key(replicas.partner("another").await).await;
    let status = async |path: &str, key: &str| replicas.get(0, path, &[("x-api-key", key)]).await.status;
    assert_eq!(status("/v2/cities", &one).await, 200);
    assert_eq!(status("/v2/stops", &one).await, 429);
    let shared = replicas.get(0, "/v2/stops", &[("x-api-key", &other)]).await;
    assert_eq!((shared.status, limits(&shared).unwrap().3), (429, 0));
    for _ in 0..3 {
        assert_eq!(status("/v2/stops", &replicas.key(partner).await).await, 429);
    }
    assert_eq!(status("/v2/stops", &stranger).await, 200);
    assert_eq!(status("/v2/bookings", &one).await, 200);
    assert_eq!(status("/v2/partner/usage", &one).await, 200);
    assert_eq!(status("/v2/bookings", &one).await, 429);
    // Searches have their own quota; the operation refuses this one as incomplete.
    assert_eq!(status("/v2/offers", &one).await, 400);
}
