//! Throttling of sign-in, on a real Redis, with several replicas.

#![expect(clippy::unwrap_used, reason = "a test ends where its world breaks")]

use std::net::IpAddr;
use std::time::Duration;

use common::app::throttle::Throttle;
use common::clients;
use common::domain::throttle::Limits;
use common::error::{AppError, AppResult};
use common::testing::eventually::eventually;
use common::testing::redis::TestRedis;
use futures::future::join_all;

const SECRET: &[u8] = b"0123456789abcdef0123456789abcdef";
const OLENA: &str = "olena@karpaty.example";

const FEW: Limits = Limits {
    account_from_address: 3,
    account: 5,
    address: 8,
    window: Duration::from_mins(15),
};

/// A replica with a connection of its own; it waits long enough for the slowest machine.
fn replica(redis: &TestRedis, limits: Limits) -> Throttle {
    replica_that_waits(redis, limits, Duration::from_secs(30))
}

fn replica_that_waits(redis: &TestRedis, limits: Limits, patience: Duration) -> Throttle {
    let redis = clients::redis::connect(&redis.url().into()).unwrap();
    Throttle::with(redis, SECRET, limits, patience)
}

fn from(number: u8) -> IpAddr {
    IpAddr::from([192, 0, 2, number])
}

async fn fail(throttle: &Throttle, email: &str, address: IpAddr) -> AppError {
    let wrong = async { Err::<(), _>(AppError::InvalidCredentials) };
    throttle.guard(Some(email), address, wrong).await.unwrap_err()
}

async fn succeed(throttle: &Throttle, email: &str, address: IpAddr) -> AppResult<()> {
    throttle.guard(Some(email), address, async { Ok(()) }).await
}

