//! Publishing feeds on a real database.

use std::collections::BTreeMap;

use app::timetable::{ImportError, ImportOptions, ImportReport, Outcome, import};
use app::{city, company};
use chrono::{DateTime, TimeDelta, Utc};
use db::company::NewCompany;
use sqlx::{PgPool, Row};
use testing::database::TestDb;
use testing::feed::TestFeed;
use testing::world::operator;

mod doubt;
mod feeds;
mod fetch;
mod identity;
mod invariant;
mod load;
mod model;
mod price;
mod publication;
mod shop;
mod sold;

const CITIES: &str = "geonameid,slug,name,country,timezone,lat,lon,population\n\
    703448,kyiv,Kyiv,UA,Europe/Kyiv,50.45466,30.5238,2952301\n\
    686967,zhytomyr,Zhytomyr,UA,Europe/Kyiv,50.26235,28.67913,261624\n\
    695594,rivne,Rivne,UA,Europe/Kyiv,50.62036,26.23695,243873\n\
    702550,lviv,Lviv,UA,Europe/Kyiv,49.83826,24.02324,717273\n\
    2643743,london,London,GB,Europe/London,51.50853,-0.12574,8961989\n";

fn now() -> DateTime<Utc> {
    "2026-11-21T12:00:00Z".parse().unwrap()
}

pub async fn world() -> PgPool {
    let pool = TestDb::new().await.pool;
    city::import(&pool, None, CITIES.as_bytes(), None).await.unwrap();
    pool
}

pub async fn publish(pool: &PgPool, feed: &TestFeed) -> ImportReport {
    import(pool, now(), &feed.source(), &ImportOptions::default())
        .await
        .unwrap()
}

pub async fn version(pool: &PgPool) -> i64 {
    sqlx::query_scalar("select version from publication")
        .fetch_one(pool)
        .await
        .unwrap()
}

/// Keys and ids of a table of the tiny feed, and whether they are withdrawn.
async fn ids(pool: &PgPool, table: &str, key: &str) -> BTreeMap<String, (uuid::Uuid, bool)> {
    let sql = format!("select {key} as key, id, withdrawn_at is not null as gone from {table}");
    let rows = sqlx::query(sqlx::AssertSqlSafe(sql)).fetch_all(pool).await.unwrap();
    rows.iter()
        .map(|r| (r.get("key"), (r.get("id"), r.get("gone"))))
        .collect()
}

#[tokio::test]
async fn a_feed_is_published_and_an_unchanged_one_does_nothing() {
    let pool = world().await;
    let before = version(&pool).await;
    let report = publish(&pool, &TestFeed::tiny()).await;
    assert_eq!((report.outcome, report.feed.as_str()), (Outcome::New, "tiny"));
    assert_eq!((report.dated_departures, report.count("stop times").new), (184, 8));
    assert!(
        report.stops_without_city.is_empty() && report.findings.flaws.is_empty(),
        "{report}"
    );
    assert_eq!(version(&pool).await, before + 1);
    let bus = sqlx::query("select key, seats from buses")
        .fetch_one(&pool)
        .await
        .unwrap();
    assert_eq!((bus.get::<&str, _>("key"), bus.get::<i16, _>("seats")), ("bus-1", 51));
    let company = sqlx::query("select slug, name, time_zone from companies")
        .fetch_one(&pool)
        .await
        .unwrap();
    assert_eq!(
        (company.get::<&str, _>(0), company.get::<&str, _>(1)),
        ("tiny", "Tiny Lines")
    );
    assert_eq!(company.get::<&str, _>(2), "Europe/Kyiv");

    let again = publish(&pool, &TestFeed::tiny()).await;
    assert_eq!(again.outcome, Outcome::Unchanged);
    assert_eq!(version(&pool).await, before + 1);
}

