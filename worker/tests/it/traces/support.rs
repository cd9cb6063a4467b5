//! A database with a trip on sale, and the processes of the platform, which export to a collector.

use std::process::Stdio;
use std::time::Duration;

use domain::money::Currency;
use kernel::clock::Clock;
use reqwest::{Response, StatusCode};
use rust_decimal::dec;
use serde_json::{Value, json};
use testing::database::TestDb;
use testing::eventually::eventually;
use testing::port;
use testing::redis::TestRedis;
use testing::settings::VAULT_KEY;
use testing::world::{Sale, SoldTicket, World};
use tokio::process::{Child, Command};

use crate::guarantees::support::example;

/// For hangs only.
pub const LIMIT: Duration = Duration::from_secs(120);

const SECRET: &str = "0123456789abcdef0123456789abcdef";

/// The data of the passenger for whom a ticket is booked.
pub const PASSENGER: [&str; 4] = ["Olena", "Kovalenko", "olena@example.com", "+380671234567"];

pub struct Stand {
    pub db: TestDb,
    pub redis: TestRedis,
    /// A ticket that was sold before.
    pub sold: SoldTicket,
    /// The API key of the partner.
    pub key: String,
}

/// An API process; killed when dropped.
pub struct Api {
    pub child: Child,
    pub base: String,
}

impl Stand {
    pub async fn new() -> Self {
        let (db, redis) = (TestDb::new().await, TestRedis::start().await);
        let mut conn = db.pool.acquire().await.unwrap();
        let mut world = World::new(&mut conn, Clock::system().now()).await;
        let sold = world.sell(&Sale::default()).await;
        let route: sqlx::types::Uuid = sqlx::query_scalar("select id from routes")
            .fetch_one(&db.pool)
            .await
            .unwrap();
        let (from, to) = ("Kyiv Central", "Warszawa Zachodnia");
        world
            .fare(domain::id::RouteId(route), from, to, dec!(900), Currency::Uah)
            .await;
        let key = world.key(sold.partner_id, "local").await;
        drop(conn);
        Self { db, redis, key, sold }
    }

    /// Starts a process of the platform with these variables. Its log can be read.
    pub fn start(&self, mut program: Command, variables: &[(&str, &str)]) -> Child {
        program
            .env_clear()
            .env("DATABASE_URL", &self.db.url)
            .env("REDIS_URL", self.redis.url())
            .env("OFFER_SECRET", SECRET)
            .env("SESSION_SECRET", SECRET)
            .env("STORAGE_URL", "file:///nonexistent")
            .env("LINK_SECRET", SECRET)
            .env("VAULT_KEY", VAULT_KEY)
            .env("MAIL_FROM", "Tickets <tickets@example.com>")
            .env("VIBER_TOKEN", "sesame")
            .env("SHUTDOWN_DELAY_SECONDS", "0")
            .env("OTEL_BSP_SCHEDULE_DELAY", "50")
            .env("LOG", "warn")
            .envs(variables.iter().copied())
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .unwrap()
    }

    pub async fn api(&self, variables: &[(&str, &str)]) -> Api {
        let listen = port::free().to_string();
        let mut variables = variables.to_vec();
        variables.extend([("LISTEN", &*listen), ("OTEL_SERVICE_NAME", "api")]);
        let mut program = Command::new(example("program"));
        program.arg("api");
        let api = Api {
            child: self.start(program, &variables),
            base: format!("http://{listen}"),
        };
        eventually("the API is ready", LIMIT, async || {
            let answer = reqwest::get(format!("{}/readyz", api.base)).await.ok()?;
            answer.status().is_success().then_some(())
        })
        .await;
        api
    }

    pub fn scheduler(&self, variables: &[(&str, &str)]) -> Child {
        let mut variables = variables.to_vec();
        variables.push(("OTEL_SERVICE_NAME", "scheduler"));
        let mut program = Command::new(example("program"));
        program.arg("scheduler");
        self.start(program, &variables)
    }

    /// The path of a search.
    pub fn search_path(&self) -> String {
        format!(
            "/v2/offers?departureCity=kyiv&arrivalCity=warsaw&departureDate={}&passengers=1",
            self.sold.service_day
        )
    }

    /// Searches, with this `traceparent`.
    pub async fn search(&self, api: &Api, traceparent: Option<&str>) -> Response {
        let path = format!("{}{}", api.base, self.search_path());
        let mut request = client().get(path).header("x-api-key", &self.key);
        if let Some(traceparent) = traceparent {
            request = request.header("traceparent", traceparent);
        }
        request.send().await.unwrap()
    }

    /// Books a seat, with this `traceparent`.
    pub async fn book(&self, api: &Api, traceparent: Option<&str>) {
        let found: Value = self.search(api, Some("00-0-0-00")).await.json().await.unwrap();
        let offer = &found["data"]["offers"][0];
        assert!(offer.is_object(), "{found}");
        let [first, last, email, phone] = PASSENGER;
        let body = json!({
            "offerId": offer["id"],
            "currency": offer["prices"][0]["currency"],
            "passengers": [{
                "firstName": first,
                "lastName": last,
                "email": email,
                "phones": [{ "phone": phone, "messengers": ["Viber"] }],
            }],
        });
        let request = client()
            .post(format!("{}/v2/bookings?email={email}", api.base))
            .header("x-api-key", &self.key)
            .header("x-request-id", "the-one-request");
        let request = match traceparent {
            Some(traceparent) => request.header("traceparent", traceparent),
            None => request,
        };
        let answer = request.json(&body).send().await.unwrap();
        let (status, text) = (answer.status(), answer.text().await.unwrap());
        assert_eq!(status, StatusCode::CREATED, "{text}");
    }
}

pub fn client() -> reqwest::Client {
    reqwest::Client::builder()
        .no_proxy()
        .tls_certs_only([])
        .build()
        .unwrap()
}

/// Asks a process to end, and waits until it has.
pub async fn end(child: &mut Child) {
    let pid = child.id().unwrap().to_string();
    let told = Command::new("kill").args(["-TERM", &pid]).status().await;
    assert!(told.unwrap().success());
    let ended = tokio::time::timeout(LIMIT, child.wait()).await.expect("it ends");
    assert!(ended.unwrap().success());
}
