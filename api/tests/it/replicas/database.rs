//! The database is lost, full or locked: clients are asked to retry, and nothing stays locked.

use std::time::Instant;

use reqwest::Method;
use testing::eventually::eventually;
use testing::world::Sale;

use crate::harness::process::LIMIT;
use crate::replicas::support::{Answer, Stand};

const NONE: [(&str, &str); 0] = [];

/// Ends (or cancels) statements that wait for a lock.
const TERMINATE: &str = "select pg_terminate_backend(pid) from pg_stat_activity
                         where datname = current_database() and wait_event_type = 'Lock'";
const CANCEL: &str = "select pg_cancel_backend(pid) from pg_stat_activity
                      where datname = current_database() and wait_event_type = 'Lock'";

fn is_refused_for_now(answer: &Answer) {
    assert_eq!(answer.status, 503, "{answer:?}");
    assert_eq!(answer.retry_after.as_deref(), Some("1"), "{answer:?}");
    assert_eq!(answer.body["errors"][0]["code"], "UNAVAILABLE", "{answer:?}");
}

#[tokio::test]
async fn a_request_whose_backend_is_ended_or_canceled_is_503_and_the_next_one_is_served() {
    let stand = Stand::new().await;
    let api = stand.api(NONE).await;
    for end in [TERMINATE, CANCEL, TERMINATE] {
        let mut held = stand.db.pool.begin().await.unwrap();
        let lock = sqlx::query("select from departures for update");
        lock.execute(&mut *held).await.unwrap();
        let paying = tokio::spawn(stand.pay(&api, &stand.sold));
        stand.waits().await;
        stand.sql(end).await;
        is_refused_for_now(&paying.await.unwrap());
        held.rollback().await.unwrap();
    }
    let answer = stand.pay(&api, &stand.sold).await;
    assert_eq!(answer.status, 200, "{answer:?}");
    let lines: i64 = sqlx::query_scalar("select count(*) from ticket_history")
        .fetch_one(&stand.db.pool)
        .await
        .unwrap();
    assert_eq!(lines, 1, "nothing was half-written");
}

#[tokio::test]
async fn while_backends_are_ended_all_the_time_there_is_no_500() {
    let stand = Stand::new().await;
    let api = stand.api([("DATABASE_CONNECTIONS", "3")]).await;
    let end = "select pg_terminate_backend(pid) from pg_stat_activity
               where datname = current_database() and pid <> pg_backend_pid() and application_name = ''
                 and query not like '%pg_terminate_backend%'";
    let (mut lost, mut served) = (0, 0);
    let start = Instant::now();
    while lost < 10 || served < 10 {
        assert!(start.elapsed() < LIMIT, "{lost} lost, {served} served");
        let asking: Vec<_> = (0..6)
            .map(|_| tokio::spawn(stand.ask(&api, Method::GET, &stand.sold, "")))
            .collect();
        // The pool of the test may be affected, too.
        let _ = sqlx::raw_sql(end).execute(&stand.db.pool).await;
        for answer in asking {
            let answer = answer.await.unwrap();
            if answer.status == 200 {
                served += 1;
            } else {
                is_refused_for_now(&answer);
                lost += 1;
            }
        }
    }
}

#[tokio::test]
async fn a_database_that_takes_no_connections_is_503_and_served_again_when_it_does() {
    let stand = Stand::new().await;
    let api = stand.api(NONE).await;
    // Through another database, since this one accepts no connections.
    let (base, name) = stand.db.url.rsplit_once('/').unwrap();
    let admin = sqlx::PgPool::connect(&format!("{base}/postgres")).await.unwrap();
    let run = async |sql: String| {
        sqlx::raw_sql(sqlx::AssertSqlSafe(sql)).execute(&admin).await.unwrap();
    };
    run(format!("alter database {name} allow_connections false")).await;
    run(format!(
        "select pg_terminate_backend(pid) from pg_stat_activity where datname = '{name}'"
    ))
    .await;
    for _ in 0..3 {
        is_refused_for_now(&stand.ask(&api, Method::GET, &stand.sold, "").await);
    }
    run(format!("alter database {name} allow_connections true")).await;
    eventually("it is served again", LIMIT, async || {
        (stand.ask(&api, Method::GET, &stand.sold, "").await.status == 200).then_some(())
    })
    .await;
}

