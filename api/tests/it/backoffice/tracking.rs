//! The tracked objects of a company and their positions.

use app::tracking::{Polled, Tracking, poll};
use chrono::{DateTime, Utc};
use clients::tracking::TIMEOUTS;
use domain::id::{TrackerId, TrackingAccountId};
use domain::position::RawFix;
use domain::role::Role;
use domain::tracking::Provider;
use ledger::Cause;
use rstest::rstest;
use serde_json::{Value, json};
use simulators::tracking::{TrackingSimulator, World as Buses};
use testing::world::{World, vault};

use crate::backoffice::support::Office;
use crate::harness::OPENING;

const PATH: &str = "/v2/geolocation/fms-objects";

/// The first company's account with a bus and two objects, and one object of the other company.
struct Yard {
    office: Office,
    provider: TrackingSimulator,
    account: TrackingAccountId,
    setra: TrackerId,
    foreign: TrackerId,
}

impl Yard {
    async fn open() -> Self {
        let office = Office::open().await;
        let buses = Buses::default().with_unit(7, "ours", "Setra", Some("AA 0001"));
        let provider =
            TrackingSimulator::start(([127, 0, 0, 1], 0).into(), "sesame".into(), buses, office.clock.clone())
                .await
                .unwrap();
        let mut conn = office.pool().acquire().await.unwrap();
        let mut world = World::new(&mut conn, office.clock.now()).await;
        let account = world
            .tracking_account(office.karpaty, Provider::Wialon, &provider.url(), Some("sesame"))
            .await;
        let setra = world.tracker(account, "7", false).await;
        world.tracker(account, "8", false).await;
        let wisla = world
            .tracking_account(office.wisla, Provider::GtfsRealtime, "http://127.0.0.1:1", None)
            .await;
        let foreign = world.tracker(wisla, "9", false).await;
        drop(conn);
        Self {
            office,
            provider,
            account,
            setra,
            foreign,
        }
    }

    /// Does the worker's job, with the bus at this latitude, `seconds` after the start.
    async fn poll(&self, latitude: f64, seconds: i64) {
        let opening: DateTime<Utc> = OPENING.parse().unwrap();
        self.provider.place(
            7,
            RawFix {
                latitude,
                longitude: 30.5,
                speed_kmh: Some(82.0),
                course: Some(270.0),
                recorded_at: opening.timestamp() + seconds,
            },
        );
        let (pool, clock) = (self.office.pool().clone(), self.office.clock.clone());
        let tracking = Tracking::new(pool, clock, vault(), chrono::TimeDelta::days(60), TIMEOUTS).unwrap();
        let polled = poll(&tracking, self.account, &Cause::default()).await.unwrap();
        assert!(matches!(polled, Polled::Positions { stored: 1, .. }), "{polled:?}");
    }

    async fn jobs(&self) -> i64 {
        sqlx::query_scalar("select count(*) from jobs where kind = 'geolocation_poll'")
            .fetch_one(self.office.pool())
            .await
            .unwrap()
    }
}

#[tokio::test]
async fn a_company_sees_its_own_objects_only_by_name() {
    let yard = Yard::open().await;
    let browser = yard.office.at_karpaty(Role::Dispatcher).await;
    let seen = browser.get(PATH).await;
    seen.status(200);
    let data = &seen.body["data"];
    assert_eq!(data["total"], 2);
    assert_eq!(
        data["fmsObjects"][0],
        json!({
            "id": yard.setra.to_string(), "name": "bus 7", "busId": null, "registrationNumber": null,
            "provider": "Wialon", "enabled": false, "lastPosition": null,
        })
    );
    assert_eq!(data["fmsObjects"][1]["name"], "bus 8");
    let page = browser.get(&format!("{PATH}?take=1&skip=1")).await;
    assert_eq!(page.body["data"]["fmsObjects"].as_array().unwrap().len(), 1);
    assert_eq!(page.body["data"]["fmsObjects"][0]["name"], "bus 8");
    assert_eq!(page.body["data"]["total"], 2);
    let others = yard.office.at_wisla(Role::Manager).await.get(PATH).await;
    assert_eq!(others.body["data"]["total"], 1);
    assert_eq!(others.body["data"]["fmsObjects"][0]["provider"], "GtfsRealtime");
}

#[tokio::test]
async fn a_switch_is_idempotent_and_starts_one_poll() {
    let yard = Yard::open().await;
    let browser = yard.office.at_karpaty(Role::Manager).await;
    let path = format!("{PATH}/{}/toggle", yard.setra);
    for _ in 0..2 {
        let on = browser.post(&path, &json!({ "enabled": true })).await;
        on.status(200);
        assert_eq!(on.body["data"]["fmsObject"]["enabled"], true);
        assert_eq!(on.body["data"]["fmsObject"]["id"], yard.setra.to_string());
        assert_eq!(yard.jobs().await, 1);
    }
    for _ in 0..2 {
        let off = browser.post(&path, &json!({ "enabled": false })).await;
        assert_eq!(
            (off.status, &off.body["data"]["fmsObject"]["enabled"]),
            (200, &json!(false))
        );
    }
    assert_eq!(yard.jobs().await, 1);
}

