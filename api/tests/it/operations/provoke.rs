//! How to provoke each error code.

use api::middleware::concurrency_limit::ConcurrencyLimits;
use api::server::ServerLimits;
use app::legacy;
use chrono::TimeDelta;
use db::idempotency::{self, Entry};
use domain::access::Workplace;
use domain::idempotency::{Caller, Request};
use domain::role::Role;
use poem::http::Method;
use serde_json::{Value, json};
use testing::redis::TestRedis;
use testing::world::{World, operator};

use crate::operations::answer::{Answer, Call};
use crate::operations::limit;
use crate::operations::path::unknown;
use crate::operations::stage::{ORIGIN, Stage, TRAP};
use crate::operations::thing::{offer, offer_on, order, sell};

/// An idempotency key.
const ONCE: &str = "once";

/// The stage, with calls of the things on it.
pub struct Act(pub Stage);

impl Act {
    async fn get(&self, path: &str) -> Answer {
        self.0
            .send(&Call::new(Method::GET, path).with("x-api-key", &self.0.key))
            .await
    }

    async fn post(&self, path: &str, body: &Value) -> Answer {
        let call = Call::new(Method::POST, path).with("x-api-key", &self.0.key);
        self.0.send(&call.json(body)).await
    }

    /// A POST with an idempotency key.
    async fn post_once(&self, path: &str, body: &Value) -> Answer {
        let call = Call::new(Method::POST, path).with("x-api-key", &self.0.key);
        self.0.send(&call.with("idempotency-key", ONCE).json(body)).await
    }

    /// A call by an administrator of the company, from a page of this origin.
    async fn office(&self, method: Method, path: &str) -> Answer {
        let cookie = format!("{}={}", api::auth::cookie::ACCESS, self.0.at_company.access);
        let call = Call::new(method, path).with("cookie", &cookie).with("origin", ORIGIN);
        self.0.send(&call).await
    }

    /// A call by a platform operator.
    async fn ops(&self, path: &str, body: &Value) -> Answer {
        let cookie = format!("{}={}", api::auth::cookie::ACCESS, self.0.at_platform.access);
        let call = Call::new(Method::POST, path)
            .with("cookie", &cookie)
            .with("origin", ORIGIN);
        self.0.send(&call.json(body)).await
    }

    /// A sign-in with a Google token of a new user with these accesses.
    async fn google(&self, accesses: &[(Workplace, Role)], more: Value) -> Answer {
        let email = format!("{}@code.example", uuid::Uuid::new_v4().simple());
        let mut conn = self.0.db.pool.acquire().await.unwrap();
        let mut world = World::new(&mut conn, self.0.clock.now()).await;
        world.person(&email, accesses).await;
        drop(conn);
        let mut body = more;
        body["idToken"] = self.0.issuer.token(&email, self.0.clock.now()).into();
        self.post("/v2/auth/google/login", &body).await
    }

    async fn refresh(&self, token: &str) -> Answer {
        let cookie = format!("{}={token}", api::auth::cookie::REFRESH);
        let call = Call::new(Method::POST, "/v2/auth/refresh").with("cookie", &cookie);
        self.0.send(&call.with("origin", ORIGIN)).await
    }

    fn wait(&self, by: TimeDelta) {
        self.0.clock.advance(by);
    }
}

/// The next refresh token of a response.
fn next(answer: &Answer) -> String {
    let cookies = answer
        .headers
        .get_all("set-cookie")
        .iter()
        .map(|value| value.to_str().unwrap());
    let prefix = format!("{}=", api::auth::cookie::REFRESH);
    let found = cookies.filter_map(|cookie| cookie.strip_prefix(&prefix)).next();
    found.expect("a token").split(';').next().unwrap().to_owned()
}

