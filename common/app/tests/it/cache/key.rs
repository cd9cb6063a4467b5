//! API keys from memory.

use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use app::cache::Cache;
use app::rate_limit::RateLimits;
use chrono::{DateTime, TimeDelta, Utc};
use domain::rate_limit::{Class, Limit, Limits, PartnerTier, Terms};
use sha2::{Digest, Sha256};
use sqlx::PgPool;
use sqlx::postgres::PgSslMode;
use testing::proxy::{Manner, TestProxy};
use testing::redis::TestRedis;
use testing::round_trips::RoundTrips;
use testing::world::World;

use crate::cache::support::{NEVER, Stand};

/// Requests of an address without a live key that pass.
const QUOTA: u32 = 4;

/// The limits of a process whose live keys are those of a cache.
fn limits(pool: &PgPool, cache: &Arc<Cache>, redis_url: String, timeout: Duration) -> RateLimits {
    let terms = Terms {
        standard: Limits::of_tier(PartnerTier::Standard),
        premium: Limits::of_tier(PartnerTier::Premium),
        address: Limits::all(Limit::new(QUOTA, 3_600).unwrap()),
        timeout,
    };
    let redis = connect::redis::connect(&redis_url.into()).unwrap();
    RateLimits::new(pool.clone(), Arc::clone(cache), redis, "local", &[7; 32], terms, None)
}

fn address() -> IpAddr {
    IpAddr::from([192, 0, 2, 1])
}

fn hash(key: &str) -> [u8; 32] {
    Sha256::digest(key.as_bytes()).into()
}

#[tokio::test]
async fn keys_work_from_their_commit_to_their_revocation_in_their_environment() {
    let stand = Stand::new().await;
    let cache = stand.looking().await;
    let mut conn = stand.db.pool.acquire().await.unwrap();
    let mut world = World::new(&mut conn, stand.clock.now()).await;
    let partner_id = stand.sold.partner_id;
    let (ours, other) = (
        world.key(partner_id, "local").await,
        world.key(partner_id, "production").await,
    );
    assert!(cache.key(&hash(&ours)).is_none());
    stand.seats(&cache).await;
    let key = cache.key(&hash(&ours)).unwrap();
    assert_eq!(key.partner_id, partner_id);
    assert!(cache.key(&hash(&other)).is_none(), "of another environment");
    db::api_key::revoke(&mut conn, partner_id, key.id, stand.clock.now())
        .await
        .unwrap();
    stand.seats(&cache).await;
    assert!(cache.key(&hash(&ours)).is_none());
    assert_eq!(cache.lag().loads, 1);
}

#[tokio::test]
async fn made_up_keys_leave_nothing_behind_and_ask_no_server() {
    let stand = Stand::new().await;
    let cache = stand.cache(NEVER);
    cache.fresh(&stand.db.pool).await.unwrap();
    let before = cache.keys();
    for number in 0..10_000 {
        cache.recent(&stand.db.pool).await.unwrap();
        assert_eq!(cache.use_key(&hash(&number.to_string()), stand.clock.now()), None);
    }
    assert_eq!((cache.keys(), cache.lag().looks), (before, 1));
}

#[tokio::test]
async fn a_use_is_written_once_a_minute_and_never_backwards() {
    let stand = Stand::new().await;
    let mut conn = stand.db.pool.acquire().await.unwrap();
    let key = World::new(&mut conn, stand.clock.now())
        .await
        .key(stand.sold.partner_id, "local")
        .await;
    let (cache, other) = (stand.looking().await, stand.looking().await);
    let written = async || {
        cache.uses().flush(&stand.db.pool).await.unwrap();
        other.uses().flush(&stand.db.pool).await.unwrap();
        sqlx::query_scalar::<_, Option<DateTime<Utc>>>("select last_used_at from api_keys")
            .fetch_one(&stand.db.pool)
            .await
            .unwrap()
    };
    let start = stand.clock.now();
    let used = |seconds| cache.use_key(&hash(&key), start + TimeDelta::seconds(seconds)).unwrap();
    assert_eq!(written().await, None);
    for (seconds, expected) in [(0, 0), (30, 0), (60, 0), (61, 61), (62, 61), (200, 200)] {
        used(seconds);
        let expected = Some(start + TimeDelta::seconds(expected));
        assert_eq!(written().await, expected, "{seconds}");
    }
    other.use_key(&hash(&key), start + TimeDelta::seconds(100)).unwrap();
    assert_eq!(written().await, Some(start + TimeDelta::seconds(200)));
    stand.seats(&cache).await;
    assert_eq!(cache.lag().looks, 2);
    let changes = "select count(*) from changes where kind = 'key'";
    let changes: i64 = sqlx::query_scalar(changes).fetch_one(&stand.db.pool).await.unwrap();
    assert_eq!(changes, 1, "a use is no change of the key");
}

#[tokio::test]
async fn made_up_keys_cost_the_rate_limits_no_statement_and_count_against_the_address() {
    let (stand, redis) = tokio::join!(Stand::new(), TestRedis::start());
    let options = (*stand.db.pool.connect_options()).clone();
    let proxy = RoundTrips::start(options.get_host().to_owned(), options.get_port()).await;
    let options = options.host("127.0.0.1").port(proxy.address().port());
    let pool = PgPool::connect_lazy_with(options.ssl_mode(PgSslMode::Disable));
    let cache = stand.cache(NEVER);
    cache.fresh(&pool).await.unwrap();
    let limits = limits(&pool, &cache, redis.url(), Duration::from_secs(30));
    let before = proxy.count();
    for number in 0..200 {
        let subject = limits.identify(Some(&format!("made up {number}")), address()).await;
        assert_eq!(subject.partner_id, None);
        let (_, verdict) = limits.admit(&subject, Class::Read).await.unwrap();
        assert_eq!(verdict.allowed, number < QUOTA, "{number}");
    }
    assert_eq!((proxy.count(), cache.lag().looks), (before, 1));
}

#[tokio::test]
async fn a_database_that_stands_still_switches_no_limit_off() {
    let stand = Stand::new().await;
    let mut conn = stand.db.pool.acquire().await.unwrap();
    let mut world = World::new(&mut conn, stand.clock.now()).await;
    let partner_id = stand.sold.partner_id;
    let (known, unread) = (
        world.key(partner_id, "local").await,
        world.key(partner_id, "local").await,
    );
    let options = (*stand.db.pool.connect_options()).clone();
    let proxy = TestProxy::start(options.get_port()).await;
    let pool = PgPool::connect_lazy_with(options.host("127.0.0.1").port(proxy.address().port()));
    let cache = stand.cache(NEVER);
    cache.fresh(&pool).await.unwrap();
    let limits = limits(
        &pool,
        &cache,
        "redis://127.0.0.1:1/".to_owned(),
        Duration::from_millis(100),
    );
    let subject = limits.identify(Some(&known), address()).await;
    assert_eq!(subject.partner_id, Some(partner_id));
    // Until what is known of the key has to be read again before use.
    tokio::time::sleep(Duration::from_secs(1)).await;
    proxy.behave(Manner::HalfOpen);
    assert_eq!(limits.identify(Some(&known), address()).await, subject);
    let nobody = limits.identify(None, address()).await;
    assert_eq!(limits.identify(Some(&unread), address()).await, nobody);
}
