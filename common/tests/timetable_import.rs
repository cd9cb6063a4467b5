//! Publishing feeds on a real database.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use common::app::timetable::{ImportError, ImportOptions, ImportReport, Outcome, import};
use common::app::{city, company};
use common::db::company::NewCompany;
use common::db::publication;
use common::domain::order::TicketStatus;
use common::id::{TicketId, TripId};
use common::testing::database::TestDb;
use common::testing::feed::TestFeed;
use common::testing::sales::{Sale, sell};
use sqlx::{PgPool, Row};

const CITIES: &str = "geonameid,slug,name,country,timezone,lat,lon,population\n\
    703448,kyiv,Kyiv,UA,Europe/Kyiv,50.45466,30.5238,2952301\n\
    686967,zhytomyr,Zhytomyr,UA,Europe/Kyiv,50.26235,28.67913,261624\n\
    695594,rivne,Rivne,UA,Europe/Kyiv,50.62036,26.23695,243873\n\
    702550,lviv,Lviv,UA,Europe/Kyiv,49.83826,24.02324,717273\n\
    2643743,london,London,GB,Europe/London,51.50853,-0.12574,8961989\n";

fn now() -> DateTime<Utc> {
    "2026-11-21T12:00:00Z".parse().unwrap()
}

fn day() -> NaiveDate {
    "2026-12-01".parse().unwrap()
}

async fn world() -> PgPool {
    let pool = TestDb::new().await.pool;
    city::import(&pool, CITIES.as_bytes(), None).await.unwrap();
    pool
}

async fn publish(pool: &PgPool, feed: &TestFeed) -> ImportReport {
    import(pool, now(), &feed.source(), &ImportOptions::default()).await.unwrap()
}

async fn version(pool: &PgPool) -> i64 {
    sqlx::query_scalar("select version from publication").fetch_one(pool).await.unwrap()
}

/// Keys and ids of a table of the tiny feed, and whether they are withdrawn.
async fn ids(pool: &PgPool, table: &str, key: &str) -> BTreeMap<String, (uuid::Uuid, bool)> {
    let sql = format!("select {key} as key, id, withdrawn_at is not null as gone from {table}");
    let rows = sqlx::query(sqlx::AssertSqlSafe(sql)).fetch_all(pool).await.unwrap();
    rows.iter().map(|r| (r.get("key"), (r.get("id"), r.get("gone")))).collect()
}

async fn trip(pool: &PgPool, key: &str) -> TripId {
    TripId(ids(pool, "trips", "feed_trip_id").await[key].0)
}

