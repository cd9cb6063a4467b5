//! Switching trackers on and off, with polls in flight.

use std::sync::Arc;

use app::tracking::Polled;
use app::tracking::account;
use app::work::Work;
use db::error::{AppError, Noun};
use domain::id::{CompanyId, TrackerId};
use futures::future::join_all;
use ledger::Cause;
use testing::eventually::eventually;

use crate::tracking::support::{Depot, FIRST, SECOND, SOON, fix, positions};

/// A poll whose request the provider has, and does not answer until it is released.
async fn in_flight(depot: &Arc<Depot>) -> tokio::task::JoinHandle<Polled> {
    depot.provider.hold();
    let poll = {
        let depot = Arc::clone(depot);
        tokio::spawn(async move { depot.poll().await })
    };
    eventually("a request", SOON, async || (depot.provider.held() == 1).then_some(())).await;
    poll
}

#[tokio::test]
async fn of_a_tracker_that_is_switched_off_a_poll_in_flight_stores_nothing() {
    let depot = Arc::new(Depot::new().await);
    depot.toggle(depot.second, true).await;
    depot.provider.place(FIRST, fix(50.0, 0));
    depot.provider.place(SECOND, fix(51.0, 0));
    let poll = in_flight(&depot).await;
    depot.toggle(depot.first, false).await;
    depot.provider.release();
    let expected = Polled::Positions {
        asked: 2,
        stored: 1,
        dropped: 0,
    };
    assert_eq!(poll.await.unwrap(), expected);
    assert_eq!(depot.stored().await, [51.0]);
    assert_eq!(depot.tracker(depot.first).await.recorded_at, None);
    assert_eq!(depot.dropped(depot.first).await, 0);
    // And is not asked for again.
    depot.poll().await;
    let requests = depot.provider.requests();
    assert_eq!(
        requests.units.into_iter().collect::<Vec<_>>(),
        [(FIRST, 1), (SECOND, 2)]
    );
}

#[tokio::test]
async fn switching_on_writes_one_poll_however_many_trackers_and_however_often() {
    let depot = Depot::new().await;
    depot.toggle(depot.second, true).await;
    depot.toggle(depot.second, true).await;
    depot.toggle(depot.first, false).await;
    depot.toggle(depot.first, true).await;
    assert_eq!(depot.polls().await, 1);
    let run_at_once: bool = sqlx::query_scalar("select bool_and(run_at <= $1) from jobs")
        .bind(depot.clock.now())
        .fetch_one(&depot.db.pool)
        .await
        .unwrap();
    assert!(run_at_once);
    // The poll has ended, so the next switch needs another.
    depot.poll().await;
    depot.finish_jobs().await;
    depot.toggle(depot.first, false).await;
    assert_eq!(depot.polls().await, 1);
    depot.toggle(depot.first, true).await;
    assert_eq!(depot.polls().await, 2);
}

#[tokio::test]
async fn a_tracker_switched_on_during_a_poll_gets_another_when_it_ends() {
    let depot = Arc::new(Depot::new().await);
    // Off and on again: the poll that is written is the one that is in flight below.
    depot.toggle(depot.first, false).await;
    depot.toggle(depot.first, true).await;
    assert_eq!(depot.polls().await, 1);
    let poll = in_flight(&depot).await;
    depot.toggle(depot.second, true).await;
    assert_eq!(depot.polls().await, 1, "one at a time");
    depot.provider.release();
    poll.await.unwrap();
    assert_eq!(depot.polls().await, 2);
    depot.provider.place(SECOND, fix(51.0, 0));
    depot.poll().await;
    assert_eq!(depot.stored().await, [51.0]);
    assert_eq!(depot.polls().await, 2, "nobody was switched on since");
}

#[tokio::test]
async fn a_provider_that_fails_is_not_asked_earlier_because_of_a_switch() {
    let depot = Depot::new().await;
    depot.provider.fail_next(simulators::tracking::Fault {
        status: Some(429),
        retry_after: Some(120),
        ..Default::default()
    });
    depot.failure().await;
    depot.toggle(depot.second, true).await;
    let wait: f64 = sqlx::query_scalar("select extract(epoch from run_at - $1)::float8 from jobs")
        .bind(depot.clock.now())
        .fetch_one(&depot.db.pool)
        .await
        .unwrap();
    assert!((wait - 120.0).abs() < 0.001, "{wait}");
}

#[tokio::test]
async fn switches_and_polls_at_once_neither_deadlock_nor_leave_a_switched_off_tracker_with_later_positions() {
    let depot = Arc::new(Depot::new().await);
    depot.provider.place(FIRST, fix(50.0, 0));
    depot.provider.place(SECOND, fix(51.0, 0));
    let tasks = (0..24).map(|number: u32| {
        let depot = Arc::clone(&depot);
        tokio::spawn(async move {
            match number % 4 {
                0 => depot.toggle(depot.second, number.is_multiple_of(8)).await,
                1 => depot.toggle(depot.first, number % 8 == 1).await,
                _ => drop(depot.poll().await),
            }
        })
    });
    for task in join_all(tasks).await {
        task.unwrap();
    }
    depot.toggle(depot.first, false).await;
    depot.toggle(depot.second, false).await;
    let before = depot.stored().await;
    depot.provider.place(FIRST, fix(50.001, 10));
    depot.provider.place(SECOND, fix(51.001, 10));
    assert_eq!(depot.poll().await, Polled::Nothing);
    assert_eq!(depot.stored().await, before);
}

#[tokio::test]
async fn another_companys_tracker_is_unknown() {
    let depot = Depot::new().await;
    let cause = Cause::default();
    for (company, tracker) in [(CompanyId::new(), depot.second), (depot.company_id, TrackerId::new())] {
        let work = Work::Own(depot.db.pool.clone());
        let refused = account::toggle(&work, depot.clock.now(), company, tracker, true, &cause).await;
        assert!(matches!(refused, Err(AppError::NotFound(Noun::Tracker))), "{refused:?}");
    }
    assert!(!depot.tracker(depot.second).await.enabled);
    assert_eq!(depot.polls().await, 0);
    assert_eq!(depot.poll().await, positions(0, 0));
}
