//! What a ride costs once a feed is published.

use app::timetable::{ImportOptions, ImportReport, import};
use chrono::NaiveDate;
use domain::gtfs::FareTerms;
use domain::id::CityId;
use domain::money::Currency;
use domain::timetable::Timetable;
use sqlx::PgPool;
use testing::feed::TestFeed;

use super::{now, publish, world};

/// Departures from one city to another with the first price of each.
async fn offers(pool: &PgPool, from: &str, to: &str) -> Vec<Option<String>> {
    let timetable = Timetable::new(db::published::load(&mut pool.acquire().await.unwrap()).await.unwrap());
    let city = async |slug: &str| -> CityId {
        let id = sqlx::query_scalar("select id from cities where slug = $1").bind(slug);
        CityId(id.fetch_one(pool).await.unwrap())
    };
    let day: NaiveDate = "2026-12-01".parse().unwrap();
    let connections = timetable.connections(city(from).await, city(to).await, day);
    let price = |connection| {
        timetable
            .prices(connection, Currency::Uah)
            .map(|prices| prices[0].to_string())
    };
    connections.iter().map(price).collect()
}

fn with_fares(attributes: &str, rules: &str) -> TestFeed {
    TestFeed::tiny()
        .file(
            "fare_attributes.txt",
            format!("fare_id,price,currency_type\n{attributes}"),
        )
        .file(
            "fare_rules.txt",
            format!("fare_id,route_id,origin_id,destination_id\n{rules}"),
        )
}

fn some(price: &str) -> [Option<String>; 2] {
    [Some(price.to_owned()), Some(price.to_owned())]
}

async fn publish_with_tariff(pool: &PgPool, feed: &TestFeed, fares: FareTerms) -> ImportReport {
    let options = ImportOptions {
        tariff: Some("UAH:10+0.1/km".parse().unwrap()),
        fares,
        ..ImportOptions::default()
    };
    import(pool, now(), &feed.source(), &options).await.unwrap()
}

#[tokio::test]
async fn an_unknown_stated_price_is_not_replaced_by_another() {
    let pool = world().await;
    let feed = with_fares("any,90,UAH\npair,32,RON\n", "any,K1,,\npair,K1,kyiv,lviv\n");
    publish_with_tariff(&pool, &feed, FareTerms::default()).await;
    assert_eq!(offers(&pool, "kyiv", "lviv").await, [None, None]);
    assert_eq!(offers(&pool, "kyiv", "rivne").await, some("90.00 UAH"));

    let without = FareTerms {
        left_out: vec!["*".to_owned()],
        ..FareTerms::default()
    };
    publish_with_tariff(&pool, &feed, without).await;
    let by_distance = offers(&pool, "kyiv", "lviv").await;
    assert!(
        by_distance[0].is_some() && by_distance != some("90.00 UAH"),
        "{by_distance:?}"
    );

    let mended = with_fares("any,90,UAH\npair,760,UAH\n", "any,K1,,\npair,K1,kyiv,lviv\n");
    publish_with_tariff(&pool, &mended, FareTerms::default()).await;
    assert_eq!(offers(&pool, "kyiv", "lviv").await, some("760.00 UAH"));
}

#[tokio::test]
async fn the_narrower_fare_holds_and_of_two_that_cross_the_higher() {
    let pool = world().await;
    let feed = with_fares(
        "any,900,UAH\nline,800,UAH\nzones,500,UAH\nfrom,650,UAH\nto,640,UAH\n",
        "line,K1,,\nzones,,kyiv,lviv\nfrom,K1,zhytomyr,\nto,K1,,lviv\n",
    );
    let report = publish(&pool, &feed).await;
    assert_eq!(offers(&pool, "kyiv", "zhytomyr").await, some("800.00 UAH"));
    assert_eq!(
        offers(&pool, "zhytomyr", "lviv").await,
        some("650.00 UAH"),
        "from there or to here"
    );
    assert_eq!(
        offers(&pool, "kyiv", "lviv").await,
        some("640.00 UAH"),
        "on the line or between the zones"
    );
    for line in [
        "route \"K1\" from \"kyiv\" to \"lviv\": \"zones\" 500.00 UAH and \"to\" 640.00 UAH: neither is more specific",
        "\"line\" 800.00 UAH applies, because it is more specific than \"any\" 900.00 UAH",
    ] {
        assert!(
            report.findings.fares.iter().any(|found| found.contains(line)),
            "{report}"
        );
    }
}

#[tokio::test]
async fn stops_without_a_point_are_not_sold_and_the_rest_of_the_trip_is() {
    let pool = world().await;
    let feed = TestFeed::tiny().replace("stops.txt", "50.62036,26.23695", ",");
    let report = publish(&pool, &feed).await;
    assert!(report.stops_without_city.is_empty(), "{report}");
    assert_eq!(offers(&pool, "zhytomyr", "rivne").await, [None; 0]);
    assert_eq!(offers(&pool, "kyiv", "lviv").await, some("760.00 UAH"));

    publish(&pool, &TestFeed::tiny()).await;
    assert_eq!(offers(&pool, "zhytomyr", "rivne").await, some("250.00 UAH"));
    publish(&pool, &feed).await;
    assert_eq!(offers(&pool, "zhytomyr", "rivne").await, [None; 0]);
    let kept: f64 = sqlx::query_scalar("select latitude from stops where feed_stop_id = 'rivne'")
        .fetch_one(&pool)
        .await
        .unwrap();
    assert!(kept > 50.6, "tickets that were sold still show where it was");
}

#[tokio::test]
async fn a_tariff_gives_nothing_away() {
    let pool = world().await;
    let feed = TestFeed::tiny()
        .without("fare_attributes.txt")
        .without("fare_rules.txt");
    let options = ImportOptions {
        tariff: Some("UAH:0+0/km".parse().unwrap()),
        ..ImportOptions::default()
    };
    import(&pool, now(), &feed.source(), &options).await.unwrap();
    assert_eq!(offers(&pool, "kyiv", "lviv").await, [None, None]);
}

#[tokio::test]
async fn departures_of_a_template_are_offered_at_their_own_times_and_stay_the_same_ones() {
    let pool = world().await;
    let feed = TestFeed::tiny().file(
        "frequencies.txt",
        "trip_id,start_time,end_time,headway_secs,exact_times\nday,06:10:00,22:01:00,1800,1\n",
    );
    let report = publish(&pool, &feed).await;
    assert_eq!(report.dated_departures, 33 * 92);
    assert_eq!(offers(&pool, "kyiv", "lviv").await.len(), 33);
    let later = feed.replace("frequencies.txt", "06:10:00", "07:10:00");
    let report = publish(&pool, &later).await;
    let trips = report.count("trips");
    assert_eq!((trips.new, trips.changed, trips.withdrawn), (0, 0, 2), "{report}");
}
