//! Feeds that are fetched, and fetched again.

use std::time::Duration;

use app::timetable::{FetchImportError, ImportOptions, ImportReport, Outcome, fetch_and_import};
use clients::Timeouts;
use clients::gtfs_source::{Address, Fetcher, MOST_DOWNLOAD, SourceError};
use sqlx::PgPool;
use testing::feed::TestFeed;
use testing::feed_server::{Answer, FeedServer};

use super::{now, version, world};

async fn fetch(pool: &PgPool, url: &str, options: &ImportOptions) -> Result<ImportReport, FetchImportError> {
    let hang = Duration::from_secs(60);
    let fetcher = Fetcher::new(
        Timeouts {
            step: hang,
            total: hang,
        },
        MOST_DOWNLOAD,
    )
    .unwrap();
    fetch_and_import(pool, now(), &fetcher, &Address::parse(url).unwrap(), None, options).await
}

fn answer(feed: &TestFeed, etag: &str) -> Answer {
    Answer::ok(feed.zipped()).header("ETag", etag)
}

#[tokio::test]
async fn a_feed_is_fetched_again_only_when_something_changed() {
    let (pool, server) = (world().await, FeedServer::start().await);
    let (url, options) = (server.url("/tiny.zip?key=k"), ImportOptions::default());
    server.answer("/tiny.zip?key=k", answer(&TestFeed::tiny(), "\"v1\""));
    sqlx::query(
        "insert into exchange_rates (base, quote, rate, updated_at)
         values ('EUR', 'UAH', 50, now()), ('EUR', 'PLN', 4, now()), ('EUR', 'CZK', 24, now()),
                ('USD', 'UAH', 42, now()), ('USD', 'PLN', 3, now()), ('USD', 'CZK', 20, now())",
    )
    .execute(&pool)
    .await
    .unwrap();
    let report = fetch(&pool, &url, &options).await.unwrap();
    assert_eq!((report.outcome, report.feed.as_str()), (Outcome::New, "tiny"));
    let before = version(&pool).await;

    let conditional = || server.asked().last().unwrap().contains("if-none-match");
    let again = fetch(&pool, &url, &options).await.unwrap();
    assert_eq!((again.outcome, again.feed.as_str()), (Outcome::Unchanged, "tiny"));
    assert_eq!(again.dated_departures, report.dated_departures);
    assert!(conditional());

    // The same bytes under a new name change nothing, and the new name is known from then on.
    server.answer("/tiny.zip?key=k", answer(&TestFeed::tiny(), "\"v2\""));
    for _ in 0..2 {
        assert_eq!(fetch(&pool, &url, &options).await.unwrap().outcome, Outcome::Unchanged);
    }
    assert!(server.asked().last().unwrap().contains("if-none-match: \"v2\""));
    assert_eq!(version(&pool).await, before);

    // Other terms make another timetable of the same bytes, and so do other cities.
    let seats = ImportOptions {
        tariff: Some("EUR:2.00+0.055/km".parse().unwrap()),
        ..ImportOptions::default()
    };
    assert_eq!(fetch(&pool, &url, &seats).await.unwrap().outcome, Outcome::Updated);
    assert!(!conditional());
    sqlx::query("update cities set latitude = latitude + 0.001 where slug = 'kyiv'")
        .execute(&pool)
        .await
        .unwrap();
    assert_eq!(fetch(&pool, &url, &seats).await.unwrap().outcome, Outcome::Updated);
    assert!(!conditional());

    // So may other rates, which distinguish fares; here they do not.
    sqlx::query("update exchange_rates set rate = rate * 2")
        .execute(&pool)
        .await
        .unwrap();
    assert_eq!(fetch(&pool, &url, &seats).await.unwrap().outcome, Outcome::Unchanged);
    assert!(!conditional());

    let changed = TestFeed::tiny().replace("fare_attributes.txt", "760.00", "790.00");
    server.answer("/tiny.zip?key=k", answer(&changed, "\"v3\""));
    assert_eq!(fetch(&pool, &url, &seats).await.unwrap().outcome, Outcome::Updated);
    let stored: String = sqlx::query_scalar("select row_to_json(feeds)::text from feeds")
        .fetch_one(&pool)
        .await
        .unwrap();
    assert!(!stored.contains("key=k"), "the address may hold a key: {stored}");
}

#[tokio::test]
async fn what_follows_the_clock_or_came_from_a_file_is_always_fetched() {
    let (pool, server) = (world().await, FeedServer::start().await);
    let url = server.url("/tiny.zip");
    server.answer("/tiny.zip", answer(&TestFeed::tiny(), "\"v1\""));
    let shifted = ImportOptions {
        shift_calendar: true,
        ..ImportOptions::default()
    };
    for _ in 0..2 {
        fetch(&pool, &url, &shifted).await.unwrap();
    }
    let options = ImportOptions::default();
    fetch(&pool, &url, &options).await.unwrap();
    super::publish(
        &pool,
        &TestFeed::tiny().replace("fare_attributes.txt", "760.00", "790.00"),
    )
    .await;
    assert_eq!(fetch(&pool, &url, &options).await.unwrap().outcome, Outcome::Updated);
    assert!(
        server.asked().iter().all(|head| !head.contains("if-none-match")),
        "{:?}",
        server.asked()
    );
}

#[tokio::test]
async fn a_feed_that_cannot_be_fetched_changes_nothing() {
    let (pool, server) = (world().await, FeedServer::start().await);
    let (url, options) = (server.url("/tiny.zip"), ImportOptions::default());
    server.answer("/tiny.zip", answer(&TestFeed::tiny(), "\"v1\""));
    fetch(&pool, &url, &options).await.unwrap();
    let before = version(&pool).await;
    for bad in [
        Answer::status(500),
        Answer::ok(b"PK, but no archive".to_vec()),
        Answer::ok(TestFeed::tiny().without("agency.txt").zipped()),
        Answer::ok(TestFeed::tiny().without("routes.txt").zipped()),
    ] {
        server.answer("/tiny.zip", bad);
        fetch(&pool, &url, &options).await.unwrap_err();
    }
    assert_eq!(version(&pool).await, before);
    server.answer("/tiny.zip", Answer::status(404));
    let refusal = fetch(&pool, &url, &options).await.unwrap_err();
    assert!(
        matches!(refusal, FetchImportError::Source(SourceError::Fetch(_))),
        "{refusal}"
    );
}
