//! A throttle whose Redis is read by others, is away or hangs.

use std::time::Duration;

use app::throttle::Throttle;
use db::error::AppError;
use testing::eventually::eventually;
use testing::redis::TestRedis;

use super::{FEW, OLENA, SECRET, fail, fail_at, from, replica, replica_that_waits, succeed};

#[tokio::test]
async fn no_user_can_be_read_out_of_redis() {
    let redis = TestRedis::start().await;
    let throttle = replica(&redis, FEW);
    fail(&throttle, OLENA, from(1)).await;
    let client = redis::Client::open(redis.url()).unwrap();
    let mut conn = client.get_multiplexed_async_connection().await.unwrap();
    let keys: Vec<String> = redis::cmd("KEYS").arg("*").query_async(&mut conn).await.unwrap();
    assert_eq!(keys.len(), 3);
    succeed(&throttle, "petro@karpaty.example", from(2)).await.unwrap();
    fail_at(&throttle, 7, from(3)).await;
    let keys: Vec<String> = redis::cmd("KEYS").arg("*").query_async(&mut conn).await.unwrap();
    let mut kept = 0;
    for key in keys {
        let name = key.strip_prefix("{sign-in}:").unwrap();
        assert!(name.len() == 32 && name.bytes().all(|b| b.is_ascii_hexdigit()), "{key}");
        let left: i64 = redis::cmd("TTL").arg(&key).query_async(&mut conn).await.unwrap();
        kept += usize::from(left > 900);
        assert!((1..=30 * 86_400).contains(&left), "{key} ends in {left}");
    }
    assert_eq!(kept, 1, "the address at which somebody signed in");
}

#[tokio::test]
async fn without_redis_every_sign_in_may_be_tried_and_with_it_again_not() {
    let mut redis = TestRedis::start().await;
    let throttle = replica_that_waits(&redis, FEW, Duration::from_millis(100));
    let patient = replica(&redis, FEW);
    redis.kill().await;
    for tried in 1..=10 {
        let answer = fail(&throttle, OLENA, from(1)).await;
        assert!(matches!(answer, AppError::InvalidCredentials), "{answer:?}");
        succeed(&throttle, OLENA, from(1)).await.unwrap();
        assert_eq!(throttle.unthrottled(), 2 * tried);
    }
    redis.restart().await;
    eventually("failures are counted again", Duration::from_secs(30), async || {
        matches!(fail(&throttle, OLENA, from(1)).await, AppError::RateLimited(_)).then_some(())
    })
    .await;
    assert!(matches!(fail(&patient, OLENA, from(1)).await, AppError::RateLimited(_)));
}

#[tokio::test]
async fn a_redis_that_hangs_is_not_waited_for() {
    let silent = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("redis://{}/", silent.local_addr().unwrap());
    let redis = connect::redis::connect(&url.into()).unwrap();
    let throttle = Throttle::with(redis, SECRET, FEW, Duration::from_millis(50));
    succeed(&throttle, OLENA, from(1)).await.unwrap();
    assert_eq!(throttle.unthrottled(), 1);
}
