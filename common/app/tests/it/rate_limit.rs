//! The gate of rate limits beside its rule, on real Redis servers.

use std::pin::pin;
use std::task::Poll;
use std::time::{Duration, Instant};

use chrono::TimeDelta;
use clients::rate_limit::Gate;
use domain::rate_limit::{Limit, RateDecision, decide};
use futures::poll;
use kernel::clock::Clock;
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;
use testing::eventually::eventually;
use testing::log::Log;
use testing::redis::TestRedis;

const LONG: Duration = Duration::from_secs(30);

fn gate(redis: &TestRedis, timeout: Duration, clock: Option<Clock>) -> Gate {
    Gate::new(connect::redis::connect(&redis.url().into()).unwrap(), timeout, clock)
}

fn hourly(quota: u32) -> Limit {
    Limit::new(quota, 3_600).unwrap()
}

/// A request under a limit, this number of microseconds after the last one; the clock may be set back.
fn step() -> impl Strategy<Value = (u32, i64)> {
    let pause = prop_oneof![
        4 => Just(0),
        2 => 0_i64..2_000_000_000,
        1 => 0_i64..200_000_000_000,
        1 => -2_000_000_000_i64..0,
    ];
    (prop_oneof![9 => Just(7_u32), 1 => 1_u32..12], pause)
}

#[tokio::test]
async fn the_script_decides_as_the_rule_does() {
    let redis = TestRedis::start().await;
    let clock = Clock::manual("2027-02-01T08:00:00.000001Z".parse().unwrap());
    let gate = gate(&redis, LONG, Some(clock.clone()));
    let mut runner = TestRunner::deterministic();
    let (mut passed, mut refused) = (0, 0);
    for case in 0..60 {
        let steps = prop::collection::vec(step(), 1..60)
            .new_tree(&mut runner)
            .unwrap()
            .current();
        let name = format!("limit:case:{case}");
        let mut debt = None;
        for (quota, pause) in steps {
            clock.advance(TimeDelta::microseconds(pause));
            let now = u64::try_from(clock.now().timestamp_micros()).unwrap();
            let (expected, after) = decide(hourly(quota), debt, now);
            assert_eq!(
                gate.ask(&name, hourly(quota)).await,
                Some(expected),
                "{name} {quota} {pause}"
            );
            debt = after.or(debt);
            *(if expected.allowed { &mut passed } else { &mut refused }) += 1;
        }
    }
    assert!(passed > 300 && refused > 300, "{passed} passed, {refused} refused");
}

#[tokio::test]
async fn the_time_is_that_of_redis() {
    let redis = TestRedis::start().await;
    let gate = gate(&redis, LONG, None);
    let daily = Limit::new(2, 86_400).unwrap();
    let mut seen = Vec::new();
    for _ in 0..3 {
        seen.push(gate.ask("limit:a", daily).await.unwrap());
    }
    let flat: Vec<_> = seen.iter().map(|v| (v.allowed, v.remaining)).collect();
    assert_eq!(flat, [(true, 1), (true, 0), (false, 0)]);
    // The first pays itself off within half a day, of which some is gone.
    assert!((43_000..=43_200).contains(&seen[2].wait_seconds()), "{:?}", seen[2]);
    let mut redis = redis::Client::open(redis.url())
        .unwrap()
        .get_multiplexed_async_connection()
        .await
        .unwrap();
    let left: i64 = redis::cmd("PTTL").arg("limit:a").query_async(&mut redis).await.unwrap();
    assert!(
        (86_000_000..=86_400_000).contains(&left),
        "what is paid off is forgotten: {left}"
    );
}