#[tokio::test]
async fn a_feed_is_published_and_an_unchanged_one_does_nothing() {
    let pool = world().await;
    let before = version(&pool).await;
    let report = publish(&pool, &TestFeed::tiny()).await;
    assert_eq!((report.outcome, report.feed.as_str()), (Outcome::New, "tiny"));
    assert_eq!((report.dated_departures, report.count("stop times").new), (184, 8));
    assert!(report.stops_without_city.is_empty() && report.findings.flaws.is_empty(), "{report}");
    assert_eq!(version(&pool).await, before + 1);
    let bus = sqlx::query("select key, seats from buses").fetch_one(&pool).await.unwrap();
    assert_eq!((bus.get::<&str, _>("key"), bus.get::<i16, _>("seats")), ("bus-1", 51));
    let company = sqlx::query("select slug, name, time_zone from companies").fetch_one(&pool).await.unwrap();
    assert_eq!((company.get::<&str, _>(0), company.get::<&str, _>(1)), ("tiny", "Tiny Lines"));
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
        .file("stop_times.txt", "trip_id,arrival_time,departure_time,stop_id,stop_sequence\nday,9:00,9:00,kyiv,1\nday,17:00,17:00,lviv,2\n")
        .replace("stops.txt", "rivne,Rivne,,50.62036,26.23695,rivne,\n", "")
        .replace("fare_rules.txt", "short,K1,zhytomyr,rivne\n", "");
    let report = publish(&pool, &smaller).await;
    assert_eq!(report.outcome, Outcome::Updated);
    assert_eq!((report.count("trips").withdrawn, report.count("stops").withdrawn), (1, 1));
    assert_eq!((report.count("stop times").changed, report.count("fares").withdrawn), (2, 1));
    let after = ids(&pool, "trips", "feed_trip_id").await;
    assert_eq!(after["day"], trips["day"]);
    assert_eq!(after["night"], (trips["night"].0, true));
    assert_eq!(ids(&pool, "stops", "feed_stop_id").await["rivne"], (stops["rivne"].0, true));

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
    let dirty = TestFeed::tiny().replace("stop_times.txt", "day,10:00:00,10:10:00,zhytomyr", "day,10:00:00,10:10:00,x");
    let strict = ImportOptions {
        strict: true,
        ..ImportOptions::default()
    };
    let refusal = import(&pool, now(), &dirty.source(), &strict).await.unwrap_err();
    assert!(matches!(&refusal, ImportError::Strict(findings) if findings.flaws.len() == 1), "{refusal}");
    let refusal = import(&pool, now(), &TestFeed::tiny().without("routes.txt").source(), &strict).await.unwrap_err();
    assert_eq!(refusal.to_string(), "feed refused: routes.txt is missing");
    let nobody = ImportOptions {
        company: Some("nobody".to_owned()),
        ..ImportOptions::default()
    };
    assert!(import(&pool, now(), &TestFeed::tiny().source(), &nobody).await.is_err());
    assert_eq!(version(&pool).await, before);
    let feeds: i64 = sqlx::query_scalar("select count(*) from feeds").fetch_one(&pool).await.unwrap();
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
    company::create(&pool, now(), &acme).await.unwrap();
    let options = ImportOptions {
        company: Some("acme".to_owned()),
        seats: Some(19),
        ..ImportOptions::default()
    };
    let report = import(&pool, now(), &TestFeed::tiny().source(), &options).await.unwrap();
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

async fn sold(pool: &PgPool, from: i16, to: i16, seat: i16, status: TicketStatus) -> TicketId {
    let trip_id = trip(pool, "day").await;
    let mut conn = pool.acquire().await.unwrap();
    sell(&mut conn, Sale { trip_id, day: day(), from, to, seat, status }).await
}

/// Positions, boarding instant of ticket and booking, seat and held stretch of a ticket.
async fn ticket(pool: &PgPool, id: TicketId) -> (i16, i16, DateTime<Utc>, DateTime<Utc>, i16, Option<String>) {
    let row = sqlx::query(
        "select t.boarding_position, t.alighting_position, t.boarding_at, b.departure_at, t.seat, h.stretch::text
         from tickets t join bookings b on b.id = t.booking_id left join seat_holds h on h.ticket_id = t.id
         where t.id = $1",
    );
    let row = row.bind(id).fetch_one(pool).await.unwrap();
    (row.get(0), row.get(1), row.get(2), row.get(3), row.get(4), row.get(5))
}

async fn is_closed(pool: &PgPool) -> bool {
    sqlx::query_scalar("select closed_at is not null from departures").fetch_one(pool).await.unwrap()
}

#[tokio::test]
async fn sold_tickets_follow_new_stops_and_times() {
    let pool = world().await;
    publish(&pool, &TestFeed::tiny()).await;
    let first = sold(&pool, 0, 1, 7, TicketStatus::Confirmed).await;
    let second = sold(&pool, 1, 3, 7, TicketStatus::Processing).await;
    let over = sold(&pool, 0, 2, 9, TicketStatus::Canceled).await;
    let before = ticket(&pool, second).await;
    assert_eq!((before.2, before.5.as_deref()), ("2026-12-01T08:10:00Z".parse().unwrap(), Some("[1,3)")));

    // A stop before Zhytomyr is new, Rivne (which only the canceled ticket used) is gone, all is an hour later.
    let changed = TestFeed::tiny()
        .replace("stops.txt", "rivne,Rivne,,50.62036,26.23695,rivne", "makariv,Makariv,,50.46,29.81,makariv")
        .replace(
            "stop_times.txt",
            "day,08:00:00,08:00:00,kyiv,1,0,1\nday,10:00:00,10:10:00,zhytomyr,2,0,0\nday,13:00:00,13:10:00,rivne,3,0,0\nday,16:00:00,16:00:00,lviv,4,1,0\n",
            "day,09:00:00,09:00:00,kyiv,1,0,1\nday,10:00,10:00,makariv,2,0,0\nday,11:00:00,11:10:00,zhytomyr,3,0,0\nday,17:00:00,17:00:00,lviv,4,1,0\n",
        );
    let report = publish(&pool, &changed).await;
    assert_eq!((report.sold.moved, report.sold.closed.len()), (1, 0), "{report}");
    let nine: DateTime<Utc> = "2026-12-01T07:00:00Z".parse().unwrap();
    let eleven: DateTime<Utc> = "2026-12-01T09:10:00Z".parse().unwrap();
    assert_eq!(ticket(&pool, first).await, (0, 2, nine, nine, 7, Some("[0,2)".to_owned())));
    assert_eq!(ticket(&pool, second).await, (2, 3, eleven, eleven, 7, Some("[2,3)".to_owned())));
    let canceled = ticket(&pool, over).await;
    assert!(canceled.0 < canceled.1 && canceled.5.is_none(), "{canceled:?}");
    assert!(!is_closed(&pool).await);
    let calls: Vec<DateTime<Utc>> =
        sqlx::query_scalar("select departure_at from departure_calls order by position").fetch_all(&pool).await.unwrap();
    assert_eq!((calls.len(), calls[0], calls[2]), (4, nine, eleven));
}

#[tokio::test]
async fn a_departure_whose_tickets_cannot_follow_is_closed_as_sold_and_opened_again() {
    let pool = world().await;
    publish(&pool, &TestFeed::tiny()).await;
    let id = sold(&pool, 1, 2, 3, TicketStatus::Confirmed).await;
    let before = ticket(&pool, id).await;
    for (case, changed) in [
        ("stop", TestFeed::tiny().replace("stop_times.txt", "day,13:00:00,13:10:00,rivne,3,0,0\n", "")),
        ("day", TestFeed::tiny().file("calendar_dates.txt", "service_id,date,exception_type\ndaily,20261201,2\n")),
        ("trip", TestFeed::tiny().replace("trips.txt", "K1,daily,day,bus-1\n", "")),
    ] {
        let report = publish(&pool, &changed).await;
        assert_eq!(report.sold.closed.len(), 1, "{case}: {report}");
        assert!(is_closed(&pool).await, "{case}");
        assert_eq!(ticket(&pool, id).await, before, "{case}");
        let report = publish(&pool, &TestFeed::tiny()).await;
        assert_eq!((report.sold.reopened, is_closed(&pool).await), (1, false), "{case}");
        assert_eq!(ticket(&pool, id).await, before, "{case}");
    }
}

#[tokio::test]
async fn a_smaller_bus_keeps_sold_seats_and_says_so() {
    let pool = world().await;
    publish(&pool, &TestFeed::tiny()).await;
    let id = sold(&pool, 0, 3, 51, TicketStatus::Confirmed).await;
    let report = publish(&pool, &TestFeed::tiny().replace("vehicles.csv", "51", "49")).await;
    assert_eq!(report.sold.overbooked, ["trip \"day\" on 2026-12-01: seat 51 is sold, the bus has 49"]);
    assert_eq!(ticket(&pool, id).await.4, 51);
    let seats: i16 = sqlx::query_scalar("select seats from departures").fetch_one(&pool).await.unwrap();
    assert_eq!(seats, 49);
}

#[tokio::test]
async fn a_departure_that_has_arrived_is_left_as_it_was() {
    let pool = world().await;
    publish(&pool, &TestFeed::tiny()).await;
    let id = sold(&pool, 1, 2, 3, TicketStatus::Confirmed).await;
    let before = ticket(&pool, id).await;
    let late = "2026-12-02T12:00:00Z".parse().unwrap();
    let changed = TestFeed::tiny().replace("trips.txt", "K1,daily,day,bus-1\n", "");
    let report = import(&pool, late, &changed.source(), &ImportOptions::default()).await.unwrap();
    assert!(report.sold.closed.is_empty(), "{report}");
    assert_eq!((ticket(&pool, id).await, is_closed(&pool).await), (before, false));
}

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
        let times = format!("trip_id,arrival_time,departure_time,stop_id,stop_sequence\n\
            day,08:{minute:02}:00,08:{minute:02}:00,kyiv,1\nday,16:{minute:02}:00,16:{minute:02}:00,lviv,2\n\
            night,21:{minute:02}:00,21:{minute:02}:00,kyiv,1\nnight,29:{minute:02}:00,29:{minute:02}:00,lviv,2\n");
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
        let version: i64 = sqlx::query_scalar("select version from publication").fetch_one(&mut *tx).await.unwrap();
        let minutes: Vec<i32> = sqlx::query_scalar("select distinct arrival / 60 % 60 from stop_times")
            .fetch_all(&mut *tx)
            .await
            .unwrap();
        assert_eq!(minutes, [i32::try_from(version - first).unwrap() - 1], "a timetable of one version");
        seen.insert(version);
        if done {
            break;
        }
    }
    writer.await.unwrap();
    assert!(seen.contains(&(first + 20)) && seen.len() > 1, "{seen:?}");
}

