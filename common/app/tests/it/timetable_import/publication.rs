//! Imports at the same time, and readers meanwhile.

use app::timetable::Outcome;
use testing::feed::TestFeed;

use super::{publish, version, world};

#[tokio::test]
async fn two_imports_at_once_take_turns() {
    let pool = world().await;
    let feed = TestFeed::tiny();
    let (one, two) = tokio::join!(publish(&pool, &feed), publish(&pool, &feed));
    let mut outcomes = [one.outcome, two.outcome];
    outcomes.sort_by_key(|outcome| *outcome == Outcome::Unchanged);
    assert_eq!(outcomes, [Outcome::New, Outcome::Unchanged]);
}

#[tokio::test]
async fn a_reader_sees_the_old_timetable_or_the_new_one() {
    let pool = world().await;
    // All calls of one version start at the same minute: a mix would show two.
    let at = |minute: usize| {
        let times = format!(
            "trip_id,arrival_time,departure_time,stop_id,stop_sequence\n\
            day,08:{minute:02}:00,08:{minute:02}:00,kyiv,1\nday,16:{minute:02}:00,16:{minute:02}:00,lviv,2\n\
            night,21:{minute:02}:00,21:{minute:02}:00,kyiv,1\nnight,29:{minute:02}:00,29:{minute:02}:00,lviv,2\n"
        );
        TestFeed::tiny().file("stop_times.txt", times)
    };
    let first = version(&pool).await;
    publish(&pool, &at(0)).await;
    let writer = tokio::spawn({
        let pool = pool.clone();
        async move {
            for minute in 1..20 {
                publish(&pool, &at(minute)).await;
            }
        }
    });
    let mut seen = std::collections::BTreeSet::new();
    loop {
        let done = writer.is_finished();
        let mut tx = pool.begin_with("begin isolation level repeatable read").await.unwrap();
        let version: i64 = sqlx::query_scalar("select version from publication")
            .fetch_one(&mut *tx)
            .await
            .unwrap();
        let minutes: Vec<i32> = sqlx::query_scalar("select distinct arrival / 60 % 60 from stop_times")
            .fetch_all(&mut *tx)
            .await
            .unwrap();
        assert_eq!(
            minutes,
            [i32::try_from(version - first).unwrap() - 1],
            "a timetable of one version"
        );
        seen.insert(version);
        if done {
            break;
        }
    }
    writer.await.unwrap();
    assert!(seen.contains(&(first + 20)) && seen.len() > 1, "{seen:?}");
}
