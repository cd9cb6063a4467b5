use std::time::Duration;

use app::api_key::key_text;
use app::rate_limit;
use domain::rate_limit::{Class, Limit, PartnerTier};
use serde_json::json;
use testing::world::operator;

use crate::limits::support::{Replicas, limits};

#[tokio::test]
async fn requests_without_a_live_key_are_counted_by_address() {
    let replicas = Replicas::open(1, &[("rate_limits_address", json!("read=4/3600"))]).await;
    let partner = replicas.partner("reseller").await;
    let revoked = replicas.key(partner).await;
    sqlx::raw_sql("update api_keys set revoked_at = now()")
        .execute(&replicas.db.pool)
        .await
        .unwrap();
    let elsewhere = key_text("staging", [3; 32]);
    let made_up: Vec<String> = (0..40).map(|_| key_text("local", rand::random())).collect();
    let mut seen = vec![replicas.get(0, "/v2/bookings", &[]).await];
    for key in [&revoked, &elsewhere].into_iter().chain(&made_up) {
        seen.push(replicas.get(0, "/v2/bookings", &[("x-api-key", key)]).await);
    }
    for (number, seen) in seen.iter().enumerate() {
        let left = 3_u64.saturating_sub(number as u64);
        assert_eq!(limits(seen), Some(("read".to_owned(), 4, 3_600, left, 900)), "{number}");
        let expected = if number < 4 {
            (401, "UNAUTHORIZED")
        } else {
            (429, "RATE_LIMITED")
        };
        assert_eq!((seen.status, seen.code()), expected, "{number}");
    }
    let names = replicas.names().await;
    assert_eq!(names.len(), 1, "{names:?}");
    assert!(!names[0].contains("127.0.0.1"), "{names:?}");
    // Two headers do not count as a key; a live key is not affected.
    let two = [("x-api-key", "a"), ("x-api-key", "b")];
    replicas.get(0, "/v2/bookings", &two).await.status(429);
    let live = replicas.key(partner).await;
    replicas
        .get(0, "/v2/bookings", &[("x-api-key", &live)])
        .await
        .status(200);
}

#[tokio::test]
async fn people_are_counted_by_address_whatever_key_they_show() {
    let replicas = Replicas::open(1, &[("rate_limits_address", json!("read=2/3600 write=1/3600"))]).await;
    let key = replicas.key(replicas.partner("reseller").await).await;
    let get = async || replicas.get(0, "/v2/orders", &[("x-api-key", &key)]).await;
    assert_eq!(limits(&get().await), Some(("read".to_owned(), 2, 3_600, 1, 1_800)));
    get().await.status(401);
    let over = get().await;
    over.refused(429, "RATE_LIMITED");
    let sign_in = async || {
        replicas
            .send(0, reqwest::Method::POST, "/v2/auth/login", &[], "{}")
            .await
    };
    assert_eq!(limits(&sign_in().await), Some(("write".to_owned(), 1, 3_600, 0, 3_600)));
    sign_in().await.status(429);
    // The quota of the key is not affected.
    replicas
        .get(0, "/v2/bookings", &[("x-api-key", &key)])
        .await
        .status(200);
}

#[tokio::test]
async fn addresses_are_those_that_trusted_proxies_name() {
    let settings = [
        ("rate_limits_address", json!("catalogue=1/3600")),
        ("trusted_proxies", json!("127.0.0.1")),
    ];
    let replicas = Replicas::open(1, &settings).await;
    let status = async |address: &str| {
        let headers = [("x-forwarded-for", address)];
        replicas.get(0, "/v2/cities", &headers).await.status
    };
    for (address, expected) in [
        ("192.0.2.1", 200),
        ("192.0.2.1", 429),
        ("192.0.2.2", 200),
        // An IPv6 client is counted by its /64.
        ("2001:db8::1", 200),
        ("2001:db8::ffff:2", 429),
        ("2001:db8:0:1::1", 200),
        // The first address was made up by the client; the proxy appended the second.
        ("203.0.113.9, 192.0.2.2", 429),
    ] {
        assert_eq!(status(address).await, expected, "{address}");
    }
    let untrusting = Replicas::open(1, &settings[..1]).await;
    for (address, expected) in [("192.0.2.1", 200), ("192.0.2.2", 429)] {
        let headers = [("x-forwarded-for", address)];
        assert_eq!(untrusting.get(0, "/v2/cities", &headers).await.status, expected);
    }
}

