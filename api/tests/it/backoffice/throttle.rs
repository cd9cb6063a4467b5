//! Failed sign-in attempts, counted by several replicas of the API together.

use std::time::Duration;

use api::auth::cookie;
use api::server::ServerLimits;
use app::throttle::Throttle;
use domain::access::Workplace;
use domain::role::Role;
use domain::throttle::Limits;
use figment::Figment;
use futures::future::join_all;
use secrecy::ExposeSecret;
use serde_json::json;
use testing::redis::TestRedis;
use testing::settings::settings;
use testing::world::World;

use crate::backoffice::support::Office;
use crate::harness::answer::Seen;
use crate::harness::browser::Browser;
use crate::harness::server::{self, Socket};

const OLENA: &str = "olena@karpaty.example";
const PASSWORD: &str = "correct horse battery staple";

/// A replica of the office's API behind a proxy; returns a browser that uses it.
pub async fn replica(office: &Office, redis: &TestRedis) -> Browser {
    let figment = settings("postgres://unused")
        .merge(("redis_url", redis.url()))
        .merge(("trusted_proxies", "127.0.0.1"));
    let settings = server::read(&figment);
    let mut state = server::state(office.pool().clone(), &office.clock, &figment);
    // Long enough for a slow machine.
    state.throttle = Throttle::with(
        connect::redis::connect(&settings.redis_url).unwrap(),
        settings.session_secret.expose_secret().as_bytes(),
        Limits::default(),
        Duration::from_secs(30),
    );
    let limits = ServerLimits {
        handler: Duration::from_secs(120),
        ..ServerLimits::default()
    };
    let server = Socket::bind().await.serve(state, &settings.public_url, limits);
    Browser {
        origin: None,
        ..office.beside(server)
    }
}

/// An office with Olena as a user.
async fn office() -> Office {
    office_with(|settings| settings).await
}

async fn office_with(more: impl FnOnce(Figment) -> Figment) -> Office {
    let office = Office::open_with(more).await;
    let place = [(Workplace::Company(office.karpaty), Role::Manager)];
    let user_id = office.person(OLENA, &place).await;
    let mut conn = office.pool().acquire().await.unwrap();
    World::new(&mut conn, office.clock.now())
        .await
        .password(user_id, PASSWORD)
        .await;
    drop(conn);
    office
}

/// Tries to sign in, from this address as a proxy reports it.
async fn attempt(browser: &Browser, path: &str, from: &str, email: &str, password: &str) -> Seen {
    let request = browser.http.post(format!("{}/v2/auth/{path}", browser.base));
    let body = json!({ "email": email, "password": password });
    browser.send(request.header("x-forwarded-for", from).json(&body)).await
}

