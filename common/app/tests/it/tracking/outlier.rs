//! Positions that are wrong, and times that are odd.

use chrono::TimeDelta;
use domain::position::RawFix;

use crate::tracking::support::{Depot, FIRST, fix, positions, start};

/// Where a tracker is until it has found a satellite: its maker's.
fn at_the_makers(seconds: i64) -> RawFix {
    RawFix {
        longitude: 114.06,
        ..fix(22.54, seconds)
    }
}

#[tokio::test]
async fn a_first_position_that_was_wrong_gives_way_and_leaves_the_track() {
    for depot in [Depot::new().await, Depot::gtfs_realtime().await] {
        depot.provider.place(FIRST, at_the_makers(0));
        assert_eq!(depot.poll().await, positions(1, 0));
        for (n, expected) in [
            (1, positions(0, 1)),
            (2, positions(0, 1)),
            (3, positions(1, 0)),
            (4, positions(1, 0)),
        ] {
            depot.clock.advance(TimeDelta::seconds(30));
            depot
                .provider
                .place(FIRST, fix(50.0 + 0.001 * f64::from(n), 30 * i64::from(n)));
            assert_eq!(depot.poll().await, expected, "position {n}");
            // Polled again before the tracker says more: it is the same position.
            assert_eq!(depot.poll().await, positions(0, 0));
        }
        assert_eq!(depot.tracker(depot.first).await.latitude, Some(50.004));
        assert_eq!(depot.stored().await, [50.003, 50.004]);
        assert_eq!(depot.dropped(depot.first).await, 2);
    }
}

#[tokio::test]
async fn a_lone_outlier_is_dropped_and_forgotten() {
    let depot = Depot::new().await;
    for n in 0..12 {
        depot.clock.advance(TimeDelta::seconds(30));
        let is_wrong = n % 4 == 3;
        let seconds = 30 * (n + 1);
        depot.provider.place(
            FIRST,
            if is_wrong {
                at_the_makers(seconds)
            } else {
                fix(50.0, seconds)
            },
        );
        assert_eq!(
            depot.poll().await,
            positions(usize::from(!is_wrong), usize::from(is_wrong))
        );
        assert_eq!(depot.tracker(depot.first).await.latitude, Some(50.0));
    }
}

/// A process whose clock was a day ahead has stored a position.
#[tokio::test]
async fn a_position_from_the_future_freezes_no_bus() {
    let depot = Depot::new().await;
    depot.clock.advance(TimeDelta::hours(26));
    depot.provider.place(FIRST, fix(50.0, 26 * 3600));
    assert_eq!(depot.poll().await, positions(1, 0));
    depot.clock.advance(TimeDelta::hours(-26));
    depot.provider.place(FIRST, fix(50.001, -10));
    assert_eq!(depot.poll().await, positions(1, 0));
    let tracker = depot.tracker(depot.first).await;
    assert_eq!(
        (tracker.latitude, tracker.recorded_at),
        (Some(50.001), Some(start() - TimeDelta::seconds(10)))
    );
}

#[tokio::test]
async fn odd_times_are_read_or_dropped() {
    let now = start().timestamp();
    let depot = Depot::new().await;
    for (time, expected) in [
        (0, positions(0, 1)),
        (-5, positions(0, 1)),
        (now - 1024 * 7 * 86_400, positions(0, 1)),
        (now + 86_400, positions(0, 1)),
        ((now - 60) * 1000 + 250, positions(1, 0)),
        ((now - 30) * 1_000_000, positions(1, 0)),
        (now, positions(1, 0)),
    ] {
        let recorded_at = time;
        depot.provider.place(
            FIRST,
            RawFix {
                recorded_at,
                ..fix(50.0, 0)
            },
        );
        assert_eq!(depot.poll().await, expected, "{time}");
    }
    let times: Vec<i64> =
        sqlx::query_scalar("select extract(epoch from recorded_at)::bigint from positions order by 1")
            .fetch_all(&depot.db.pool)
            .await
            .unwrap();
    assert_eq!(times, [now - 60, now - 30, now]);
}