#[tokio::test]
async fn a_first_sale_and_an_import_agree_on_the_version() {
    let pool = world().await;
    publish(&pool, &TestFeed::tiny()).await;
    let before = version(&pool).await;
    let trip_id = trip(&pool, "day").await;
    let mut sale = pool.begin().await.unwrap();
    assert_eq!(publication::hold(&mut sale).await.unwrap(), before);
    let later = TestFeed::tiny().replace("stop_times.txt", "day,08:00:00,08:00:00", "day,07:30:00,07:30:00");
    let importing = tokio::spawn({
        let pool = pool.clone();
        async move { publish(&pool, &later).await }
    });
    // The import gets as far as the lock that the sale shares, and waits there.
    let waiting = "select count(*) from pg_locks where locktype = 'advisory' and not granted
                   and database = (select oid from pg_database where datname = current_database())";
    while sqlx::query_scalar::<_, i64>(waiting).fetch_one(&pool).await.unwrap() == 0 {
        assert!(!importing.is_finished(), "an import must not overtake a first sale");
        tokio::task::yield_now().await;
    }
    let (day, status) = (day(), TicketStatus::Confirmed);
    let id = sell(&mut sale, Sale { trip_id, day, from: 0, to: 3, seat: 1, status }).await;
    sale.commit().await.unwrap();
    let report = importing.await.unwrap();
    assert_eq!(report.sold.moved, 1, "{report}");
    assert_eq!(ticket(&pool, id).await.2, "2026-12-01T05:30:00Z".parse::<DateTime<Utc>>().unwrap());
    let mut next = pool.begin().await.unwrap();
    assert_eq!(publication::hold(&mut next).await.unwrap(), before + 1);
}

