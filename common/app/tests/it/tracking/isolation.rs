//! A provider's host that hangs or fails does not hold up the accounts at others.

use std::time::Duration;

use app::tracking::{self, Polled, Synced};
use chrono::TimeDelta;
use clients::breaker::THRESHOLD;
use domain::id::TrackingAccountId;
use domain::tracking::Provider;
use ledger::Cause;
use simulators::tracking::Fault;
use testing::eventually::eventually;
use testing::port;
use testing::world::World;
use tokio::net::TcpListener;
use tokio::task::JoinSet;

use crate::tracking::support::{Depot, FIRST, SECRET, fix, positions, start, tracking_that_waits};

/// Longer than any test takes.
const HANG: Duration = Duration::from_secs(60);

/// Another account of the company, with a tracker, at this address.
async fn account(depot: &Depot, url: &str) -> TrackingAccountId {
    let mut conn = depot.db.pool.acquire().await.unwrap();
    let mut world = World::new(&mut conn, start()).await;
    let id = world
        .tracking_account(depot.company_id, Provider::Wialon, url, Some(SECRET))
        .await;
    world.tracker(id, "7", true).await;
    id
}

async fn poll(depot: &Depot, id: TrackingAccountId) -> Polled {
    tracking::poll(&depot.tracking, id, &Cause::default()).await.unwrap()
}

/// Failures in a row and the wait until the next poll.
async fn state(depot: &Depot, id: TrackingAccountId) -> (i32, TimeDelta) {
    let (failures, next): (i32, chrono::DateTime<chrono::Utc>) =
        sqlx::query_as("select failures, next_poll_at from tracking_accounts where id = $1")
            .bind(id)
            .fetch_one(&depot.db.pool)
            .await
            .unwrap();
    (failures, next - depot.clock.now())
}

#[tokio::test]
async fn a_host_that_hangs_has_three_of_four_slots_and_the_next_account_there_waits_without_blame() {
    let mut depot = Depot::new().await;
    depot.tracking = tracking_that_waits(&depot.db, &depot.clock, HANG).with_slots(4);
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let mut hanging = JoinSet::new();
    for _ in 0..3 {
        let (tracking, id) = (depot.tracking.clone(), account(&depot, &url).await);
        hanging.spawn(async move { tracking::poll(&tracking, id, &Cause::default()).await.map(drop) });
    }
    let mut connections = Vec::new();
    for _ in 0..3 {
        connections.push(listener.accept().await.unwrap());
    }
    let next = account(&depot, &url).await;
    let polled = poll(&depot, next).await;
    assert!(matches!(polled, Polled::TurnedAway { .. }), "{polled:?}");
    let (failures, wait) = state(&depot, next).await;
    assert_eq!(failures, 0);
    assert!(wait > TimeDelta::zero() && wait < TimeDelta::seconds(30), "{wait}");
    let synced = tracking::sync(&depot.tracking, next).await.unwrap();
    assert!(
        matches!(
            synced,
            Synced::Failed {
                needs_people: false,
                ..
            }
        ),
        "{synced:?}"
    );
    depot.provider.place(FIRST, fix(50.0, 0));
    assert_eq!(depot.poll().await, positions(1, 0));
    assert!(hanging.try_join_next().is_none(), "they still hang");
}

#[tokio::test]
async fn a_host_that_fails_is_left_alone_and_is_asked_again_when_it_is_back() {
    let depot = Depot::new().await;
    let nobody = port::free();
    let id = account(&depot, &format!("http://{nobody}")).await;
    for _ in 0..THRESHOLD {
        assert!(matches!(poll(&depot, id).await, Polled::Failed { .. }));
    }
    assert!(matches!(poll(&depot, id).await, Polled::TurnedAway { .. }));
    assert_eq!(state(&depot, id).await.0, i32::try_from(THRESHOLD).unwrap());
    assert_eq!(depot.poll().await, positions(0, 0), "another port is another host");
    // After the pause one poll tries, and the connection is refused.
    eventually("the pause is over", HANG, async || {
        matches!(poll(&depot, id).await, Polled::Failed { .. }).then_some(())
    })
    .await;
}

#[tokio::test]
async fn a_refused_account_does_not_count_against_its_host() {
    let depot = Depot::new().await;
    for status in [401, 403, 404, 429].into_iter().cycle().take(3 * THRESHOLD as usize) {
        depot.provider.fail_next(Fault {
            status: Some(status),
            ..Fault::default()
        });
        match depot.poll().await {
            Polled::Failed { needs_people, .. } => assert_eq!(needs_people, status != 429),
            other => panic!("{other:?}"),
        }
    }
    assert_eq!(depot.poll().await, positions(0, 0));
}
