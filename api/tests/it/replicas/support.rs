//! A database with tickets, and several APIs on it.

use std::ffi::OsStr;

use domain::id::{BookingId, TicketId};
use kernel::clock::Clock;
use reqwest::Method;
use serde_json::Value;
use testing::database::TestDb;
use testing::eventually::eventually;
use testing::world::{Sale, SoldTicket, World};

use crate::harness::client::fresh_client;
use crate::harness::process::{LIMIT, Process};

/// A database with a fresh ticket, and the key of its partner.
pub struct Stand {
    pub db: TestDb,
    pub key: String,
    pub sold: SoldTicket,
}

/// A response.
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
    pub async fn api<K: AsRef<OsStr>, V: AsRef<OsStr>>(&self, variables: impl IntoIterator<Item = (K, V)>) -> Process {
        Process::start(&self.db.url, variables).await
    }

    /// Reads a ticket's booking, or performs an action on it.
    pub fn ask(
        &self,
        api: &Process,
        method: Method,
        sold: &SoldTicket,
        action: &str,
    ) -> impl Future<Output = Answer> + Send + 'static {
        let url = format!("{}/v2/bookings/{}{action}", api.base, sold.booking_id);
        let request = fresh_client().request(method, url).header("x-api-key", &self.key);
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

    pub fn pay(&self, api: &Process, sold: &SoldTicket) -> impl Future<Output = Answer> + Send + 'static {
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