#[tokio::test]
async fn a_redis_that_hangs_is_asked_a_few_times_and_then_no_more() {
    let redis = TestRedis::start().await;
    let clock = Clock::manual("2027-02-01T08:00:00Z".parse().unwrap());
    let gate = gate(&redis, Duration::from_millis(100), Some(clock));
    let limit = hourly(1_000);
    let first = eventually("the first answer", LONG, || gate.ask("limit:a", limit)).await;
    let mut admin = redis::Client::open(redis.url())
        .unwrap()
        .get_multiplexed_async_connection()
        .await
        .unwrap();
    let mut client = async |command: &[&str]| {
        let mut line = redis::cmd("CLIENT");
        line.arg(command).query_async::<String>(&mut admin).await.unwrap();
    };
    // Scripts wait, other clients do not.
    client(&["PAUSE", "600000", "WRITE"]).await;
    let before = gate.unlimited();
    for _ in 0..200 {
        assert_eq!(gate.ask("limit:a", limit).await, None);
    }
    assert_eq!(gate.unlimited() - before, 200);
    client(&["UNPAUSE"]).await;
    let back: RateDecision = eventually("limits again", LONG, || gate.ask("limit:a", limit)).await;
    // What was sent before it was given up counted after all; of 200 these are few.
    let counted = first.remaining - back.remaining;
    assert!((1..=20).contains(&counted), "{counted} of 200 were sent");
}

#[tokio::test]
async fn a_stored_value_that_is_not_an_instant_is_ignored_and_logged() {
    let redis = TestRedis::start().await;
    let (log, _listening) = Log::listen("warn");
    let gate = gate(&redis, LONG, None);
    let mut conn = redis::Client::open(redis.url())
        .unwrap()
        .get_multiplexed_async_connection()
        .await
        .unwrap();
    for garbage in ["rubbish", "", "nan", "-5", "1e400"] {
        let mut set = redis::cmd("SET");
        set.arg("limit:a")
            .arg(garbage)
            .query_async::<()>(&mut conn)
            .await
            .unwrap();
        let verdict = gate.ask("limit:a", hourly(5)).await.unwrap();
        // An instant that is too far off is a whole quota away: refused once, for the time of one request.
        assert_eq!(verdict.allowed, garbage != "1e400", "{garbage}");
        assert!(verdict.wait_seconds() <= 720, "{garbage}");
    }
    // Three were no numbers. They share a line, unless ten seconds have passed.
    let text = log.text();
    let lines: Vec<&str> = text.lines().filter(|line| line.contains("held no number")).collect();
    assert!((1..=2).contains(&lines.len()), "{text}");
    assert!(lines[0].contains("\"counters\":1"), "{text}");
    log.hides(["rubbish", "limit:a"]);
}

/// How often Redis ran a command.
async fn calls(redis: &TestRedis, command: &str) -> u64 {
    let mut conn = redis::Client::open(redis.url())
        .unwrap()
        .get_multiplexed_async_connection()
        .await
        .unwrap();
    let stats: String = redis::cmd("INFO")
        .arg("commandstats")
        .query_async(&mut conn)
        .await
        .unwrap();
    let line = format!("cmdstat_{command}:calls=");
    let count = stats
        .lines()
        .find_map(|found| found.strip_prefix(&line)?.split(',').next()?.parse().ok());
    count.unwrap_or(0)
}

#[tokio::test]
async fn the_text_of_the_script_is_sent_once_and_again_to_a_redis_that_lost_it() {
    let redis = TestRedis::start().await;
    let gate = gate(&redis, LONG, None);
    for _ in 0..20 {
        assert!(gate.ask("limit:a", hourly(100)).await.unwrap().allowed);
    }
    assert_eq!((calls(&redis, "eval").await, calls(&redis, "evalsha").await), (1, 20));
    let mut conn = redis::Client::open(redis.url())
        .unwrap()
        .get_multiplexed_async_connection()
        .await
        .unwrap();
    redis::cmd("SCRIPT")
        .arg("FLUSH")
        .query_async::<()>(&mut conn)
        .await
        .unwrap();
    assert_eq!(gate.ask("limit:a", hourly(100)).await.unwrap().remaining, 79);
    assert_eq!((calls(&redis, "eval").await, calls(&redis, "evalsha").await), (2, 21));
}

