//! The cost of probes.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use api::middleware::concurrency_limit::ConcurrencyLimits;
use api::server::{ServerLimits, app};
use futures::future::join_all;
use kernel::clock::Clock;
use poem::test::TestClient;
use poem::{EndpointExt as _, Route};
use sqlx::postgres::PgPoolOptions;
use testing::database::TestDb;
use testing::settings::settings;

use crate::harness::server;
use crate::http::support::limits;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn many_probes_take_one_connection_a_second() {
    let db = TestDb::new().await;
    let taken = Arc::new(AtomicU64::new(0));
    let counting = Arc::clone(&taken);
    let pool = PgPoolOptions::new()
        .max_connections(2)
        .min_connections(1)
        .acquire_timeout(Duration::from_secs(60))
        .before_acquire(move |_, _| {
            counting.fetch_add(1, Ordering::Relaxed);
            Box::pin(async { Ok(true) })
        })
        .connect(&db.url)
        .await
        .unwrap();
    let figment = settings(&db.url);
    let state = server::state(pool.clone(), &Clock::system(), &figment);
    let wide = ServerLimits {
        concurrency: ConcurrencyLimits {
            served: 1000,
            ..ConcurrencyLimits::default()
        },
        ..limits()
    };
    let app = app(Arc::new(state), &server::read(&figment).public_url, wide, Route::new()).unwrap();
    let client = TestClient::new(app.map_to_response().boxed());
    // The connection that the pool opened is counted when it is acquired again.
    drop(pool.acquire().await.unwrap());
    let (before, started) = (taken.load(Ordering::Relaxed), Instant::now());
    for _ in 0..5 {
        let answers = join_all((0..100).map(|_| client.get("/readyz").send())).await;
        for answer in answers {
            answer.assert_status_is_ok();
        }
    }
    let took = taken.load(Ordering::Relaxed) - before;
    assert!(took <= 1 + started.elapsed().as_secs(), "{took} for 500 probes");
}
