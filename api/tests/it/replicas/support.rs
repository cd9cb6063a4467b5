//! A database with tickets, and APIs beside each other.

use std::ffi::OsStr;
use std::time::Duration;

use common::clock::Clock;
use common::id::{BookingId, TicketId};
use common::testing::database::TestDb;
use common::testing::eventually::eventually;
use common::testing::port;
use common::testing::settings::VAULT_KEY;
use common::testing::world::{Sale, SoldTicket, World};
use reqwest::Method;
use serde_json::Value;
use tokio::process::{Child, Command};

/// For hangs only.
pub const LIMIT: Duration = Duration::from_secs(60);

const SECRET: &str = "0123456789abcdef0123456789abcdef";

/// A database with a fresh ticket, and the key of its partner.
pub struct Stand {
    pub db: TestDb,
    pub key: String,
    pub sold: SoldTicket,
}

/// An API process; killed when dropped.
pub struct Api {
    pub child: Child,
    pub base: String,
}

/// What came back.
#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    pub retry_after: Option<String>,
    pub body: Value,
}

impl Stand {
    pub async fn new() -> Self {
        let db = TestDb::new().await;
        let mut conn = db.pool.acquire().await.unwrap();
        let mut world = World::new(&mut conn, Clock::system().now()).await;
        let sold = world.sell(&Sale::default()).await;
        let key = world.key(sold.partner_id, "local").await;
        drop(conn);
        Self { db, key, sold }
    }

    /// Another ticket of the same departure.
    pub async fn another(&self, sale: &Sale) -> SoldTicket {
        let sold = SoldTicket {
            id: TicketId::new(),
            booking_id: BookingId::new(),
            ..self.sold
        };
        let mut conn = self.db.pool.acquire().await.unwrap();
        let mut world = World::new(&mut conn, Clock::system().now()).await;
        world.ticket(&sold, sale).await;
        sold
    }

    /// Starts an API with these variables, and waits until it is ready.
    pub async fn api<K: AsRef<OsStr>, V: AsRef<OsStr>>(&self, variables: impl IntoIterator<Item = (K, V)>) -> Api {
        let listen = port::free().to_string();
        let child = Command::new(env!("CARGO_BIN_EXE_api"))
            .env_clear()
            .env("DATABASE_URL", &self.db.url)
            .env("REDIS_URL", "redis://127.0.0.1:1/")
            .env("LISTEN", &listen)
            .env("OFFER_SECRET", SECRET)
            .env("SESSION_SECRET", SECRET)
            .env("STORAGE_URL", "file:///nonexistent")
            .env("LINK_SECRET", SECRET)
            .env("VAULT_KEY", VAULT_KEY)
            .env("LOG", "off")
            .envs(variables)
            .kill_on_drop(true)
            .spawn()
            .unwrap();
        let api = Api {
            child,
            base: format!("http://{listen}"),
        };
        eventually("the API is ready", LIMIT, async || {
            (api.ready().await == Some(200)).then_some(())
        })
        .await;
        api
    }

    /// Asks for a ticket's booking, or does something with it.
    pub fn ask(
        &self,
        api: &Api,
        method: Method,
        sold: &SoldTicket,
        action: &str,
    ) -> impl Future<Output = Answer> + Send + 'static {
        let url = format!("{}/v2/bookings/{}{action}", api.base, sold.booking_id);
        let request = client().request(method, url).header("x-api-key", &self.key);
        async move {
            let answer = request.send().await.unwrap();
            let retry_after = answer.headers().get("retry-after");
            Answer {
                status: answer.status().as_u16(),
                retry_after: retry_after.map(|seconds| seconds.to_str().unwrap().to_owned()),
                body: answer.json().await.unwrap(),
            }
        }
    }

    pub fn pay(&self, api: &Api, sold: &SoldTicket) -> impl Future<Output = Answer> + Send + 'static {
        self.ask(api, Method::POST, sold, "/pay")
    }

    /// Waits until a statement of an API waits for a lock.
    pub async fn waits(&self) {
        const WAITS: &str =
            "select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'";
        eventually("a statement waits for a lock", LIMIT, async || {
            let found = sqlx::query_scalar::<_, i32>(WAITS).fetch_optional(&self.db.pool);
            found.await.unwrap()
        })
        .await;
    }

    /// Runs statements.
    pub async fn sql(&self, sql: &'static str) {
        sqlx::raw_sql(sql).execute(&self.db.pool).await.unwrap();
    }
}

impl Api {
    /// Status of `/readyz`; `None` when nothing answers.
    pub async fn ready(&self) -> Option<u16> {
        let answer = client().get(format!("{}/readyz", self.base)).send().await.ok()?;
        Some(answer.status().as_u16())
    }

    pub async fn signal(&self, name: &str) {
        let id = self.child.id().unwrap().to_string();
        let sent = Command::new("kill").args([name, &id]).status().await;
        assert!(sent.unwrap().success());
    }
}

/// A client that makes a connection for each request.
pub fn client() -> reqwest::Client {
    let builder = reqwest::Client::builder().no_proxy().tls_certs_only([]);
    builder.pool_max_idle_per_host(0).build().unwrap()
}