#[tokio::test]
async fn a_large_limit_is_leased_and_several_processes_keep_it_to_their_leases() {
    let redis = TestRedis::start().await;
    let clock = Clock::manual("2027-02-01T08:00:00Z".parse().unwrap());
    let gates: Vec<Gate> = (0..3).map(|_| gate(&redis, LONG, Some(clock.clone()))).collect();
    let limit = Limit::new(4_000, 10).unwrap();
    assert_eq!(limit.lease(), 40);
    // Three processes at work for a while, of which each then holds something.
    let mut warm = 0;
    for gate in &gates {
        for _ in 0..100 {
            warm += u64::from(gate.ask("limit:a", limit).await.unwrap().allowed);
        }
    }
    assert_eq!(warm, 300);
    let mut passed = 0;
    for number in 0..6_000 {
        passed += u64::from(gates[number % 3].ask("limit:a", limit).await.unwrap().allowed);
    }
    // What is leased was counted before, so the limit is not passed; and it is not missed, for all that is held is used.
    assert_eq!(warm + passed, 4_000);
    let refused = gates[0].ask("limit:a", limit).await.unwrap();
    assert_eq!(
        (refused.allowed, refused.remaining, refused.wait_seconds()),
        (false, 0, 1)
    );
    // Most of those that passed were leased in advance, without a call of Redis; a refusal calls Redis.
    let asked: u64 = gates.iter().map(Gate::asked).sum();
    assert!(asked <= 2_301 + 300, "{asked}");

    // Long after that the leases are forgotten: whole, to the request.
    clock.advance(TimeDelta::seconds(10));
    let first = gates[0].ask("limit:a", limit).await.unwrap();
    assert_eq!((first.allowed, first.remaining), (true, 3_999));
}

#[tokio::test]
async fn a_busy_caller_asks_once_in_many_requests_and_learns_what_is_left() {
    let redis = TestRedis::start().await;
    let clock = Clock::manual("2027-02-01T08:00:00Z".parse().unwrap());
    let gate = gate(&redis, LONG, Some(clock.clone()));
    let limit = Limit::new(20_000, 10).unwrap();
    for number in 0..2_000_u64 {
        clock.advance(TimeDelta::microseconds(1_000));
        let verdict = gate.ask("limit:a", limit).await.unwrap();
        // At half the rate everything is paid off when the next one comes.
        assert!(
            verdict.allowed && verdict.remaining + limit.lease() >= 19_999,
            "{number} {verdict:?}"
        );
    }
    assert!(gate.asked() * 10 <= 2_000, "{} of 2000", gate.asked());
    assert_eq!(calls(&redis, "evalsha").await, gate.asked());
}

#[tokio::test]
async fn a_large_lease_is_renewed_while_requests_keep_all_threads_busy() {
    let redis = TestRedis::start().await;
    let clock = Clock::manual("2027-02-01T08:00:00Z".parse().unwrap());
    let connection = connect::redis::connect_aside(&redis.url().into()).unwrap();
    let gate = Gate::new(connection, LONG, Some(clock));
    let limit = Limit::new(1_000_000, 10).unwrap();
    // Leases of 1, 2, 4 and so on to 64 requests are used up.
    for _ in 0..127 {
        gate.ask("limit:a", limit).await.unwrap();
    }
    assert_eq!(gate.asked(), 7);
    let mut renewing = pin!(gate.ask("limit:a", limit));
    // The thread of the connection may have the response before this one continues.
    let renewed = poll!(renewing.as_mut());
    let busy_since = Instant::now();
    // Blocks the only thread of this runtime. Once the lease is there, a request passes without waiting.
    while poll!(pin!(gate.ask("limit:a", limit))).is_pending() {
        assert!(busy_since.elapsed() < LONG, "it is not renewed");
        std::thread::sleep(Duration::from_millis(1));
    }
    let renewed = match renewed {
        Poll::Ready(renewed) => renewed,
        Poll::Pending => renewing.await,
    };
    assert!(renewed.unwrap().allowed);
}

#[tokio::test]
async fn a_lease_is_used_only_within_its_lifetime() {
    let redis = TestRedis::start().await;
    let clock = Clock::manual("2027-02-01T08:00:00Z".parse().unwrap());
    let gate = gate(&redis, LONG, Some(clock.clone()));
    let limit = Limit::new(20_000, 10).unwrap();
    for _ in 0..10 {
        gate.ask("limit:a", limit).await.unwrap();
    }
    let asked = gate.asked();
    gate.ask("limit:a", limit).await.unwrap();
    assert_eq!(gate.asked(), asked, "something is held");
    clock.advance(TimeDelta::milliseconds(249));
    gate.ask("limit:a", limit).await.unwrap();
    assert_eq!(gate.asked(), asked, "still");
    clock.advance(TimeDelta::milliseconds(1));
    gate.ask("limit:a", limit).await.unwrap();
    assert_eq!(gate.asked(), asked + 1, "it is asked for again");
}
