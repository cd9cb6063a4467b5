//! An API over its own database, and what a client sees of it.

use std::sync::Arc;
use std::time::Duration;

use api::distribution::booking::body::{CreateBooking, OrderIds};
use api::middleware::concurrency_limit::ConcurrencyLimits;
use api::server::ServerLimits;
use api::wire::body::{Optional, Strict};
use api::wire::reply::{Answer, Reply};
use app::api_key;
use chrono::{DateTime, Utc};
use domain::id::PartnerId;
use figment::providers::Serialized;
use kernel::clock::Clock;
use poem::endpoint::BoxEndpoint;
use poem::http::{HeaderMap, Method};
use poem::test::TestClient;
use poem::{Body, EndpointExt, Response, Route, handler};
use poem_openapi::{OpenApi, OpenApiService};
use serde_json::Value;
use testing::database::TestDb;
use testing::settings::settings;

use crate::harness::answer::Seen;
use crate::harness::server;

/// The time for bodies here; handlers get two seconds.
const TIMEOUT: Duration = Duration::from_millis(500);

/// How many requests are served at a time.
pub const SERVED: usize = 32;

/// The partner of `seed.sql`.
pub fn partner() -> PartnerId {
    "prt_000000000000700080000000000000a1".parse().unwrap()
}

pub struct TestApp {
    pub db: TestDb,
    pub clock: Clock,
    client: TestClient<BoxEndpoint<'static, Response>>,
}

#[handler]
fn panics() {
    panic!("on purpose")
}

#[handler]
async fn hangs() {
    std::future::pending::<()>().await;
}

/// Operations that only parse, to test how bodies are refused.
struct Echo;

#[OpenApi(prefix_path = "/echo")]
impl Echo {
    #[oai(path = "/booking", method = "post")]
    async fn booking(&self, body: Strict<CreateBooking>) -> Answer<usize, ()> {
        Ok(Reply::new(body.0.passengers.len()))
    }

    #[oai(path = "/orders", method = "post")]
    async fn orders(&self, body: Optional<OrderIds>) -> Answer<Option<Vec<String>>, ()> {
        Ok(Reply::new(body.0.order_ids))
    }
}

/// The limits of the API here.
pub fn limits() -> ServerLimits {
    ServerLimits {
        body: TIMEOUT,
        handler: 4 * TIMEOUT,
        concurrency: ConcurrencyLimits {
            served: SERVED,
            waiting_reads: 0,
            waiting_writes: 0,
            ..ConcurrencyLimits::default()
        },
        ..ServerLimits::default()
    }
}

/// A database, a clock, and an API over them with its own settings.
pub async fn build(more: &[(&str, Value)], limits: ServerLimits) -> (TestDb, Clock, BoxEndpoint<'static, Response>) {
    let db = TestDb::new().await;
    sqlx::raw_sql(include_str!("seed.sql")).execute(&db.pool).await.unwrap();
    let mut figment = settings(&db.url);
    for (name, value) in more {
        figment = figment.merge(Serialized::default(name, value));
    }
    let clock = Clock::manual("2026-06-10T03:30:00Z".parse::<DateTime<Utc>>().unwrap());
    let state = server::state(db.pool.clone(), &clock, &figment);
    let more = Route::new()
        .at("/panics", poem::get(panics))
        .at("/hangs", poem::get(hangs))
        .nest_no_strip("/echo", OpenApiService::new(Echo, "", ""));
    let public_url = server::read(&figment).public_url;
    let app = api::server::app(Arc::new(state), &public_url, limits, more).unwrap();
    (db, clock, app.map_to_response().boxed())
}

impl TestApp {
    pub async fn new() -> Self {
        Self::with(&[]).await
    }

    /// An API with its own settings.
    pub async fn with(more: &[(&str, Value)]) -> Self {
        Self::within(more, limits()).await
    }

    /// An API with its own settings and limits.
    pub async fn within(more: &[(&str, Value)], limits: ServerLimits) -> Self {
        let (db, clock, app) = build(more, limits).await;
        Self {
            db,
            clock,
            client: TestClient::new(app),
        }
    }

    /// A live key of the partner, for this environment or another.
    pub async fn key(&self, environment: &str) -> String {
        let text = api_key::key_text(environment, rand::random());
        let mut conn = self.db.pool.acquire().await.unwrap();
        api_key::create(&mut conn, partner(), environment, "test", &text, self.clock.now())
            .await
            .unwrap();
        text
    }

    pub async fn get(&self, path: &str) -> Seen {
        self.send(Method::GET, path, &[], Body::empty()).await
    }

    pub async fn get_with(&self, path: &str, headers: &[(&str, &str)]) -> Seen {
        self.send(Method::GET, path, headers, Body::empty()).await
    }

    pub async fn post(&self, path: &str, body: impl Into<Body>) -> Seen {
        self.send(Method::POST, path, &[("content-type", "application/json")], body.into())
            .await
    }

    pub async fn send(&self, method: Method, path: &str, headers: &[(&str, &str)], body: Body) -> Seen {
        let (status, headers, bytes) = self.exchange(method, path, headers, body).await;
        Seen {
            status,
            headers,
            body: serde_json::from_slice(&bytes).unwrap_or(Value::Null),
        }
    }

    /// A page, and its text.
    pub async fn page(&self, path: &str) -> (Seen, String) {
        let (status, headers, bytes) = self.exchange(Method::GET, path, &[], Body::empty()).await;
        let body = Value::Null;
        let text = String::from_utf8(bytes).unwrap();
        (Seen { status, headers, body }, text)
    }

    async fn exchange(
        &self,
        method: Method,
        path: &str,
        headers: &[(&str, &str)],
        body: Body,
    ) -> (u16, HeaderMap, Vec<u8>) {
        let request = headers
            .iter()
            .fold(self.client.request(method, path), |request, (name, value)| {
                request.header(*name, *value)
            })
            .body(body);
        let response = request.send().await.0;
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        let bytes = response.into_body().into_bytes().await.unwrap();
        (status, headers, bytes.to_vec())
    }
}