#[tokio::test]
async fn importing_again_keeps_ids_and_withdraws_what_disappeared() {
    let pool = world().await;
    publish(&pool, &TestFeed::tiny()).await;
    let stops = ids(&pool, "stops", "feed_stop_id").await;
    let trips = ids(&pool, "trips", "feed_trip_id").await;

    let smaller = TestFeed::tiny()
        .replace("trips.txt", "K1,daily,night,bus-1\n", "")
        .replace("stops.txt", "stop_id,", "stop_id,")
        .file(
            "stop_times.txt",
            "trip_id,arrival_time,departure_time,stop_id,stop_sequence\nday,9:00,9:00,kyiv,1\nday,17:00,17:00,lviv,2\n",
        )
        .replace("stops.txt", "rivne,Rivne,,50.62036,26.23695,rivne,\n", "")
        .replace("fare_rules.txt", "short,K1,zhytomyr,rivne\n", "");
    let report = publish(&pool, &smaller).await;
    assert_eq!(report.outcome, Outcome::Updated);
    assert_eq!(
        (report.count("trips").withdrawn, report.count("stops").withdrawn),
        (1, 1)
    );
    assert_eq!(
        (report.count("stop times").changed, report.count("fares").withdrawn),
        (2, 1)
    );
    let after = ids(&pool, "trips", "feed_trip_id").await;
    assert_eq!(after["day"], trips["day"]);
    assert_eq!(after["night"], (trips["night"].0, true));
    assert_eq!(
        ids(&pool, "stops", "feed_stop_id").await["rivne"],
        (stops["rivne"].0, true)
    );

    let report = publish(&pool, &TestFeed::tiny()).await;
    assert_eq!((report.count("trips").changed, report.count("trips").new), (1, 0));
    assert_eq!(ids(&pool, "trips", "feed_trip_id").await, trips);
    assert_eq!(ids(&pool, "stops", "feed_stop_id").await, stops);
    assert_eq!(publish(&pool, &TestFeed::tiny()).await.outcome, Outcome::Unchanged);
}

#[tokio::test]
async fn a_refused_feed_changes_nothing() {
    let pool = world().await;
    publish(&pool, &TestFeed::tiny()).await;
    let before = version(&pool).await;
    let dirty = TestFeed::tiny().replace(
        "stop_times.txt",
        "day,10:00:00,10:10:00,zhytomyr",
        "day,10:00:00,10:10:00,x",
    );
    let strict = ImportOptions {
        strict: true,
        ..ImportOptions::default()
    };
    let refusal = import(&pool, now(), &dirty.source(), &strict).await.unwrap_err();
    assert!(
        matches!(&refusal, ImportError::Strict(findings) if findings.flaws.len() == 1),
        "{refusal}"
    );
    let refusal = import(&pool, now(), &TestFeed::tiny().without("routes.txt").source(), &strict)
        .await
        .unwrap_err();
    assert_eq!(refusal.to_string(), "feed refused: routes.txt is missing");
    let nobody = ImportOptions {
        company: Some("nobody".to_owned()),
        ..ImportOptions::default()
    };
    assert!(import(&pool, now(), &TestFeed::tiny().source(), &nobody).await.is_err());
    assert_eq!(version(&pool).await, before);
    let feeds: i64 = sqlx::query_scalar("select count(*) from feeds")
        .fetch_one(&pool)
        .await
        .unwrap();
    assert_eq!(feeds, 1);
}

#[tokio::test]
async fn a_feed_for_a_company_makes_its_agencies_carriers() {
    let pool = world().await;
    publish(&pool, &TestFeed::tiny()).await;
    let acme = NewCompany {
        slug: "acme".to_owned(),
        name: "Acme".to_owned(),
        time_zone: "Europe/Warsaw".to_owned(),
        ..NewCompany::default()
    };
    company::create(&pool, now(), &operator(), &acme).await.unwrap();
    let options = ImportOptions {
        company: Some("acme".to_owned()),
        seats: Some(19),
        new_feed: true,
        ..ImportOptions::default()
    };
    let report = import(&pool, now(), &TestFeed::tiny().source(), &options)
        .await
        .unwrap();
    assert_eq!((report.outcome, report.feed.as_str()), (Outcome::New, "acme/tiny"));
    let rows = sqlx::query(
        "select c.slug, k.name, k.phones from routes r join companies c on c.id = r.company_id
         join carriers k on k.id = r.carrier_id order by c.slug",
    );
    let rows = rows.fetch_all(&pool).await.unwrap();
    let slugs: Vec<&str> = rows.iter().map(|r| r.get(0)).collect();
    assert_eq!(slugs, ["acme", "tiny"]);
    assert_eq!(rows[0].get::<&str, _>(1), "Tiny Lines");
    assert_eq!(rows[0].get::<Vec<String>, _>(2), ["+380441234567"]);
}

