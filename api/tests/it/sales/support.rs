//! The API behind a real socket, over a database with the demo feeds and our own company, and with a clock that only
//! tests move.

use std::path::Path;
use std::sync::Arc;

use crate::harness::OPENING;

use api::state::State;
use app::timetable::{ImportOptions, ImportReport, import};
use app::{self, Platform, api_key};
use chrono::{DateTime, NaiveDate, Utc};
use clients::gtfs_source::{self, Source};
use domain::id::{CompanyId, PartnerId};
use figment::Figment;
use kernel::clock::Clock;
use sqlx::PgPool;
use testing::database::TestDb;
use testing::settings::settings;
use testing::world::operator;

use crate::harness::caller::Caller;
use crate::harness::feed::{self, COMPANY, Line};
use crate::harness::partner::Partner;
use crate::harness::server::Server;
use crate::harness::visitor::Visitor;

/// The partners, and the secrets of their keys.
const PARTNERS: [(&str, [u8; 32]); 2] = [("website", [1; 32]), ("reseller", [2; 32])];

/// A running API.
pub struct Shop {
    pub platform: Platform,
    pub state: Arc<State>,
    pub clock: Clock,
    server: Server,
}

impl Shop {
    /// A new shop, at [`OPENING`].
    pub async fn open() -> Self {
        Self::open_at(OPENING).await
    }

    pub async fn open_at(instant: &str) -> Self {
        let db = TestDb::seeded("shop", seed).await;
        let clock = Clock::manual(instant.parse::<DateTime<Utc>>().unwrap());
        Self::serve(db.pool.clone(), clock, &settings(&db.url)).await
    }

    /// Another process of the same shop, perhaps with other settings.
    pub async fn replica(&self, more: impl FnOnce(Figment) -> Figment) -> Self {
        let figment = more(settings("postgres://unused"));
        Self::serve(self.pool().clone(), self.clock.clone(), &figment).await
    }

    /// Another process of the same shop, with its own connections.
    pub async fn on(&self, pool: PgPool) -> Self {
        Self::serve(pool, self.clock.clone(), &settings("postgres://unused")).await
    }

    async fn serve(pool: PgPool, clock: Clock, figment: &Figment) -> Self {
        let server = Server::start(pool, &clock, figment).await;
        Self {
            platform: server.state.platform.clone(),
            state: Arc::clone(&server.state),
            clock,
            server,
        }
    }

    pub fn pool(&self) -> &PgPool {
        &self.platform.pool
    }

    /// A caller without a key.
    pub fn visitor(&self) -> Visitor {
        Visitor(Caller {
            http: self.server.http.clone(),
            base: Arc::clone(&self.server.base),
            key: None,
        })
    }

    /// The first partner.
    pub fn website(&self) -> Partner {
        self.partner(0)
    }

    /// The other partner.
    pub fn reseller(&self) -> Partner {
        self.partner(1)
    }

    fn partner(&self, which: usize) -> Partner {
        let key = api_key::key_text("local", PARTNERS[which].1);
        Partner::new(&self.visitor(), key)
    }

    pub async fn partner_id(&self, slug: &str) -> PartnerId {
        app::partner::named(self.pool(), slug).await.unwrap()
    }

    pub async fn company_id(&self) -> CompanyId {
        app::company::named(self.pool(), COMPANY).await.unwrap()
    }

    /// Moves the clock to an instant.
    pub fn travel(&self, to: DateTime<Utc>) {
        self.clock.advance(to - self.clock.now());
    }

    /// Moves the clock by minutes.
    pub fn wait(&self, minutes: i64) {
        self.clock.advance(chrono::TimeDelta::minutes(minutes));
    }

    /// Imports our feed with these trips instead.
    pub async fn import(&self, lines: &[Line]) -> ImportReport {
        self.import_source(&feed::source(lines)).await
    }

    pub async fn import_source(&self, source: &Source) -> ImportReport {
        publish(self.pool(), self.clock.now(), source).await
    }

    /// A number from the database.
    pub async fn count(&self, sql: &'static str) -> i64 {
        sqlx::query_scalar(sql).fetch_one(self.pool()).await.unwrap()
    }

