//! How old what is in memory may be, and what happens when the database does not answer.

use std::sync::Arc;
use std::time::{Duration, Instant};

use app::cache::{Cache, MAX_AGE};
use db::error::AppError;
use futures::future::join_all;
use sqlx::PgPool;
use testing::eventually::eventually;
use testing::proxy::TestProxy;

use crate::cache::support::{LIMIT, NEVER, Stand};

#[tokio::test]
async fn a_warm_reader_asks_no_server_and_a_noted_change_is_waited_for() {
    let stand = Stand::new().await;
    let cache = stand.cache(NEVER);
    let pool = &stand.db.pool;
    for _ in 0..100 {
        cache.fresh(pool).await.unwrap();
    }
    assert_eq!(cache.lag().looks, 1);
    stand.sql("update tickets set seat = 1").await;
    assert_eq!(stand.seats(&cache).await, [17]);
    cache.note_sale();
    cache.recent(pool).await.unwrap();
    assert_eq!(cache.lag().looks, 1, "who does not read seats does not wait for sales");
    assert_eq!(stand.seats(&cache).await, [1]);
    cache.note_change();
    cache.recent(pool).await.unwrap();
    assert_eq!(cache.lag().looks, 3);
}

#[tokio::test]
async fn many_readers_share_a_look() {
    let stand = Stand::new().await;
    let cache = stand.cache(NEVER);
    for outcome in join_all((0..200).map(|_| cache.fresh(&stand.db.pool))).await {
        outcome.unwrap();
    }
    assert_eq!((cache.lag().looks, cache.lag().loads), (1, 1));
}

#[tokio::test]
async fn a_reader_that_is_given_up_does_not_stop_the_look() {
    let stand = Stand::new().await;
    let cache = stand.cache(NEVER);
    let mut locked = stand.db.pool.begin().await.unwrap();
    sqlx::raw_sql("lock table api_keys")
        .execute(&mut *locked)
        .await
        .unwrap();
    let given_up = tokio::time::timeout(Duration::from_millis(1), cache.fresh(&stand.db.pool)).await;
    assert!(given_up.is_err());
    locked.commit().await.unwrap();
    eventually("it is loaded", LIMIT, async || (cache.lag().loads == 1).then_some(())).await;
}

#[tokio::test]
async fn a_look_does_not_wait_for_requests_that_keep_all_threads_busy() {
    let stand = Stand::new().await;
    let cache = stand.cache(MAX_AGE);
    cache.fresh(&stand.db.pool).await.unwrap();
    eventually("a look is due soon", LIMIT, async || {
        (cache.lag().age > MAX_AGE / 2).then_some(())
    })
    .await;
    // Begins it in the background; on a slow machine, waits for it.
    cache.fresh(&stand.db.pool).await.unwrap();
    let busy_since = Instant::now();
    // Blocks the only thread of this runtime.
    while cache.lag().looks < 2 {
        assert!(busy_since.elapsed() < LIMIT, "{:?}", cache.lag());
        std::thread::sleep(Duration::from_millis(1));
    }
}

#[tokio::test]
async fn in_production_another_process_knows_of_a_change_within_a_fifth_of_a_second() {
    let stand = Stand::new().await;
    let cache = stand.cache(MAX_AGE);
    cache.fresh(&stand.db.pool).await.unwrap();
    for seat in 1..10u16 {
        stand.sql(&format!("update tickets set seat = {seat}")).await;
        let committed = Instant::now();
        eventually("it is seen", LIMIT, async || {
            let asked = Instant::now();
            let seen = stand.seats(&cache).await == [seat];
            // A query after the maximum age has it, even on a slow machine.
            assert!(seen || asked.duration_since(committed) <= MAX_AGE, "too old");
            seen.then_some(())
        })
        .await;
    }
    let lag = cache.lag();
    assert!(lag.last.num_milliseconds() >= 0 && lag.worst >= lag.last, "{lag:?}");
    assert_eq!(lag.loads, 1);
}

#[tokio::test]
async fn while_the_database_is_away_memory_serves_for_a_moment_only() {
    let stand = Stand::new().await;
    let max_age = Duration::from_millis(100);
    let (proxy, pool, cache) = behind_a_proxy(&stand, max_age).await;
    cache.fresh(&pool).await.unwrap();
    drop(proxy);
    let error = eventually("it is refused", LIMIT, async || cache.fresh(&pool).await.err()).await;
    assert!(cache.lag().age > 10 * max_age, "not before");
    let unavailable = matches!(error, AppError::DatabaseUnavailable { .. } | AppError::Unavailable(_));
    assert!(unavailable, "{error:?}");
    let cache = stand.cache(NEVER);
    stand.db.pool.close().await;
    assert!(cache.fresh(&stand.db.pool).await.is_err());
}

/// A cache that reads through a proxy, with the pool that it is given.
async fn behind_a_proxy(stand: &Stand, max_age: Duration) -> (TestProxy, PgPool, Arc<Cache>) {
    let options = (*stand.db.pool.connect_options()).clone();
    let proxy = TestProxy::start(options.get_port()).await;
    let pool = PgPool::connect_lazy_with(options.host("127.0.0.1").port(proxy.address().port()));
    (proxy, pool, stand.cache(max_age))
}

#[tokio::test]
async fn a_server_that_disappeared_is_queried_on_another_connection() {
    let stand = Stand::new().await;
    let (proxy, pool, cache) = behind_a_proxy(&stand, Duration::ZERO).await;
    cache.fresh(&pool).await.unwrap();
    proxy.silence();
    stand.sql("update tickets set seat = 3").await;
    let error = cache.fresh(&pool).await.unwrap_err();
    assert!(matches!(error, AppError::Unavailable(_)), "{error:?}");
    cache.fresh(&pool).await.unwrap();
    assert_eq!(stand.in_memory(&cache), [3]);
}

#[tokio::test]
async fn no_caller_waits_long_for_a_stalled_database_while_memory_may_be_used() {
    let stand = Stand::new().await;
    let max_age = Duration::from_millis(500);
    let (proxy, pool, cache) = behind_a_proxy(&stand, max_age).await;
    cache.fresh(&pool).await.unwrap();
    proxy.silence();
    stand.sql("update tickets set seat = 3").await;
    // The look that is due now takes three seconds to fail; memory may be five old.
    eventually(
        "memory is too old for a request that need not do without",
        LIMIT,
        async || (cache.lag().age > max_age).then_some(()),
    )
    .await;
    let asked = Instant::now();
    cache.fresh(&pool).await.unwrap();
    assert_eq!(cache.lag().looks, 1, "it is as old as it was");
    assert!(asked.elapsed() < Duration::from_secs(3), "{:?}", asked.elapsed());
}
