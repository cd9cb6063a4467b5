//! What an API process exposes at `/metrics`, scraped as by Prometheus.

use chrono::TimeDelta;
use domain::gtfs::Files;
use kernel::clock::Clock;
use serde_json::json;
use sqlx::PgPool;
use testing::database::TestDb;
use testing::port;
use testing::redis::TestRedis;
use testing::scrape::Scrape;
use testing::world::operator;

use crate::harness::caller::Caller;
use crate::harness::client::fresh_client;
use crate::harness::feed;
use crate::harness::partner::{Partner, Sold, is_of_company, order};
use crate::harness::process::Process;

/// The number of seats of our bus.
const SEATS: u16 = 2;

/// An API process with a timetable of the next days.
struct Api {
    process: Process,
    metrics: String,
    key: String,
    partner_id: String,
}

impl Api {
    async fn start(db: &TestDb) -> Self {
        Self::start_with(db, &[]).await
    }

    async fn start_with(db: &TestDb, settings: &[(&str, &str)]) -> Self {
        let (key, partner_id) = seed(&db.pool).await;
        let metrics = port::free().to_string();
        let settings = [settings, &[("METRICS_LISTEN", &metrics)]].concat();
        let process = Process::start(&db.url, settings).await;
        Self {
            process,
            metrics: format!("http://{metrics}"),
            key,
            partner_id,
        }
    }

    fn partner(&self) -> Partner {
        let caller = Caller {
            http: fresh_client(),
            base: self.process.base.as_str().into(),
            key: None,
        };
        Partner::new(&caller, self.key.clone())
    }

    async fn scrape(&self) -> Scrape {
        let answer = fresh_client()
            .get(format!("{}/metrics", self.metrics))
            .send()
            .await
            .unwrap();
        assert_eq!(answer.status().as_u16(), 200);
        let kind = answer.headers()["content-type"].to_str().unwrap();
        assert!(kind.starts_with("text/plain; version=0.0.4"), "{kind}");
        Scrape::read(answer.text().await.unwrap())
    }
}

/// A bus of two seats on every day of the next months, and a partner: its key and its id.
async fn seed(pool: &PgPool) -> (String, String) {
    let now = Clock::system().now();
    feed::cities(pool).await;
    let mut source = feed::source(&[feed::Line {
        seats: SEATS,
        calls: "kyiv@08:00 lviv@16:00",
    }]);
    let day = |days| (now + TimeDelta::days(days)).format("%Y%m%d");
    let calendar = format!(
        "service_id,monday,tuesday,wednesday,thursday,friday,saturday,sunday,start_date,end_date\n\
         daily,1,1,1,1,1,1,1,{},{}\n",
        day(-1),
        day(60),
    );
    let Files(files) = &mut source.files;
    files.insert("calendar.txt", calendar.into_bytes());
    let imported = app::timetable::import(pool, now, &source, &app::timetable::ImportOptions::default()).await;
    assert_eq!(imported.unwrap().findings.flaws, [], "the feed is clean");
    let partner_id = app::partner::create(pool, now, &operator(), "shop", "Shop")
        .await
        .unwrap();
    let key = app::api_key::key_text("local", [7; 32]);
    app::api_key::ensure(pool, &operator(), partner_id, "local", "test", &key, now)
        .await
        .unwrap();
    (key, partner_id.to_string())
}

#[tokio::test]
async fn bookings_and_refusals_are_counted_and_nothing_about_them_is_a_label() {
    let db = TestDb::new().await;
    let api = Api::start(&db).await;
    let partner = api.partner();
    let created = "prexsell_bookings_total{outcome=\"created\"}";
    let before = api.scrape().await;
    assert_eq!(before.value(created), Some(0.0));
    assert_eq!(before.value("prexsell_seat_refusals_total{reason=\"full\"}"), Some(0.0));

    let day = (Clock::system().now() + TimeDelta::days(7))
        .format("%Y-%m-%d")
        .to_string();
    let offers = partner.offers("kyiv", "lviv", &day, "&passengers=2").await;
    let offer = offers.into_iter().find(|offer| is_of_company(offer, SEATS)).unwrap();
    let token = offer["id"].as_str().unwrap();
    let sold = Sold::of(&partner.create(token, usize::from(SEATS)).await);
    let full = partner.create(token, 1).await;
    full.status(409);
    let wrong = partner.post("/v2/bookings", &order("no token", 1)).await;
    wrong.status(400);
    partner.get(&format!("/v2/bookings/{}", sold.id)).await;
    partner.get("/v2/nothing/at/all").await;
    for _ in 0..2 {
        let paid = partner
            .http
            .post(format!("{}/v2/bookings/{}/pay", api.process.base, sold.id))
            .header("x-api-key", &api.key)
            .header("idempotency-key", "once")
            .json(&json!({}))
            .send()
            .await
            .unwrap();
        assert_eq!(paid.status().as_u16(), 200);
    }

    let after = api.scrape().await;
    for (series, value) in [
        (created, 1.0),
        ("prexsell_bookings_total{outcome=\"seats_unavailable\"}", 1.0),
        ("prexsell_bookings_total{outcome=\"invalid\"}", 1.0),
        ("prexsell_seat_refusals_total{reason=\"full\"}", 1.0),
        ("prexsell_idempotency_total{outcome=\"first\"}", 1.0),
        ("prexsell_idempotency_total{outcome=\"replayed\"}", 1.0),
        (
            "prexsell_http_request_seconds_count{route=\"createBooking\",method=\"POST\",class=\"2xx\"}",
            1.0,
        ),
        (
            "prexsell_http_request_seconds_count{route=\"createBooking\",method=\"POST\",class=\"4xx\"}",
            2.0,
        ),
        (
            "prexsell_http_request_seconds_count{route=\"getBooking\",method=\"GET\",class=\"2xx\"}",
            1.0,
        ),
        (
            "prexsell_http_request_seconds_count{route=\"searchOffers\",method=\"GET\",class=\"2xx\"}",
            1.0,
        ),
        (
            "prexsell_http_request_seconds_count{route=\"other\",method=\"GET\",class=\"4xx\"}",
            1.0,
        ),
        ("prexsell_http_requests_in_flight", 0.0),
        ("prexsell_pool_connections_max", 10.0),
    ] {
        assert_eq!(after.value(series), Some(value), "{series}");
    }
    assert!(
        after.value("prexsell_pool_wait_seconds_count").unwrap()
            > before.value("prexsell_pool_wait_seconds_count").unwrap()
    );
    assert!(after.value("prexsell_published_version").unwrap() >= 1.0);
    assert!(
        after
            .value("prexsell_http_request_seconds_sum{route=\"createBooking\",method=\"POST\",class=\"2xx\"}")
            .unwrap()
            > 0.0
    );
    after.assert_labels_are_words();
    for secret in [
        &sold.id,
        &sold.orders[0],
        &api.partner_id,
        &api.key,
        "kyiv",
        "/v2",
        "127.0.0.1",
    ] {
        assert!(!after.text.contains(secret), "{secret}");
    }
    after.assert_is_documented("api");
}

