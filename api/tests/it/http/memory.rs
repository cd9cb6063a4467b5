//! How much memory a request takes while it waits.

use std::sync::Arc;

use api::middleware::body::BodyLimit;
use api::middleware::concurrency_limit::ConcurrencyLimit;
use api::middleware::idempotency::Idempotency;
use api::middleware::noted::Noted;
use api::server::ServerLimits;
use kernel::clock::Clock;
use poem::endpoint::make_sync;
use poem::{Endpoint, EndpointExt, Request, Response};
use testing::database::TestDb;
use testing::settings::settings;

use crate::harness::server;

/// Under overload, this many bytes are held by each of thousands of requests that wait for a place. The queries of rare
/// requests do not count: they are in boxes of their own.
const MOST: usize = 16 * 1024;

#[tokio::test]
async fn the_inner_layers_are_small() {
    let db = TestDb::new().await;
    let clock = Clock::manual("2026-06-10T03:30:00Z".parse().unwrap());
    let state = Arc::new(server::state(db.pool.clone(), &clock, &settings(&db.url)));
    let limits = ServerLimits::default();
    let layers = make_sync(|_| Response::builder().finish())
        .with(Idempotency::new(Arc::clone(&state)))
        .with(Noted::new(Arc::clone(&state)))
        .with(ConcurrencyLimit::new(limits.concurrency))
        .with(BodyLimit::new(state, limits.bodies, limits.body));
    let request = layers.call(Request::default());
    let bytes = size_of_val(&request);
    assert!(bytes < MOST, "{bytes} bytes");
    assert!(request.await.is_ok());
}