/// Provokes a code; returns the operation that was called, and its response.
pub async fn provoke(code: &str, act: &Act) -> (&'static str, Answer) {
    let stage = &act.0;
    let (minutes, key) = (TimeDelta::minutes, &stage.key);
    let own = |kind: &str| stage.own.like(kind);
    let booking = |action: &str| format!("/v2/bookings/{}/{action}", own("bkg_"));
    match code {
        "VALIDATION_ERROR" => ("listCities", act.get("/v2/cities?take=0").await),
        "OFFER_EXPIRED" => {
            act.wait(minutes(21));
            (
                "createBooking",
                act.post("/v2/bookings", &order(&stage.own.offer, 1)).await,
            )
        }
        "COMPANY_REQUIRED" => {
            let places = [Workplace::Company(stage.company), Workplace::Partner(stage.website)];
            let accesses = places.map(|place| (place, Role::Manager));
            ("googleLogin", act.google(&accesses, json!({})).await)
        }
        "CANCELLATION_CLOSED" => {
            stage.sql("update companies set cancellation_cutoff_hours = 1000").await;
            assert_eq!(act.post(&booking("pay"), &json!({})).await.status, 200);
            act.wait(minutes(21));
            ("cancelBooking", act.post(&booking("cancel"), &json!({})).await)
        }
        "UNAUTHORIZED" => {
            let call = Call::new(Method::GET, "/v2/bookings");
            ("listBookings", stage.send(&call).await)
        }
        "INVALID_CREDENTIALS" => {
            let body = json!({ "email": "nobody@code.example", "password": "nonsense" });
            ("login", act.post("/v2/auth/login", &body).await)
        }
        "SESSION_EXPIRED" => {
            act.wait(minutes(16));
            ("getMe", act.office(Method::GET, "/v2/auth/me").await)
        }
        "SESSION_REPLAYED" => {
            let first = &stage.at_company.refresh;
            let second = next(&act.refresh(first).await);
            act.wait(minutes(1));
            assert_eq!(act.refresh(&second).await.status, 200);
            act.wait(minutes(1));
            ("refreshSession", act.refresh(first).await)
        }
        "FORBIDDEN" => ("listApiKeys", act.office(Method::GET, "/v2/partner/api-keys").await),
        "NO_ACCESS" => ("googleLogin", act.google(&[], json!({})).await),
        "NOT_FOUND" => {
            let cookie = format!("{}={}", api::auth::cookie::ACCESS, stage.at_partner.access);
            let path = format!("/v2/partner/api-keys/{}", unknown("key_"));
            let call = Call::new(Method::DELETE, &path)
                .with("cookie", &cookie)
                .with("origin", ORIGIN);
            ("revokeApiKey", stage.send(&call).await)
        }
        "CITY_NOT_FOUND" => ("getCity", act.get("/v2/cities/atlantis").await),
        "STOP_NOT_FOUND" => ("getStop", act.get("/v2/stops/stp_1").await),
        "BOOKING_NOT_FOUND" => ("getBooking", act.get("/v2/bookings/bkg_1").await),
        "ORDER_NOT_FOUND" => ("oldGetOrder", act.get("/rest/orders/ord_1").await),
        "REPORT_NOT_FOUND" => (
            "getOrdersReport",
            act.office(Method::GET, "/v2/reports/orders/rpt_1").await,
        ),
        "FMS_OBJECT_NOT_FOUND" => {
            let path = "/v2/geolocation/fms-objects/fms_1/positions";
            ("listPositions", act.office(Method::GET, path).await)
        }
        "COMPANY_NOT_FOUND" => {
            let accesses = [(Workplace::Company(stage.company), Role::Manager)];
            let body = json!({ "companyId": unknown("cmp_") });
            ("googleLogin", act.google(&accesses, body).await)
        }
        "JOB_NOT_FOUND" => {
            let path = format!("/v2/ops/jobs/{}/retry", unknown("job_"));
            ("retryJob", act.ops(&path, &json!({ "reason": "a test" })).await)
        }
        "QUEUE_NOT_FOUND" => {
            let reason = json!({ "reason": "a test" });
            ("pauseQueue", act.ops("/v2/ops/queues/atlantis/pause", &reason).await)
        }
        "JOB_CONFLICT" => {
            let path = format!("/v2/ops/jobs/{}/cancel", own("job_"));
            ("cancelJob", act.ops(&path, &json!({ "reason": "it is dead" })).await)
        }
        "LAST_ADMINISTRATOR" => {
            let me = act.office(Method::GET, "/v2/auth/me").await.body();
            let path = format!("/v2/people/{}", me["data"]["user"]["id"].as_str().unwrap());
            ("withdrawAccess", act.office(Method::DELETE, &path).await)
        }
        "TIMETABLE_CONFLICT" => ("undoTimetable", act.office(Method::POST, "/v2/timetable/undo").await),
        "ORDER_CONFLICT" => {
            assert_eq!(act.post(&booking("pay"), &json!({})).await.status, 200);
            ("payBooking", act.post(&booking("pay"), &json!({})).await)
        }
        "SEATS_UNAVAILABLE" => {
            let both = offer(stage, key, 2, 2).await;
            sell(stage, key, &both, 2).await;
            ("createBooking", act.post("/v2/bookings", &order(&both, 2)).await)
        }
        "DEPARTURE_CLOSED" => {
            // The bus leaves at noon in Kyiv, two hours from now.
            act.wait(minutes(115));
            let last = offer_on(stage, key, 50, 1, "2027-02-01").await;
            act.wait(minutes(6));
            ("createBooking", act.post("/v2/bookings", &order(&last, 1)).await)
        }
        "REPORT_NOT_READY" => {
            let path = format!("/v2/reports/orders/{}/download", own("rpt_"));
            ("downloadOrdersReport", act.office(Method::GET, &path).await)
        }
        "IDEMPOTENCY_IN_FLIGHT" => {
            // As by a concurrent request with the same key that is being served: its transaction holds the lock.
            let caller = Caller::partner("local", stage.website);
            let request = Request::new(ONCE.as_bytes(), "POST", "", b"").unwrap();
            let mut twin = stage.db.pool.begin().await.unwrap();
            let entry = idempotency::enter(&mut twin, &caller, &request, stage.clock.now()).await;
            assert_eq!(entry.unwrap(), Entry::Free);
            let answer = act.post_once(&booking("pay"), &json!({})).await;
            twin.rollback().await.unwrap();
            ("payBooking", answer)
        }
        "GONE" => {
            assert!(
                legacy::close(&stage.db.pool, stage.clock.now(), &operator(), stage.website)
                    .await
                    .unwrap()
            );
            ("oldListOrders", act.get("/rest/orders").await)
        }
        "PAYLOAD_TOO_LARGE" => {
            let note = "x".repeat(2_000_000);
            (
                "createBooking",
                act.post("/v2/bookings", &json!({ "note": note })).await,
            )
        }
        "UNSUPPORTED_MEDIA_TYPE" => {
            let call = Call::new(Method::POST, "/v2/bookings").with("x-api-key", key);
            (
                "createBooking",
                stage.send(&call.with("content-type", "text/xml")).await,
            )
        }
        "IDEMPOTENCY_KEY_REUSED" => {
            assert_eq!(act.post_once("/v2/bookings", &json!({})).await.status, 400);
            ("payBooking", act.post_once(&booking("pay"), &json!({})).await)
        }
        "RATE_LIMITED" => {
            let redis = TestRedis::start().await;
            let act = Act(limit::limited(stage, &redis));
            act.get("/v2/cities").await;
            ("listCities", act.get("/v2/cities").await)
        }
        "INTERNAL_ERROR" => {
            let call = Call::new(Method::GET, "/v2/cities").with(TRAP, "panic");
            ("listCities", stage.send(&call).await)
        }
        "UNAVAILABLE" => {
            let none = ServerLimits {
                concurrency: ConcurrencyLimits {
                    served: 0,
                    waiting_reads: 0,
                    waiting_writes: 0,
                    ..ConcurrencyLimits::default()
                },
                ..ServerLimits::default()
            };
            let act = Act(stage.beside(|settings| settings, none));
            ("listCities", act.get("/v2/cities").await)
        }
        other => panic!("say here how to provoke {other}"),
    }
}