#[tokio::test]
async fn a_synthetic_feed_says_so_wherever_people_look() {
    let pool = world().await;
    let feed = TestFeed::tiny().file("feed_info.txt", "feed_publisher_name\nSYNTHETIC demo\n");
    assert!(publish(&pool, &feed).await.synthetic);
    let marked: i64 = sqlx::query_scalar(
        "select (select count(*) from companies where name = 'Tiny Lines (SYNTHETIC)')
              + (select count(*) from carriers where name = 'Tiny Lines (SYNTHETIC)')
              + (select count(*) from stops where address like '%SYNTHETIC%')",
    )
    .fetch_one(&pool)
    .await
    .unwrap();
    assert_eq!(marked, 1 + 1 + 4);
}

#[tokio::test]
async fn stops_far_from_every_city_are_reported() {
    let pool = world().await;
    let lost = TestFeed::tiny().replace("stops.txt", "50.62036,26.23695", "4.62036,26.23695");
    let report = publish(&pool, &lost).await;
    assert_eq!(report.stops_without_city, ["\"rivne\" Rivne (4.62036, 26.23695)"]);
    assert_eq!(report.dated_departures, 184);
}

#[tokio::test]
async fn cities_keep_their_ids_and_foreign_countries_are_passed_over() {
    let pool = TestDb::new().await.pool;
    let names = "geonameid,name_uk,name_pl\n703448,Київ,Kijów\n1,Нема,Nie ma\n";
    let report = city::import(&pool, None, CITIES.as_bytes(), Some(names.as_bytes()))
        .await
        .unwrap();
    assert_eq!((report.read, report.written, report.names), (4, 4, 2));
    assert_eq!(report.passed_over, BTreeMap::from([("GB".to_owned(), 1)]));
    let ids = "select array_agg(id order by slug) from cities";
    let before: Vec<uuid::Uuid> = sqlx::query_scalar(ids).fetch_one(&pool).await.unwrap();
    let published = version(&pool).await;
    let again = city::import(&pool, None, CITIES.as_bytes(), Some(names.as_bytes()))
        .await
        .unwrap();
    assert_eq!((again.written, again.names, version(&pool).await), (0, 0, published));
    let changed = CITIES.replace("Lviv,UA", "Lwów,UA");
    let report = city::import(&pool, None, changed.as_bytes(), None).await.unwrap();
    assert_eq!((report.written, version(&pool).await), (1, published + 1));
    assert_eq!(
        sqlx::query_scalar::<_, Vec<uuid::Uuid>>(ids)
            .fetch_one(&pool)
            .await
            .unwrap(),
        before
    );
    assert!(city::import(&pool, None, b"geonameid,slug\n", None).await.is_err());
}

#[tokio::test]
async fn a_shifted_calendar_keeps_the_same_import_all_day_and_the_window_moves_with_the_weeks() {
    let pool = world().await;
    let past = TestFeed::tiny().replace("calendar.txt", "20261101,20270131", "20250101,20250331");
    let options = ImportOptions {
        shift_calendar: true,
        ..ImportOptions::default()
    };
    let at = |days: i64| now() + TimeDelta::days(days);
    let outcome = async |days: i64| import(&pool, at(days), &past.source(), &options).await.unwrap().outcome;
    assert_eq!(outcome(0).await, Outcome::New);
    assert_eq!(outcome(0).await, Outcome::Unchanged);
    assert_eq!(outcome(30).await, Outcome::Updated);
    let trips: i64 = sqlx::query_scalar("select count(*) from trips")
        .fetch_one(&pool)
        .await
        .unwrap();
    assert_eq!(trips, 2);
}
