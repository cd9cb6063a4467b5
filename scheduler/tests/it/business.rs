//! The business gauges at `/metrics` of a scheduler: unpaid tickets, buses, reports, and violated invariants.

use chrono::TimeDelta;
use domain::tracking::Provider;
use kernel::clock::Clock;
use testing::database::TestDb;
use testing::eventually::eventually;
use testing::port;
use testing::redis::TestRedis;
use testing::world::{Sale, World};

use crate::metrics::{LIMIT, scrape, start, until};

/// The test data began a week ago; the bus departs today.
#[tokio::test]
async fn it_shows_late_sweeps_silent_buses_ended_reports_and_broken_rules() {
    let (db, redis) = (TestDb::new().await, TestRedis::start().await);
    let now = Clock::system().now();
    let mut conn = db.pool.acquire().await.unwrap();
    let mut world = World::new(&mut conn, now - TimeDelta::days(7)).await;
    let sold = world.sell(&Sale::default()).await;
    let account = world
        .tracking_account(sold.company_id, Provider::Wialon, "http://127.0.0.1:1", Some("token"))
        .await;
    world.tracker(account, "K1", true).await;
    sqlx::raw_sql(
        "update departure_calls set departure_at = now() - interval '1 hour' where position = 0;
         update departure_calls set arrival_at = now() + interval '5 hours' where position = 1;
         update trackers set bus_id = (select bus_id from departures), latitude = 50, longitude = 30,
             recorded_at = now() - interval '5 minutes', received_at = now();
         insert into reports (id, company_id, date_from, date_to, date_field, status, created_at, ended_at)
         select gen_random_uuid(), companies.id, current_date, current_date, 'createdAt', status, now(), now() - ago
         from companies, (values ('Completed', interval '1 minute'), ('Completed', interval '2 hours'),
                                 ('Failed', interval '1 minute'), ('Failed', interval '5 minutes')) as report (status, ago)",
    )
    .execute(&mut *conn)
    .await
    .unwrap();
    let health = port::free().to_string();
    let _scheduler = start(&db, &redis.url(), &health);
    let broken = "prexsell_invariant_violations{rule=\"ticket_without_history\"}";
    let scrape = until(&health, broken, 1.0).await;
    for (series, value) in [
        ("prexsell_invariant_violations{rule=\"seat_sold_twice\"}", 0.0),
        ("prexsell_buses{freshness=\"fresh\"}", 0.0),
        ("prexsell_buses{freshness=\"stale\"}", 1.0),
        ("prexsell_buses{freshness=\"silent\"}", 0.0),
        ("prexsell_reports{status=\"Pending\"}", 0.0),
        ("prexsell_reports{status=\"Completed\"}", 1.0),
        ("prexsell_reports{status=\"Failed\"}", 2.0),
    ] {
        assert_eq!(scrape.value(series), Some(value), "{series}");
    }
    // One run reads the few rows completely.
    let passed_at = scrape.value("prexsell_invariants_passed_timestamp_seconds").unwrap();
    let begun = now.timestamp() as f64;
    assert!(
        (begun..begun + 300.0).contains(&passed_at),
        "{passed_at} is not {begun}"
    );
    let within = |series: &str, from: f64| {
        let value = scrape.value(series).unwrap();
        assert!((from..from + 120.0).contains(&value), "{series}: {value}");
    };
    within("prexsell_position_age_seconds", 300.0);
    // The payment window is 20 minutes.
    within("prexsell_sweep_lag_seconds", f64::from(7 * 86_400 - 20 * 60));

    sqlx::raw_sql(
        "update trackers set recorded_at = null, received_at = null, latitude = null, longitude = null;
         update tickets set status = 'Uncompleted'",
    )
    .execute(&mut *conn)
    .await
    .unwrap();
    // A reading may have read the tickets before the change, and the buses after it.
    until(&health, "prexsell_sweep_lag_seconds", 0.0).await;
    let scrape = until(&health, "prexsell_buses{freshness=\"silent\"}", 1.0).await;
    assert_eq!(scrape.value("prexsell_position_age_seconds"), Some(0.0));
}

/// Positions of buses cannot be read for a while.
#[tokio::test]
async fn broken_rules_are_shown_whatever_else_fails_and_the_age_of_the_rest_too() {
    let (db, redis) = (TestDb::new().await, TestRedis::start().await);
    let mut conn = db.pool.acquire().await.unwrap();
    let mut world = World::new(&mut conn, Clock::system().now()).await;
    world.sell(&Sale::default()).await;
    sqlx::raw_sql("alter table trackers rename to renamed")
        .execute(&mut *conn)
        .await
        .unwrap();
    let health = port::free().to_string();
    let _scheduler = start(&db, &redis.url(), &health);
    let broken = "prexsell_invariant_violations{rule=\"ticket_without_history\"}";
    let read_at = "prexsell_business_sampled_timestamp_seconds";
    let shown = until(&health, broken, 1.0).await;
    assert_eq!(shown.value(read_at), Some(0.0), "not all of it was ever read");

    sqlx::raw_sql("alter table renamed rename to trackers")
        .execute(&mut *conn)
        .await
        .unwrap();
    let before = Clock::system().now().timestamp() as f64;
    let at = eventually(read_at, LIMIT, async || {
        scrape(&health).await?.value(read_at).filter(|at| *at > 0.0)
    })
    .await;
    assert!((before - 60.0..before + 60.0).contains(&at), "{at} is not {before}");
}