#[track_caller]
fn assert_admitted(errors: &[AppError], expected: usize) {
    let admitted = errors
        .iter()
        .filter(|error| matches!(error, AppError::InvalidCredentials))
        .count();
    let refused = errors
        .iter()
        .filter(|error| matches!(error, AppError::RateLimited(1..=900)))
        .count();
    assert_eq!((admitted, refused), (expected, errors.len() - expected), "{errors:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn parallel_failures_at_several_replicas_never_exceed_the_limit() {
    let redis = TestRedis::start().await;
    let replicas: Vec<_> = (0..4).map(|_| replica(&redis, Limits::default())).collect();
    let tries = (0..200).map(|n| fail(&replicas[n % 4], OLENA, from(1)));
    assert_admitted(&join_all(tries).await, 10);
    let tries = (0..200_u8).map(|n| fail(&replicas[usize::from(n % 4)], OLENA, from(n.max(2))));
    assert_admitted(&join_all(tries).await, 20);
    let others: Vec<_> = (0..200).map(|n| format!("somebody-{n}@nowhere.example")).collect();
    let tries = others
        .iter()
        .enumerate()
        .map(|(n, email)| fail(&replicas[n % 4], email, from(1)));
    assert_admitted(&join_all(tries).await, 90);
    assert_eq!(replicas.iter().map(Throttle::unthrottled).sum::<u64>(), 0);
}

#[tokio::test]
async fn what_is_refused_is_refused_for_who_failed_only() {
    let redis = TestRedis::start().await;
    let throttle = replica(&redis, FEW);
    for spelling in [OLENA, "OLENA@karpaty.example ", OLENA] {
        assert!(matches!(
            fail(&throttle, spelling, from(1)).await,
            AppError::InvalidCredentials
        ));
    }
    // Even with the right password: otherwise it could be found out from here.
    assert!(matches!(
        succeed(&throttle, OLENA, from(1)).await,
        Err(AppError::RateLimited(890..=900))
    ));
    succeed(&throttle, OLENA, from(2)).await.unwrap();
    succeed(&throttle, "petro@karpaty.example", from(1)).await.unwrap();
    // Other failures of the account, two of them from elsewhere.
    for number in 3..=4 {
        fail(&throttle, OLENA, from(number)).await;
    }
    assert!(matches!(
        succeed(&throttle, OLENA, from(2)).await,
        Err(AppError::RateLimited(_))
    ));
    succeed(&throttle, "petro@karpaty.example", from(2)).await.unwrap();
}

#[tokio::test]
async fn success_is_not_counted_and_forgets_what_went_before_it_from_there() {
    let redis = TestRedis::start().await;
    let throttle = replica(&redis, FEW);
    for _ in 0..20 {
        succeed(&throttle, OLENA, from(1)).await.unwrap();
    }
    // Failures of others from there stay, or one could hide one's guesses behind an account of one's own.
    let guess = async |n: u32| {
        let error = fail(&throttle, &format!("victim-{n}@x.example"), from(1)).await;
        assert!(matches!(error, AppError::InvalidCredentials), "{n}: {error:?}");
    };
    for round in 0..2 {
        guess(round).await;
        for _ in 0..2 {
            let slip = fail(&throttle, OLENA, from(1)).await;
            assert!(matches!(slip, AppError::InvalidCredentials), "{round}: {slip:?}");
        }
        succeed(&throttle, OLENA, from(1)).await.unwrap();
    }
    for n in 2..4 {
        guess(n).await;
    }
    assert!(matches!(
        succeed(&throttle, "victim-5@x.example", from(1)).await,
        Err(AppError::RateLimited(_))
    ));
}

#[tokio::test]
async fn a_fault_of_ours_is_nobodys_failure() {
    let redis = TestRedis::start().await;
    let throttle = replica(&redis, FEW);
    for _ in 0..20 {
        let fault = async { Err::<(), _>(AppError::Unavailable("test")) };
        let answer = throttle.guard(Some(OLENA), from(1), fault).await;
        assert!(matches!(answer, Err(AppError::Unavailable(_))));
    }
    // It forgives nothing else.
    for _ in 0..2 {
        fail(&throttle, OLENA, from(1)).await;
    }
    let fault = async { Err::<(), _>(AppError::Unavailable("test")) };
    let _ = throttle.guard(Some(OLENA), from(1), fault).await;
    fail(&throttle, OLENA, from(1)).await;
    assert!(matches!(
        fail(&throttle, OLENA, from(1)).await,
        AppError::RateLimited(_)
    ));
}

#[tokio::test]
async fn an_attempt_whose_caller_hangs_up_counts() {
    let redis = TestRedis::start().await;
    let throttle = replica(&redis, FEW);
    for _ in 0..3 {
        let _ = throttle.admit(Some(OLENA), from(1)).await.unwrap();
    }
    assert!(matches!(
        succeed(&throttle, OLENA, from(1)).await,
        Err(AppError::RateLimited(_))
    ));
}

#[tokio::test]
async fn without_an_account_the_address_counts() {
    let redis = TestRedis::start().await;
    let throttle = replica(&redis, FEW);
    let tries = (0..20).map(|_| async {
        let wrong = async { Err::<(), _>(AppError::InvalidCredentials) };
        throttle.guard(None, from(1), wrong).await.unwrap_err()
    });
    assert_admitted(&join_all(tries).await, 8);
}

#[tokio::test]
async fn a_window_ends_by_itself_and_refusals_do_not_prolong_it() {
    let redis = TestRedis::start().await;
    let short = Limits {
        window: Duration::from_millis(300),
        ..FEW
    };
    let throttle = replica(&redis, short);
    for _ in 0..3 {
        fail(&throttle, OLENA, from(1)).await;
    }
    eventually(
        "the window ends under constant knocking",
        Duration::from_secs(10),
        async || succeed(&throttle, OLENA, from(1)).await.ok(),
    )
    .await;
}

#[tokio::test]
async fn nobody_can_be_read_out_of_redis() {
    let redis = TestRedis::start().await;
    let throttle = replica(&redis, FEW);
    fail(&throttle, OLENA, from(1)).await;
    let client = redis::Client::open(redis.url()).unwrap();
    let mut conn = client.get_multiplexed_async_connection().await.unwrap();
    let keys: Vec<String> = redis::cmd("KEYS").arg("*").query_async(&mut conn).await.unwrap();
    assert_eq!(keys.len(), 3);
    for key in keys {
        let name = key.strip_prefix("{sign-in}:").unwrap();
        assert!(name.len() == 32 && name.bytes().all(|b| b.is_ascii_hexdigit()), "{key}");
        let left: i64 = redis::cmd("TTL").arg(&key).query_async(&mut conn).await.unwrap();
        assert!((1..=900).contains(&left), "{key} ends in {left}");
    }
}

#[tokio::test]
async fn without_redis_everybody_may_try_and_with_it_again_they_may_not() {
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
    let redis = clients::redis::connect(&url.into()).unwrap();
    let throttle = Throttle::with(redis, SECRET, FEW, Duration::from_millis(50));
    succeed(&throttle, OLENA, from(1)).await.unwrap();
    assert_eq!(throttle.unthrottled(), 1);
}