#[tokio::test]
async fn a_track_is_read_ascending_in_parts() {
    let yard = Yard::open().await;
    let browser = yard.office.at_karpaty(Role::Admin).await;
    browser
        .post(&format!("{PATH}/{}/toggle", yard.setra), &json!({ "enabled": true }))
        .await;
    for (latitude, seconds) in [(50.0, -60), (50.02, 60), (50.01, 0)] {
        yard.poll(latitude, seconds).await;
    }
    let object = browser.get(PATH).await.body["data"]["fmsObjects"][0].clone();
    assert_eq!(
        object["lastPosition"],
        json!({ "latitude": 50.01, "longitude": 30.5, "speedKmh": 82.0, "course": 270,
                "recordedAt": "2027-02-01T08:00:00.000Z", "receivedAt": "2027-02-01T08:00:00.000Z" }),
        "a position from a minute ahead is followed by one from now"
    );
    let path = format!("{PATH}/{}/positions", yard.setra);
    let latitudes = async |query: &str| {
        let seen = browser.get(&format!("{path}?{query}")).await;
        seen.status(200);
        let data = &seen.body["data"];
        let positions = data["positions"].as_array().unwrap();
        let latitudes: Vec<f64> = positions.iter().map(|p| p["latitude"].as_f64().unwrap()).collect();
        (latitudes, data["total"].as_i64().unwrap())
    };
    let whole = "from=2027-02-01T07:00:00Z&to=2027-02-01T09:00:00Z";
    assert_eq!(latitudes(whole).await, (vec![50.0, 50.01, 50.02], 3));
    assert_eq!(latitudes(&format!("{whole}&take=1&skip=1")).await, (vec![50.01], 3));
    // The last day up to now; the end is excluded.
    assert_eq!(latitudes("").await, (vec![50.0], 1));
    assert_eq!(
        latitudes("from=2027-02-01T08:00:00Z&to=2027-02-01T08:01:00Z").await,
        (vec![50.01], 1)
    );
    assert_eq!(
        latitudes("to=2027-02-01T10:01:00%2B02:00").await,
        (vec![50.0, 50.01], 2)
    );
    assert_eq!(
        latitudes("from=2026-01-01T00:00:00Z&to=2026-01-02T00:00:00Z").await,
        (vec![], 0)
    );
}

#[rstest]
#[case("from=yesterday", "from date-time")]
#[case("from=2027-02-01", "from date-time")]
#[case("to=2027-02-01T08:00:00", "to date-time")]
#[case("from=2027-02-01T08:00:00Z&to=2027-02-01T08:00:00Z", "to min")]
#[case("from=2027-02-02T08:00:00Z", "to min")]
#[case("from=2026-12-31T08:00:00Z&to=2027-02-01T08:00:00Z", "to max")]
#[case("take=0", "take min")]
#[case("take=5001", "take max")]
#[case("skip=-1", "skip min")]
#[tokio::test]
async fn a_wrong_span_is_named(#[case] query: &str, #[case] field: &str) {
    let yard = Yard::open().await;
    let browser = yard.office.at_karpaty(Role::Manager).await;
    let seen = browser.get(&format!("{PATH}/{}/positions?{query}", yard.setra)).await;
    assert_eq!(seen.fields(), [field]);
}

#[rstest]
#[case(json!({}), "enabled")]
#[case(json!({ "enabled": "true" }), "enabled")]
#[case(json!({ "enabled": null }), "enabled")]
#[case(json!({ "enabled": true, "force": true }), "force")]
#[tokio::test]
async fn a_wrong_switch_is_named_and_changes_nothing(#[case] body: Value, #[case] field: &str) {
    let yard = Yard::open().await;
    let browser = yard.office.at_karpaty(Role::Manager).await;
    let seen = browser.post(&format!("{PATH}/{}/toggle", yard.setra), &body).await;
    seen.status(400);
    assert_eq!(seen.body["errors"][0]["details"]["field"], field, "{}", seen.body);
    assert_eq!(yard.jobs().await, 0);
}

#[tokio::test]
async fn unknown_and_foreign_objects_answer_alike() {
    let yard = Yard::open().await;
    let browser = yard.office.at_karpaty(Role::Admin).await;
    let mut bodies = Vec::new();
    for id in [
        yard.foreign.to_string(),
        TrackerId::new().to_string(),
        "bkg_01980c6a5f0e7d8c9b3a2f1e0d4c5b6a".to_owned(),
        "%00".to_owned(),
    ] {
        for seen in [
            browser
                .post(&format!("{PATH}/{id}/toggle"), &json!({ "enabled": true }))
                .await,
            browser.get(&format!("{PATH}/{id}/positions")).await,
        ] {
            seen.refused(404, "FMS_OBJECT_NOT_FOUND");
            bodies.push(seen.body);
        }
    }
    assert!(bodies.iter().all(|body| *body == bodies[0]), "{bodies:?}");
    assert_eq!(yard.jobs().await, 0);
}

#[tokio::test]
async fn it_takes_a_session_a_role_and_a_page_of_this_origin() {
    let yard = Yard::open().await;
    let toggle = format!("{PATH}/{}/toggle", yard.setra);
    let body = json!({ "enabled": true });
    yard.office.browser().get(PATH).await.status(401);
    yard.office.at_website(Role::Admin).await.get(PATH).await.status(403);
    let accountant = yard.office.at_karpaty(Role::Accountant).await;
    accountant.get(PATH).await.status(403);
    accountant.post(&toggle, &body).await.status(403);
    let mut elsewhere = yard.office.at_karpaty(Role::Admin).await;
    elsewhere.origin = Some("https://evil.example".to_owned());
    elsewhere.post(&toggle, &body).await.status(403);
    elsewhere.get(PATH).await.status(200);
    assert_eq!(yard.jobs().await, 0);
}