#[tokio::test]
async fn cities_keep_their_ids_and_foreign_countries_are_passed_over() {
    let pool = TestDb::new().await.pool;
    let names = "geonameid,name_uk,name_pl\n703448,Київ,Kijów\n1,Нема,Nie ma\n";
    let report = city::import(&pool, CITIES.as_bytes(), Some(names.as_bytes())).await.unwrap();
    assert_eq!((report.read, report.written, report.names), (4, 4, 2));
    assert_eq!(report.passed_over, BTreeMap::from([("GB".to_owned(), 1)]));
    let ids = "select array_agg(id order by slug) from cities";
    let before: Vec<uuid::Uuid> = sqlx::query_scalar(ids).fetch_one(&pool).await.unwrap();
    let published = version(&pool).await;
    let again = city::import(&pool, CITIES.as_bytes(), Some(names.as_bytes())).await.unwrap();
    assert_eq!((again.written, again.names, version(&pool).await), (0, 0, published));
    let changed = CITIES.replace("Lviv,UA", "Lwów,UA");
    let report = city::import(&pool, changed.as_bytes(), None).await.unwrap();
    assert_eq!((report.written, version(&pool).await), (1, published + 1));
    assert_eq!(sqlx::query_scalar::<_, Vec<uuid::Uuid>>(ids).fetch_one(&pool).await.unwrap(), before);
    assert!(city::import(&pool, b"geonameid,slug\n", None).await.is_err());
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
    let trips: i64 = sqlx::query_scalar("select count(*) from trips").fetch_one(&pool).await.unwrap();
    assert_eq!(trips, 2);
}