#[tokio::test]
async fn a_stuck_api_keeps_nothing_locked_and_another_sells() {
    let stand = Stand::new().await;
    let another = Sale {
        seat: 18,
        ..Sale::default()
    };
    let another = stand.another(&another).await;
    let stuck = stand.api([("DATABASE_IDLE_IN_TRANSACTION_TIMEOUT_SECONDS", "1")]).await;
    let well = stand.api(NONE).await;
    // When it is stopped, it has locked the departure and waits for the ticket.
    let mut held = stand.db.pool.begin().await.unwrap();
    let lock = sqlx::query("select from tickets where id = $1 for update").bind(stand.sold.id.0);
    lock.execute(&mut *held).await.unwrap();
    let paying = tokio::spawn(stand.pay(&stuck, &stand.sold));
    stand.waits().await;
    stuck.signal("-STOP").await;
    held.rollback().await.unwrap();
    let answer = stand.pay(&well, &another).await;
    assert_eq!(answer.status, 200, "{answer:?}");
    stuck.signal("-CONT").await;
    is_refused_for_now(&paying.await.unwrap());
    let answer = stand.pay(&stuck, &stand.sold).await;
    assert_eq!(answer.status, 200, "{answer:?}");
}

#[tokio::test]
async fn a_statement_that_waits_too_long_is_given_up() {
    let stand = Stand::new().await;
    let api = stand.api([("DATABASE_STATEMENT_TIMEOUT_SECONDS", "1")]).await;
    let mut held = stand.db.pool.begin().await.unwrap();
    let lock = sqlx::query("select from departures for update");
    lock.execute(&mut *held).await.unwrap();
    let answer = tokio::time::timeout(LIMIT, stand.pay(&api, &stand.sold)).await;
    is_refused_for_now(&answer.expect("it does not wait for the lock"));
    held.rollback().await.unwrap();
    assert_eq!(stand.pay(&api, &stand.sold).await.status, 200);
}

#[tokio::test]
async fn every_connection_of_a_process_has_the_limits() {
    let stand = Stand::new().await;
    let limits = [
        ("DATABASE_STATEMENT_TIMEOUT_SECONDS", "7"),
        ("DATABASE_IDLE_IN_TRANSACTION_TIMEOUT_SECONDS", "3"),
    ];
    let settings = limits
        .iter()
        .fold(testing::settings::settings(&stand.db.url), |figment, (name, value)| {
            figment.merge((name.to_lowercase(), value.parse::<u64>().unwrap()))
        });
    let settings = config::Settings::from_figment(&settings, config::Needs::Api).unwrap();
    let process = process::Process::start(
        settings,
        kernel::clock::Clock::system(),
        tokio_util::sync::CancellationToken::new(),
    );
    let process = process.await.unwrap();
    let mut conns = Vec::new();
    for _ in 0..process.settings.database_connections {
        let mut conn = process.pool.acquire().await.unwrap();
        let set: (String, String) = sqlx::query_as(
            "select current_setting('statement_timeout'), current_setting('idle_in_transaction_session_timeout')",
        )
        .fetch_one(&mut *conn)
        .await
        .unwrap();
        assert_eq!(set, ("7s".to_owned(), "3s".to_owned()));
        conns.push(conn);
    }
    let jobs = connect::postgres::connect_for_jobs(&stand.db.url, connect::postgres::Commit::Waits)
        .await
        .unwrap();
    let set: (String, String) = sqlx::query_as(
        "select current_setting('statement_timeout'), current_setting('idle_in_transaction_session_timeout')",
    )
    .fetch_one(&jobs)
    .await
    .unwrap();
    assert_eq!(set, ("20s".to_owned(), "10s".to_owned()));
}
