//! A database with a sold departure, and caches over it as processes have them.

use std::sync::Arc;
use std::time::Duration;

use app::cache::Cache;
use chrono::{DateTime, Utc};
use domain::id::{BookingId, TicketId};
use kernel::clock::Clock;
use sqlx::{AssertSqlSafe, PgConnection};
use testing::database::TestDb;
use testing::world::{Sale, SoldTicket, World};

/// For hangs only.
pub const LIMIT: Duration = Duration::from_secs(60);

/// An age that is never reached: such a cache looks only when it is notified of a change.
pub const NEVER: Duration = Duration::from_hours(24);

pub struct Stand {
    pub db: TestDb,
    pub clock: Clock,
    pub sold: SoldTicket,
}

impl Stand {
    /// A departure with one unpaid ticket on seat 17.
    pub async fn new() -> Self {
        let db = TestDb::new().await;
        let now: DateTime<Utc> = "2027-02-01T08:00:00Z".parse().unwrap();
        let mut conn = db.pool.acquire().await.unwrap();
        let sold = World::new(&mut conn, now).await.sell(&Sale::default()).await;
        drop(conn);
        Self {
            db,
            clock: Clock::manual(now),
            sold,
        }
    }

    /// The cache of another process.
    pub fn cache(&self, max_age: Duration) -> Arc<Cache> {
        Arc::new(Cache::new(self.clock.clone(), "local", max_age))
    }

    /// One that looks each time, and has looked.
    pub async fn looking(&self) -> Arc<Cache> {
        let cache = self.cache(Duration::ZERO);
        cache.fresh(&self.db.pool).await.unwrap();
        cache
    }

    /// Seats that are taken, after a look.
    pub async fn seats(&self, cache: &Arc<Cache>) -> Vec<u16> {
        cache.fresh(&self.db.pool).await.unwrap();
        self.in_memory(cache)
    }

    /// Seats that are taken, as far as memory goes.
    pub fn in_memory(&self, cache: &Cache) -> Vec<u16> {
        let Some(sold) = cache.sold((self.sold.trip_id, self.sold.service_day)) else {
            return Vec::new();
        };
        let mut seats: Vec<u16> = sold.holds(self.clock.now()).iter().map(|hold| hold.seat).collect();
        seats.sort_unstable();
        seats
    }

    /// Sells another seat of the departure in the caller's transaction.
    pub async fn sell(&self, conn: &mut PgConnection, seat: i16) -> TicketId {
        let sold = SoldTicket {
            id: TicketId::new(),
            booking_id: BookingId::new(),
            ..self.sold
        };
        let sale = Sale {
            seat,
            ..Sale::default()
        };
        World::new(conn, self.clock.now()).await.ticket(&sold, &sale).await;
        sold.id
    }

    /// Runs statements as an operator does by hand.
    pub async fn sql(&self, sql: &str) {
        sqlx::raw_sql(AssertSqlSafe(sql.to_owned()))
            .execute(&self.db.pool)
            .await
            .unwrap();
    }
}
