//! What a poll stores.

use app::tracking::{self, Polled};
use chrono::TimeDelta;
use domain::id::TrackingAccountId;
use domain::position::RawFix;
use futures::future::join_all;
use ledger::Cause;
use secrecy::SecretString;
use testing::database::TestDb;

use crate::tracking::support::{Depot, FIRST, SECOND, fix, positions, start, tracking};

#[tokio::test]
async fn a_position_is_stored_once_and_is_the_latest_of_its_tracker() {
    for depot in [Depot::new().await, Depot::gtfs_realtime().await] {
        depot.provider.place(FIRST, fix(50.0, 0));
        assert_eq!(depot.poll().await, positions(1, 0));
        let tracker = depot.tracker(depot.first).await;
        assert_eq!((tracker.latitude, tracker.longitude), (Some(50.0), Some(30.5)));
        assert_eq!((tracker.course, tracker.recorded_at), (Some(90), Some(start())));
        assert!((tracker.speed_kmh.unwrap() - 80.0).abs() < 0.05);
        depot.clock.advance(TimeDelta::seconds(30));
        assert_eq!(depot.poll().await, positions(0, 0));
        assert_eq!(depot.stored().await, [50.0]);
        assert_eq!(depot.tracker(depot.first).await.received_at, Some(start()));
    }
}

#[tokio::test]
async fn only_enabled_trackers_are_asked_for_in_one_request() {
    let depot = Depot::new().await;
    depot.provider.place(SECOND, fix(50.0, 0));
    depot.poll().await;
    let requests = depot.provider.requests();
    assert_eq!((requests.logins, requests.searches, requests.lists), (1, 1, 0));
    assert_eq!(requests.units.into_iter().collect::<Vec<_>>(), [(FIRST, 1)]);
    assert!(depot.stored().await.is_empty());
}

#[tokio::test]
async fn of_a_file_with_all_vehicles_only_enabled_ones_are_stored() {
    let depot = Depot::gtfs_realtime().await;
    depot.provider.place(FIRST, fix(50.0, 0));
    depot.provider.place(SECOND, fix(51.0, 0));
    assert_eq!(depot.poll().await, positions(1, 0));
    assert_eq!(depot.stored().await, [50.0]);
}

#[tokio::test]
async fn without_enabled_trackers_no_request_is_sent() {
    let depot = Depot::new().await;
    depot.toggle(depot.first, false).await;
    assert_eq!(depot.poll().await, Polled::Nothing);
    let unknown = tracking::poll(&depot.tracking, TrackingAccountId::new(), &Cause::default()).await;
    assert_eq!(unknown.unwrap(), Polled::Nothing);
    let requests = depot.provider.requests();
    assert_eq!((requests.logins, requests.data()), (0, 0));
}

#[tokio::test]
async fn a_late_position_goes_into_the_track_and_does_not_become_the_latest() {
    let depot = Depot::new().await;
    for (latitude, seconds, stored) in [(50.0, 0, 1), (50.01, 60, 1), (50.005, 30, 1), (50.005, 30, 1)] {
        depot.provider.place(FIRST, fix(latitude, seconds));
        assert_eq!(depot.poll().await, positions(stored, 0));
    }
    assert_eq!(depot.stored().await, [50.0, 50.005, 50.01]);
    assert_eq!(depot.tracker(depot.first).await.latitude, Some(50.01));
}

#[tokio::test]
async fn impossible_positions_are_dropped_and_counted() {
    let depot = Depot::new().await;
    depot.provider.place(FIRST, fix(50.0, 0));
    depot.poll().await;
    depot.clock.advance(TimeDelta::seconds(30));
    let wrong = [
        fix(91.0, 30),
        fix(51.0, 30),
        fix(50.0, 3600),
        fix(50.0, -31 * 86_400),
        RawFix {
            latitude: 0.0,
            longitude: 0.0,
            ..fix(0.0, 30)
        },
    ];
    for (number, wrong) in (1..).zip(wrong) {
        depot.provider.place(FIRST, wrong);
        assert_eq!(depot.poll().await, positions(0, 1));
        assert_eq!(depot.dropped(depot.first).await, number);
    }
    assert_eq!(depot.stored().await, [50.0]);
    assert_eq!(depot.tracker(depot.first).await.latitude, Some(50.0));
}