#[tokio::test]
async fn limits_follow_the_tier_and_what_was_agreed_with_the_partner() {
    let settings = [
        ("rate_limits_standard", json!("search=10/60 write=5/60")),
        ("rate_limits_premium", json!("search=20/60")),
    ];
    let replicas = Replicas::open(2, &settings).await;
    let (plain, rich) = (replicas.partner("plain").await, replicas.partner("rich").await);
    let (plain_key, rich_key) = (replicas.key(plain).await, replicas.key(rich).await);
    let now = replicas.clock.now();
    let own = [(Class::Read, Limit::new(7, 30).unwrap())];
    rate_limit::set(
        &replicas.db.pool,
        now,
        &operator(),
        rich,
        Some(PartnerTier::Premium),
        &own,
    )
    .await
    .unwrap();
    let policy = async |replica: usize, path: &str, key: &str| {
        let seen = replicas.get(replica, path, &[("x-api-key", key)]).await;
        seen.header("ratelimit-policy").to_owned()
    };
    assert_eq!(policy(0, "/v2/offers", &plain_key).await, r#""search";q=10;w=60"#);
    assert_eq!(policy(0, "/v2/bookings", &plain_key).await, r#""read";q=20000;w=10"#);
    assert_eq!(policy(0, "/v2/offers", &rich_key).await, r#""search";q=20;w=60"#);
    assert_eq!(policy(1, "/v2/bookings", &rich_key).await, r#""read";q=7;w=30"#);
    let usage = replicas.get(0, "/v2/partner/usage", &[("x-api-key", &rich_key)]).await;
    assert_eq!(usage.body["data"]["tier"], "PREMIUM");
    assert_eq!(
        usage.body["data"]["limits"],
        json!([
            { "class": "catalogue", "quota": 100_000, "windowSeconds": 10 },
            { "class": "search", "quota": 20, "windowSeconds": 60 },
            { "class": "read", "quota": 7, "windowSeconds": 30 },
            { "class": "write", "quota": 100_000, "windowSeconds": 10 },
        ])
    );
}

#[tokio::test]
async fn a_limit_that_is_changed_or_set_again_holds_within_a_second_on_every_replica_with_a_whole_quota() {
    let replicas = Replicas::open(2, &[("rate_limits_standard", json!("search=2/86400"))]).await;
    let partner = replicas.partner("reseller").await;
    let key = replicas.key(partner).await;
    let ask = async |replica: usize| {
        let seen = replicas.get(replica, "/v2/offers", &[("x-api-key", &key)]).await;
        let (_, quota, window, remaining, wait) = limits(&seen).unwrap();
        (seen.status, quota, window, remaining, wait)
    };
    let set = async |own: &[(Class, Limit)], tier| {
        rate_limit::set(&replicas.db.pool, replicas.clock.now(), &operator(), partner, tier, own)
            .await
            .unwrap();
        // A replica uses what it knows for at most a second, as documented.
        tokio::time::sleep(Duration::from_secs(1)).await;
    };
    // Both replicas know the key, and the daily quota is used up.
    assert_eq!(ask(0).await, (400, 2, 86_400, 1, 43_200));
    assert_eq!(ask(1).await, (400, 2, 86_400, 0, 43_200));
    for replica in [0, 1] {
        assert_eq!(ask(replica).await.0, 429);
    }
    // A limit of its own with the same window: nothing of the debt remains.
    let own = |quota, window| [(Class::Search, Limit::new(quota, window).unwrap())];
    set(&own(4, 86_400), None).await;
    assert_eq!(ask(1).await, (400, 4, 86_400, 3, 21_600));
    for (replica, left) in [(0, 2), (1, 1), (0, 0)] {
        assert_eq!(ask(replica).await, (400, 4, 86_400, left, 21_600));
    }
    assert_eq!(ask(1).await.0, 429);
    // Setting the same limit again gives the partner a full quota.
    set(&own(4, 86_400), None).await;
    assert_eq!(ask(0).await, (400, 4, 86_400, 3, 21_600));
    // A shorter window, and then the limit of the tier again.
    set(&own(1, 60), None).await;
    assert_eq!(ask(0).await, (400, 1, 60, 0, 60));
    assert_eq!(ask(1).await, (429, 1, 60, 0, 60));
    set(&[], None).await;
    assert_eq!(ask(1).await, (400, 2, 86_400, 1, 43_200));
    assert_eq!(ask(0).await, (400, 2, 86_400, 0, 43_200));
}

#[tokio::test]
async fn a_limit_that_is_changed_in_the_settings_begins_with_a_whole_quota() {
    let before = Replicas::open(1, &[("rate_limits_address", json!("catalogue=1/86400"))]).await;
    let ask = async |replicas: &Replicas| replicas.get(0, "/v2/cities", &[]).await.status;
    assert_eq!([ask(&before).await, ask(&before).await], [200, 429]);
    let url = json!(before.redis.url());
    let after = Replicas::open(
        1,
        &[("rate_limits_address", json!("catalogue=2/86400")), ("redis_url", url)],
    )
    .await;
    assert_eq!(
        [ask(&after).await, ask(&after).await, ask(&after).await],
        [200, 200, 429]
    );
}

#[tokio::test]
async fn known_keys_keep_their_limits_without_the_database() {
    let replicas = Replicas::open(1, &[("rate_limits_standard", json!("catalogue=5/3600"))]).await;
    let key = replicas.key(replicas.partner("reseller").await).await;
    let left = async || {
        let seen = replicas.get(0, "/v2/cities", &[("x-api-key", &key)]).await;
        limits(&seen).map(|limits| limits.3)
    };
    assert_eq!(left().await, Some(4));
    replicas.db.pool.close().await;
    // Until what the replica knows is too old to be used without a refresh.
    tokio::time::sleep(Duration::from_secs(1)).await;
    assert_eq!([left().await, left().await], [Some(3), Some(2)]);
}