#[tokio::test]
async fn a_booking_that_is_undone_with_its_response_counts_as_failed() {
    let db = TestDb::new().await;
    let api = Api::start(&db).await;
    let partner = api.partner();
    let day = (Clock::system().now() + TimeDelta::days(7)).format("%Y-%m-%d");
    let offers = partner.offers("kyiv", "lviv", &day.to_string(), "&passengers=1").await;
    let offer = offers.into_iter().find(|offer| is_of_company(offer, SEATS)).unwrap();
    let body = order(offer["id"].as_str().unwrap(), 1).to_string();
    let broken = "create function refuse() returns trigger language plpgsql as $$ begin raise 'broken'; end $$;
                  create constraint trigger broken after insert on idempotency_keys deferrable initially deferred
                      for each row execute function refuse()";
    sqlx::raw_sql(broken).execute(&db.pool).await.unwrap();
    assert_eq!(partner.once("k", "/v2/bookings", &body).await.status, 500);
    sqlx::raw_sql("drop trigger broken on idempotency_keys")
        .execute(&db.pool)
        .await
        .unwrap();
    let count = async |outcome: &str| {
        let series = format!("prexsell_bookings_total{{outcome=\"{outcome}\"}}");
        api.scrape().await.value(&series)
    };
    assert_eq!((count("created").await, count("failed").await), (Some(0.0), Some(1.0)));
    for _ in 0..2 {
        assert_eq!(partner.once("k", "/v2/bookings", &body).await.status, 201);
    }
    assert_eq!((count("created").await, count("failed").await), (Some(1.0), Some(1.0)));
    assert_eq!(count("repeated").await, Some(1.0));
}

#[tokio::test]
async fn metrics_are_on_an_address_of_their_own_in_the_format_that_is_asked_for() {
    let db = TestDb::new().await;
    let api = Api::start(&db).await;
    let status = async |url: String| fresh_client().get(url).send().await.unwrap().status().as_u16();
    assert_eq!(status(format!("{}/metrics", api.process.base)).await, 404);
    assert_eq!(status(format!("{}/readyz", api.metrics)).await, 404);
    assert_eq!(status(format!("{}/v2/cities", api.metrics)).await, 404);
    let accept = "application/openmetrics-text;version=1.0.0,text/plain;version=0.0.4;q=0.5";
    let asked = fresh_client()
        .get(format!("{}/metrics", api.metrics))
        .header("accept", accept);
    let answer = asked.send().await.unwrap();
    let kind = answer.headers()["content-type"].to_str().unwrap().to_owned();
    assert_eq!(kind, "application/openmetrics-text; version=1.0.0; charset=utf-8");
    let text = answer.text().await.unwrap();
    assert!(
        text.contains("# TYPE prexsell_bookings counter\n") && text.ends_with("# EOF\n"),
        "{text}"
    );
}

#[tokio::test]
async fn refused_requests_and_calls_of_the_old_api_are_counted() {
    let (db, redis) = (TestDb::new().await, TestRedis::start().await);
    let (url, limits) = (redis.url(), "catalogue=2/600 search=1000/1 read=1000/1 write=1000/1");
    let api = Api::start_with(&db, &[("REDIS_URL", &url), ("RATE_LIMITS_STANDARD", limits)]).await;
    let limited = |class: &str| format!("prexsell_rate_limited_total{{class=\"{class}\"}}");
    let legacy = "prexsell_legacy_calls_total";
    let before = api.scrape().await;
    assert_eq!(
        (before.value(&limited("catalogue")), before.value(legacy)),
        (Some(0.0), Some(0.0))
    );
    let partner = api.partner();
    for status in [200, 200, 429, 429, 429] {
        partner.get("/v2/cities").await.status(status);
    }
    for _ in 0..2 {
        partner.get("/rest/orders").await.status(200);
    }
    let after = api.scrape().await;
    for (series, value) in [
        (&*limited("catalogue"), 3.0),
        (&*limited("search"), 0.0),
        (legacy, 2.0),
        (
            "prexsell_http_request_seconds_count{route=\"listCities\",method=\"GET\",class=\"4xx\"}",
            3.0,
        ),
    ] {
        assert_eq!(after.value(series), Some(value), "{series}");
    }
}