    /// Runs statements.
    pub async fn sql(&self, sql: &'static str) {
        sqlx::raw_sql(sql).execute(self.pool()).await.unwrap();
    }

    /// Adds `copies` copies of each ticket, as if on other buses, with the first lines of their histories and the mails
    /// about these.
    pub async fn copy_tickets(&self, copies: i32) {
        sqlx::query(
            "insert into tickets
             select gen_random_uuid(), booking_id, partner_id, company_id, passenger_id, trip_id, service_day,
                    boarding_position, alighting_position, boarding_at, seat, status, payment_status, price_id, price,
                    full_price, currency, discount_id, prepaid, refund_amount, note, created_at, updated_at
             from tickets, generate_series(1, $1::integer)",
        )
        .bind(copies)
        .execute(self.pool())
        .await
        .unwrap();
        self.sql(
            "insert into ticket_history (id, ticket_id, at, action, status, payment_status, actor)
                 select gen_random_uuid(), id, created_at, 'created', status, payment_status, 'system' from tickets t
                 where not exists (select from ticket_history h where h.ticket_id = t.id);
             insert into notifications (id, ticket_id, history_id, channel, event, state, attempts, sent_at, created_at)
                 select gen_random_uuid(), t.id, h.id, 'Email', 'created', 'sent', 1, h.at, h.at
                 from ticket_history h join tickets t on t.id = h.ticket_id join passengers p on p.id = t.passenger_id
                 where p.email <> '' and not exists (select from notifications n where n.history_id = h.id)",
        )
        .await;
    }

    /// `action status payment` of each line of a ticket's history.
    pub async fn history(&self, ticket: &str) -> Vec<String> {
        let id: domain::id::TicketId = ticket.parse().unwrap();
        sqlx::query_scalar(
            "select action || ' ' || status || ' ' || payment_status from ticket_history where ticket_id = $1 order by number",
        )
        .bind(id.0)
        .fetch_all(self.pool())
        .await
        .unwrap()
    }
}

/// Fills the template database: cities of the demo, its feeds, our feed, rates, partners. Nothing in it depends on
/// today.
async fn seed(pool: &PgPool) {
    let now = OPENING.parse().unwrap();
    let data = Path::new(env!("CARGO_MANIFEST_DIR")).join("../data");
    feed::cities(pool).await;
    for feed in ["demo-karpaty", "demo-wisla", "demo-danubiu"] {
        let source = gtfs_source::read(&data.join("demo").join(feed), None).unwrap();
        publish(pool, now, &source).await;
    }
    publish(pool, now, &feed::source(&feed::lines())).await;
    for (slug, secret) in PARTNERS {
        let id = PartnerId::new();
        let mut conn = pool.acquire().await.unwrap();
        assert!(db::partner::insert(&mut conn, id, slug, slug, now).await.unwrap());
        drop(conn);
        let key = api_key::key_text("local", secret);
        api_key::ensure(pool, &operator(), id, "local", "test", &key, now)
            .await
            .unwrap();
    }
}

async fn publish(pool: &PgPool, now: DateTime<Utc>, source: &Source) -> ImportReport {
    let report = import(pool, now, source, &ImportOptions::default()).await.unwrap();
    assert_eq!(report.findings.flaws, [], "the feed is clean");
    report
}

/// The instant of a wall clock time in Kyiv in winter.
pub fn kyiv(day: &str, time: &str) -> DateTime<Utc> {
    format!("{day}T{time}:00+02:00").parse().unwrap()
}

/// A day.
pub fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

/// Numbers that look random and are the same in every run.
#[derive(Debug, Clone)]
pub struct Dice(u64);

impl Dice {
    pub fn new(seed: usize) -> Self {
        Self(u64::try_from(seed).unwrap())
    }

    /// A number below `sides` (splitmix64).
    pub fn roll(&mut self, sides: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        usize::try_from((mixed ^ (mixed >> 31)) % u64::try_from(sides).unwrap()).unwrap()
    }
}
