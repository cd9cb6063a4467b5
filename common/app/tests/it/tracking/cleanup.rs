//! Retention drops whole days.

use app::tracking::clean_up;
use chrono::TimeDelta;

use crate::tracking::support::{Depot, FIRST, fix, positions};

#[tokio::test]
async fn days_past_the_retention_are_dropped_whole() {
    let depot = Depot::new().await;
    for (latitude, day) in [(50.0, -29), (50.1, -28), (50.2, 0)] {
        depot.provider.place(FIRST, fix(latitude, day * 86_400));
        assert_eq!(depot.poll().await, positions(1, 0));
    }
    let clean_up = async |days| {
        clean_up(&depot.db.pool, depot.clock.now(), TimeDelta::days(days))
            .await
            .unwrap()
    };
    assert_eq!(clean_up(30).await, 0);
    assert_eq!(clean_up(28).await, 1);
    assert_eq!(depot.stored().await, [50.1, 50.2]);
    assert_eq!(clean_up(28).await, 0);
    depot.clock.advance(TimeDelta::days(60));
    assert_eq!(clean_up(28).await, 2);
    assert!(depot.stored().await.is_empty());
    // The partitions of the days are created again when they are needed.
    depot.provider.place(FIRST, fix(50.3, 59 * 86_400));
    assert_eq!(depot.poll().await, positions(1, 0));
}