#[tokio::test]
async fn days_get_their_partitions_however_many_polls_want_the_same_at_once() {
    let depot = Depot::new().await;
    depot.toggle(depot.second, true).await;
    // Midnight lies between the two.
    depot.provider.place(FIRST, fix(50.0, -8 * 3600 - 1));
    depot.provider.place(SECOND, fix(51.0, -8 * 3600));
    let polls = join_all((0..8).map(|_| depot.poll())).await;
    assert!(
        polls
            .iter()
            .all(|poll| matches!(poll, Polled::Positions { asked: 2, .. })),
        "{polls:?}"
    );
    assert_eq!(depot.stored().await, [50.0, 51.0]);
    let mut conn = depot.db.pool.acquire().await.unwrap();
    let days = db::partition::POSITIONS.days(&mut conn).await.unwrap();
    assert_eq!(
        days.iter().map(ToString::to_string).collect::<Vec<_>>(),
        ["2027-01-31", "2027-02-01"]
    );
}

/// The session as it is sealed in the database.
async fn session(db: &TestDb, account_id: TrackingAccountId) -> Option<Vec<u8>> {
    sqlx::query_scalar("select session from tracking_accounts where id = $1")
        .bind(account_id)
        .fetch_one(&db.pool)
        .await
        .unwrap()
}

#[tokio::test]
async fn workers_share_one_session_which_is_sealed() {
    let depot = Depot::new().await;
    let others = [tracking(&depot.db, &depot.clock), tracking(&depot.db, &depot.clock)];
    depot.poll().await;
    for other in &others {
        let poll = tracking::poll(other, depot.account_id, &Cause::default()).await;
        assert_eq!(poll.unwrap(), positions(0, 0));
    }
    assert_eq!((depot.provider.requests().logins, depot.provider.sessions()), (1, 1));
    let sealed = session(&depot.db, depot.account_id).await.unwrap();
    assert!(sealed.len() >= 12 + 32 + 16);
    assert!(!sealed.is_ascii());
}

#[tokio::test]
async fn a_lost_session_is_renewed_once_and_for_all() {
    let depot = Depot::new().await;
    depot.poll().await;
    let before = session(&depot.db, depot.account_id).await;
    depot.provider.lose_sessions();
    assert_eq!(depot.poll().await, positions(0, 0));
    assert_ne!(session(&depot.db, depot.account_id).await, before);
    assert_eq!(depot.poll().await, positions(0, 0));
    let requests = depot.provider.requests();
    assert_eq!((requests.logins, requests.sessions_lost, requests.searches), (2, 1, 4));
}

#[tokio::test]
async fn a_session_dies_after_five_idle_minutes() {
    let depot = Depot::new().await;
    depot.poll().await;
    depot.clock.advance(TimeDelta::minutes(4));
    depot.poll().await;
    assert_eq!(depot.provider.requests().logins, 1);
    depot.clock.advance(TimeDelta::minutes(6));
    assert_eq!(depot.poll().await, positions(0, 0));
    assert_eq!(depot.provider.requests().logins, 2);
}

#[tokio::test]
async fn a_token_that_does_not_open_is_noted_and_nothing_is_asked() {
    let depot = Depot::new().await;
    let other_key: SecretString = "ff".repeat(32).into();
    let vault = domain::vault::Vault::new(&other_key).unwrap();
    let timeouts = clients::tracking::TIMEOUTS;
    let (pool, clock) = (depot.db.pool.clone(), depot.clock.clone());
    let stranger = tracking::Tracking::new(pool, clock, vault, TimeDelta::days(30), timeouts).unwrap();
    let poll = tracking::poll(&stranger, depot.account_id, &Cause::default()).await;
    let Polled::Failed { reason, .. } = poll.unwrap() else {
        panic!("it opened")
    };
    assert!(reason.contains("VAULT_KEY"), "{reason}");
    assert_eq!(depot.provider.requests().logins, 0);
    assert_eq!(depot.poll().await, positions(0, 0));
}
