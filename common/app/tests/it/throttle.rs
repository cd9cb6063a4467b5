//! Throttling of sign-in, on a real Redis, with several replicas.

use std::net::IpAddr;
use std::time::Duration;

use app::throttle::{Client, Throttle};
use db::error::{AppError, AppResult};
use domain::device::Device;
use domain::throttle::Limits;
use futures::future::join_all;
use testing::eventually::eventually;
use testing::redis::TestRedis;

mod outage;

pub const SECRET: &[u8] = b"0123456789abcdef0123456789abcdef";
pub const OLENA: &str = "olena@karpaty.example";

pub const FEW: Limits = Limits {
    device: 3,
    account_from_address: 3,
    account_from_unknown: 5,
    address: 8,
    window: Duration::from_mins(15),
};

/// A replica with a connection of its own; it waits long enough for the slowest machine.
pub fn replica(redis: &TestRedis, limits: Limits) -> Throttle {
    replica_that_waits(redis, limits, Duration::from_secs(30))
}

pub fn replica_that_waits(redis: &TestRedis, limits: Limits, timeout: Duration) -> Throttle {
    let redis = connect::redis::connect(&redis.url().into()).unwrap();
    Throttle::with(redis, SECRET, limits, timeout)
}

pub fn from(number: u8) -> IpAddr {
    IpAddr::from([192, 0, 2, number])
}

pub async fn fail(throttle: &Throttle, email: &str, address: IpAddr) -> AppError {
    let wrong = async { Err::<(), _>(AppError::InvalidCredentials) };
    throttle.guard(Some(email), address.into(), wrong).await.unwrap_err()
}

pub async fn succeed(throttle: &Throttle, email: &str, address: IpAddr) -> AppResult<()> {
    throttle.guard(Some(email), address.into(), async { Ok(()) }).await
}

/// The same from a device that is known for the account.
async fn succeed_at(throttle: &Throttle, device: u8, address: IpAddr) -> AppResult<()> {
    throttle.guard(Some(OLENA), at(device, address), async { Ok(()) }).await
}

pub async fn fail_at(throttle: &Throttle, device: u8, address: IpAddr) -> AppError {
    let wrong = async { Err::<(), _>(AppError::InvalidCredentials) };
    throttle
        .guard(Some(OLENA), at(device, address), wrong)
        .await
        .unwrap_err()
}

pub fn at(device: u8, address: IpAddr) -> Client {
    let device = Some(Device { id: [device; 16] });
    Client { address, device }
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
async fn refusals_affect_only_the_client_that_failed() {
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
    // Other failures of the account, two of them from elsewhere: then it is full for who comes from a new place.
    for number in 3..=4 {
        fail(&throttle, OLENA, from(number)).await;
    }
    assert!(matches!(
        succeed(&throttle, OLENA, from(5)).await,
        Err(AppError::RateLimited(_))
    ));
    succeed(&throttle, "petro@karpaty.example", from(5)).await.unwrap();
    // Not for who was there before.
    succeed(&throttle, OLENA, from(2)).await.unwrap();
}

#[tokio::test]
async fn where_an_account_was_signed_in_to_before_it_has_a_budget_of_its_own() {
    let redis = TestRedis::start().await;
    let replicas = [replica(&redis, FEW), replica(&redis, FEW)];
    succeed(&replicas[0], OLENA, from(1)).await.unwrap();
    // An attacker fails from everywhere, also through the owner's address with other accounts.
    let tries = (0..60_u8).map(|n| fail(&replicas[usize::from(n % 2)], OLENA, from(2 + n % 20)));
    assert_admitted(&join_all(tries).await, 5);
    for (replica, elsewhere) in replicas.iter().zip([from(200), from(201)]) {
        assert!(matches!(
            succeed(replica, OLENA, elsewhere).await,
            Err(AppError::RateLimited(_))
        ));
        // The address is known. The device is known at any address, and makes its address known.
        succeed(replica, OLENA, from(1)).await.unwrap();
        succeed_at(replica, 7, elsewhere).await.unwrap();
        succeed(replica, OLENA, elsewhere).await.unwrap();
    }
    // Neither is without a limit.
    let tries = (0..20_usize).map(|n| fail(&replicas[n % 2], OLENA, from(1)));
    assert_admitted(&join_all(tries).await, 3);
    let tries = (0..20_u8).map(|n| fail_at(&replicas[usize::from(n % 2)], 7, from(n)));
    assert_admitted(&join_all(tries).await, 3);
    // Another device, or the known address with the device, is not affected by it.
    succeed_at(&replicas[0], 8, from(200)).await.unwrap();
}

#[tokio::test]
async fn an_address_without_a_success_is_not_known_and_a_full_one_does_not_shut_a_device_out() {
    let redis = TestRedis::start().await;
    let throttle = replica(&redis, FEW);
    // A fault is no success.
    let fault = async { Err::<(), _>(AppError::Unavailable("test")) };
    let _ = throttle.guard(Some(OLENA), from(1).into(), fault).await;
    let tries = (0..20_u8).map(|n| fail(&throttle, OLENA, from(10 + n)));
    assert_admitted(&join_all(tries).await, 5);
    assert!(matches!(
        succeed(&throttle, OLENA, from(1)).await,
        Err(AppError::RateLimited(_))
    ));
    // A person in the same office tries a list of accounts until the address is full.
    let others: Vec<_> = (0..20).map(|n| format!("somebody-{n}@nowhere.example")).collect();
    let tries = others.iter().map(|email| fail(&throttle, email, from(1)));
    assert_admitted(&join_all(tries).await, 8);
    assert!(matches!(
        succeed(&throttle, "petro@karpaty.example", from(1)).await,
        Err(AppError::RateLimited(_))
    ));
    succeed_at(&throttle, 7, from(1)).await.unwrap();
    // It counts for no other user there.
    fail_at(&throttle, 7, from(3)).await;
    succeed(&throttle, "petro@karpaty.example", from(3)).await.unwrap();
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
async fn an_internal_error_is_not_counted() {
    let redis = TestRedis::start().await;
    let throttle = replica(&redis, FEW);
    for _ in 0..20 {
        let fault = async { Err::<(), _>(AppError::Unavailable("test")) };
        let answer = throttle.guard(Some(OLENA), from(1).into(), fault).await;
        assert!(matches!(answer, Err(AppError::Unavailable(_))));
    }
    // It forgives nothing else.
    for _ in 0..2 {
        fail(&throttle, OLENA, from(1)).await;
    }
    let fault = async { Err::<(), _>(AppError::Unavailable("test")) };
    let _ = throttle.guard(Some(OLENA), from(1).into(), fault).await;
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
        let _ = throttle.admit(Some(OLENA), from(1).into()).await.unwrap();
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
        throttle.guard(None, from(1).into(), wrong).await.unwrap_err()
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