/// How many of these were tried, and how many refused.
fn counted(answers: &[Seen]) -> (usize, usize) {
    let count = |status, name| {
        let matching = answers
            .iter()
            .filter(|seen| seen.status == status && seen.code() == name);
        matching.count()
    };
    let counted = (count(401, "INVALID_CREDENTIALS"), count(429, "RATE_LIMITED"));
    assert_eq!(counted.0 + counted.1, answers.len());
    counted
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn parallel_failures_at_two_replicas_do_not_exceed_the_limit_whether_the_account_exists_or_not() {
    let (office, redis) = (office().await, TestRedis::start().await);
    let replicas = [replica(&office, &redis).await, replica(&office, &redis).await];
    for (email, from) in [(OLENA, "192.0.2.1"), ("nobody@karpaty.example", "192.0.2.2")] {
        let tries = (0..40).map(|n| {
            let path = ["login", "pre-login"][n / 2 % 2];
            attempt(&replicas[n % 2], path, from, email, "wrong")
        });
        let answers = join_all(tries).await;
        assert_eq!(counted(&answers), (10, 30), "{email}");
        let refused = answers.iter().find(|seen| seen.status == 429).unwrap();
        let seconds: u32 = refused.header("retry-after").parse().unwrap();
        assert!((1..=900).contains(&seconds), "{seconds}");
    }
    // The right password is refused at that address too, but not at others.
    for replica in &replicas {
        let there = attempt(replica, "login", "192.0.2.1", OLENA, PASSWORD).await;
        there.refused(429, "RATE_LIMITED");
        assert!(replica.cookies.lock().unwrap().is_empty());
        let elsewhere = attempt(replica, "login", "192.0.2.3", OLENA, PASSWORD).await;
        elsewhere.status(200);
        replica.cookies.lock().unwrap().clear();
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn wrong_passwords_from_three_addresses_do_not_lock_the_owner_out_where_they_were_before() {
    let (office, redis) = (office().await, TestRedis::start().await);
    let replicas = [replica(&office, &redis).await, replica(&office, &redis).await];
    let owner = replicas[0].copy();
    attempt(&owner, "login", "192.0.2.1", OLENA, PASSWORD).await.status(200);
    let guesses = (0..60).map(|n| {
        let from = format!("198.51.100.{}", n % 3);
        let replica = &replicas[n % 2];
        async move { attempt(&replica.copy(), "login", &from, OLENA, "wrong").await }
    });
    assert_eq!(counted(&join_all(guesses).await), (30, 30));
    // A new device is refused together with the attackers, and so is a user without an account.
    let nobody = replicas[1].copy();
    nobody.cookies.lock().unwrap().clear();
    for path in ["login", "pre-login"] {
        let seen = attempt(&nobody, path, "203.0.113.9", OLENA, PASSWORD).await;
        assert_eq!((seen.status, seen.code()), (429, "RATE_LIMITED"), "{path}");
    }
    // The address is known, with no cookie; the device is known, at an address that is not, on either replica.
    attempt(&nobody.copy(), "login", "192.0.2.1", OLENA, PASSWORD)
        .await
        .status(200);
    for replica in &replicas {
        let device = Browser {
            base: replica.base.clone(),
            ..owner.copy()
        };
        for from in ["203.0.113.7", "198.51.100.0"] {
            assert_eq!(
                attempt(&device, "login", from, OLENA, PASSWORD).await.status,
                200,
                "{from}"
            );
        }
    }
    // The device is known for its account only, and has a limit of its own.
    let device = owner.cookie(cookie::DEVICE).unwrap();
    let thief = nobody.copy();
    thief.set_cookie(cookie::DEVICE, &device);
    let tries = (0..15).map(|n| {
        let (thief, from) = (thief.copy(), format!("203.0.113.{n}"));
        async move { attempt(&thief, "login", &from, OLENA, "wrong").await }
    });
    assert_eq!(counted(&join_all(tries).await), (10, 5));
    let tries = (0..40).map(|n| {
        let (thief, from) = (thief.copy(), format!("203.0.113.{n}"));
        async move { attempt(&thief, "login", &from, "petro@karpaty.example", "wrong").await }
    });
    assert_eq!(counted(&join_all(tries).await), (30, 10));
}

#[tokio::test]
async fn only_signing_in_makes_a_device_known_and_signing_out_does_not_forget_it() {
    let (office, redis) = (office().await, TestRedis::start().await);
    let browser = replica(&office, &redis).await;
    let wrong = attempt(&browser, "login", "192.0.2.1", OLENA, "wrong").await;
    wrong.status(401);
    let looked = attempt(&browser, "pre-login", "192.0.2.1", OLENA, PASSWORD).await;
    looked.status(200);
    assert!(browser.cookies.lock().unwrap().is_empty());
    attempt(&browser, "login", "192.0.2.1", OLENA, PASSWORD).await;
    let first = browser.cookie(cookie::DEVICE).unwrap();
    browser.press("/v2/auth/logout").await;
    assert_eq!(browser.cookie(cookie::DEVICE), Some(first.clone()));
    // The same device later, with a new date; a made-up one is replaced.
    office.wait(chrono::TimeDelta::days(1));
    attempt(&browser, "login", "192.0.2.1", OLENA, PASSWORD).await;
    let again = browser.cookie(cookie::DEVICE).unwrap();
    assert!(again != first && again[..20] == first[..20]);
    browser.set_cookie(cookie::DEVICE, "made-up");
    attempt(&browser, "login", "192.0.2.1", OLENA, PASSWORD).await;
    assert_ne!(browser.cookie(cookie::DEVICE).unwrap()[..20], first[..20]);
}

#[tokio::test]
async fn success_is_not_counted_and_a_client_cannot_forge_its_address() {
    let (office, redis) = (office().await, TestRedis::start().await);
    let replica = replica(&office, &redis).await;
    for path in ["login", "pre-login"].repeat(6) {
        let seen = attempt(&replica, path, "192.0.2.1", OLENA, PASSWORD).await;
        seen.status(200);
    }
    // The proxy appends the address that it sees; what precedes it was made up by the client.
    let tries = (0..12).map(|n| {
        let (replica, from) = (&replica, format!("198.51.100.{n}, 192.0.2.1"));
        async move { attempt(replica, "login", &from, OLENA, "wrong").await }
    });
    assert_eq!(counted(&join_all(tries).await), (10, 2));
}

#[tokio::test]
async fn without_redis_users_can_still_sign_in() {
    let mut redis = TestRedis::start().await;
    let url = redis.url();
    let office = office_with(|settings| settings.merge(("redis_url", url))).await;
    let browser = office.browser();
    redis.kill().await;
    for tried in 1..=12 {
        let wrong = attempt(&browser, "login", "192.0.2.1", OLENA, "wrong").await;
        assert_eq!(wrong.code(), "INVALID_CREDENTIALS");
        assert_eq!(office.state.throttle.unthrottled(), tried);
    }
    let right = attempt(&browser, "login", "192.0.2.1", OLENA, PASSWORD).await;
    right.status(200);
}
