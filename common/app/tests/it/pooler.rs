//! PgBouncer before the database, in each of its modes. Where it is not installed, the tests say so and pass.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use connect::postgres::Commit;
use connect::postgres::Error;
use rstest::rstest;
use testing::database::TestDb;
use testing::pgbouncer::PgBouncer;

fn is_refused(error: &Error) -> bool {
    matches!(error, Error::Configuration(problem) if problem.to_string().contains("pool_mode = session"))
}

#[rstest]
#[case::by_transaction("pool_mode = transaction")]
#[case::in_turns("pool_mode = transaction\nserver_round_robin = 1\nmin_pool_size = 2")]
#[case::in_turns_among_many("pool_mode = transaction\nserver_round_robin = 1\nmin_pool_size = 9")]
#[case::one_server("pool_mode = transaction\ndefault_pool_size = 1")]
#[case::reset_each_time("pool_mode = transaction\nserver_reset_query_always = 1")]
#[case::by_statement("pool_mode = statement")]
#[tokio::test]
async fn a_transaction_pooler_is_refused_with_an_explanation(#[case] settings: &str) {
    let db = TestDb::new().await;
    let Some(bouncer) = PgBouncer::start(&db.url, settings).await else {
        return;
    };
    for _ in 0..5 {
        let error = connect::postgres::connect(bouncer.url(), 2).await.unwrap_err();
        assert!(is_refused(&error), "{error}");
    }
}

#[tokio::test]
async fn a_transaction_pooler_is_refused_while_others_use_it() {
    let db = TestDb::new().await;
    let Some(bouncer) = PgBouncer::start(&db.url, "pool_mode = transaction\ndefault_pool_size = 6").await else {
        return;
    };
    let is_over = Arc::new(AtomicBool::new(false));
    let mut others = tokio::task::JoinSet::new();
    for _ in 0..12 {
        let (url, is_over) = (bouncer.url().to_owned(), Arc::clone(&is_over));
        others.spawn(async move {
            let mut conn = connect::postgres::connect_alone(&url).await.unwrap();
            while !is_over.load(Ordering::Relaxed) {
                let pause = sqlx::raw_sql("select pg_sleep(0.001)");
                pause.execute(&mut conn).await.unwrap();
            }
        });
    }
    for _ in 0..10 {
        let error = connect::postgres::connect(bouncer.url(), 2).await.unwrap_err();
        assert!(is_refused(&error), "{error}");
    }
    is_over.store(true, Ordering::Relaxed);
}

#[tokio::test]
async fn a_session_pooler_is_accepted() {
    let db = TestDb::new().await;
    let Some(bouncer) = PgBouncer::start(&db.url, "pool_mode = session").await else {
        return;
    };
    let pool = connect::postgres::connect(bouncer.url(), 3).await.unwrap();
    for _ in 0..3 {
        connect::postgres::ping(&pool).await.unwrap();
    }
    for (commit, synchronous) in [(Commit::Waits, "on"), (Commit::DoesNotWait, "off")] {
        let pool = connect::postgres::connect_for_jobs(bouncer.url(), commit)
            .await
            .unwrap();
        let settings: (String, String) =
            sqlx::query_as("select current_setting('synchronous_commit'), current_setting('enable_seqscan')")
                .fetch_one(&pool)
                .await
                .unwrap();
        assert_eq!(settings, (synchronous.to_owned(), "off".to_owned()));
        pool.close().await;
    }
    let mut reader = db::report::rows::connect(&pool.connect_options()).await.unwrap();
    let interval: String = sqlx::query_scalar("select current_setting('client_connection_check_interval')")
        .fetch_one(&mut reader)
        .await
        .unwrap();
    assert_eq!(interval, "5s");
    let mut alone = connect::postgres::connect_alone(bouncer.url()).await.unwrap();
    connect::postgres::ping_on(&mut alone).await.unwrap();
}

#[tokio::test]
async fn a_direct_connection_is_accepted() {
    let db = TestDb::new().await;
    for _ in 0..5 {
        connect::postgres::ping(&connect::postgres::connect(&db.url, 2).await.unwrap())
            .await
            .unwrap();
    }
}
