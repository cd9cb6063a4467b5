//! How stop times, the bulk of a feed, get into the database.

use std::fmt::Write as _;

use common::app::timetable::Outcome;
use common::testing::feed::TestFeed;
use sqlx::Row;
use uuid::Uuid;

use super::{publish, world};

/// Trips enough for their calls to travel in more than one message.
const TRIPS: usize = 1_300;

/// The tiny feed with many trips, one a minute, each with a row of its own for what people may do at a stop.
fn many_trips() -> TestFeed {
    let mut trips = "route_id,service_id,trip_id,block_id\n".to_owned();
    let mut calls = "trip_id,arrival_time,departure_time,stop_id,stop_sequence,pickup_type,drop_off_type\n".to_owned();
    for trip in 0..TRIPS {
        writeln!(trips, "K1,daily,t{trip},").unwrap();
        let (hour, minute) = (trip / 60, trip % 60);
        for (place, stop) in ["kyiv", "zhytomyr", "rivne", "lviv"].into_iter().enumerate() {
            let (time, end) = (format!("{:02}:{minute:02}:00", hour + place * 3), place == 3);
            let (pickup, drop_off) = (u8::from(end), u8::from(place == 0));
            writeln!(calls, "t{trip},{time},{time},{stop},{place},{pickup},{drop_off}").unwrap();
        }
    }
    TestFeed::tiny().file("trips.txt", trips).file("stop_times.txt", calls)
}

#[tokio::test]
async fn every_call_of_a_large_feed_is_stored_as_it_was_read() {
    let pool = world().await;
    let report = publish(&pool, &many_trips()).await;
    assert_eq!(report.count("stop times").new, 4 * TRIPS as u64);
    let rows = sqlx::query(
        "select t.feed_trip_id, c.position, s.feed_stop_id, c.arrival, c.departure, c.boarding, c.alighting, c.meters
         from stop_times c join trips t on t.id = c.trip_id join stops s on s.id = c.stop_id
         order by substr(t.feed_trip_id, 2)::int, c.position",
    )
    .fetch_all(&pool)
    .await
    .unwrap();
    assert_eq!(rows.len(), 4 * TRIPS);
    for (at, row) in rows.iter().enumerate() {
        let (trip, place) = (at / 4, at % 4);
        let seconds = i32::try_from(trip * 60 + place * 3 * 3_600).unwrap();
        assert_eq!(row.get::<&str, _>(0), format!("t{trip}"));
        assert_eq!(row.get::<i16, _>(1), i16::try_from(place).unwrap());
        assert_eq!(row.get::<&str, _>(2), ["kyiv", "zhytomyr", "rivne", "lviv"][place]);
        assert_eq!((row.get::<i32, _>(3), row.get::<i32, _>(4)), (seconds, seconds));
        assert_eq!((row.get::<bool, _>(5), row.get::<bool, _>(6)), (place != 3, place != 0));
        assert_eq!(row.get::<i32, _>(7) == 0, place == 0);
    }
    assert_eq!(publish(&pool, &many_trips()).await.outcome, Outcome::Unchanged);
}

#[tokio::test]
async fn a_stop_time_of_an_unknown_trip_or_stop_is_refused() {
    let pool = world().await;
    publish(&pool, &TestFeed::tiny()).await;
    let trip: Uuid = sqlx::query_scalar("select id from trips limit 1")
        .fetch_one(&pool)
        .await
        .unwrap();
    let stop: Uuid = sqlx::query_scalar("select id from stops limit 1")
        .fetch_one(&pool)
        .await
        .unwrap();
    for (trip, stop, constraint) in [
        (Uuid::nil(), stop, "stop_times_trip_fkey"),
        (trip, Uuid::nil(), "stop_times_stop_fkey"),
    ] {
        let insert =
            "insert into stop_times (trip_id, position, stop_id, arrival, departure, boarding, alighting, meters)
                      values ($1, 100, $2, 0, 0, true, true, 0)";
        let refused = sqlx::query(insert)
            .bind(trip)
            .bind(stop)
            .execute(&pool)
            .await
            .unwrap_err();
        let refused = refused.as_database_error().unwrap();
        assert_eq!(
            (refused.code().as_deref(), refused.constraint()),
            (Some("23503"), Some(constraint))
        );
    }
}

#[tokio::test]
async fn stop_times_have_no_index_that_only_imports_would_pay_for() {
    let pool = world().await;
    let indexes: Vec<String> =
        sqlx::query_scalar("select indexname::text from pg_indexes where tablename = 'stop_times'")
            .fetch_all(&pool)
            .await
            .unwrap();
    assert_eq!(indexes, ["stop_times_pkey"]);
}
