//! The API behind a real socket, over a database with the demo feeds and a company of our own, and a clock that moves
//! when it is told to.

use std::path::Path;
use std::sync::Arc;

use api::server::{self, Patience};
use api::state::State;
use chrono::{DateTime, NaiveDate, Utc};
use common::app::timetable::{ImportOptions, ImportReport, import};
use common::app::{self, Platform, api_key};
use common::clients::gtfs_source::{self, Source};
use common::clock::Clock;
use common::config::{Needs, Settings};
use common::id::{CompanyId, PartnerId};
use common::testing::database::TestDb;
use figment::Figment;
use figment::providers::Serialized;
use poem::Route;
use poem::listener::{Acceptor, Listener, TcpListener};
use serde_json::{Value, json};
use sqlx::PgPool;

use crate::feed::{self, COMPANY, Line};
use crate::seen::Seen;

/// When the shop opens: a Monday, ten in the morning in Kyiv.
pub const OPENING: &str = "2027-02-01T08:00:00Z";

/// A Monday on which everything runs.
pub const DAY: &str = "2027-02-08";

/// The partners, and the secrets of their keys.
const PARTNERS: [(&str, [u8; 32]); 2] = [("website", [1; 32]), ("reseller", [2; 32])];

/// A running API.
pub struct Shop {
    pub platform: Platform,
    pub clock: Clock,
    base: Arc<str>,
    http: reqwest::Client,
    server: tokio::task::JoinHandle<()>,
}

impl Drop for Shop {
    fn drop(&mut self) {
        self.server.abort();
    }
}

impl Shop {
    /// A shop of its own, at [`OPENING`].
    pub async fn open() -> Self {
        Self::open_at(OPENING).await
    }

    pub async fn open_at(instant: &str) -> Self {
        let db = TestDb::seeded(seed).await;
        let figment = Figment::from(Serialized::defaults(common::config::defaults()))
            .merge(Serialized::default("database_url", &db.url))
            .merge(Serialized::default("offer_secret", "0123456789abcdef0123456789abcdef"));
        let settings = Settings::from_figment(&figment, Needs::Api).unwrap();
        let clock = Clock::manual(instant.parse::<DateTime<Utc>>().unwrap());
        let state = Arc::new(State::new(db.pool.clone(), clock.clone(), &settings));
        let platform = state.platform.clone();
        let app = server::app(state, &settings.public_url, Patience::default(), Route::new()).unwrap();
        let acceptor = TcpListener::bind("127.0.0.1:0").into_acceptor().await.unwrap();
        let base = format!("http://{}", acceptor.local_addr()[0].as_socket_addr().unwrap()).into();
        let server = tokio::spawn(async move {
            poem::Server::new_with_acceptor(acceptor).run(app).await.unwrap();
        });
        let http = reqwest::Client::builder()
            .no_proxy()
            .tls_certs_only([])
            .build()
            .unwrap();
        Self {
            platform,
            clock,
            base,
            http,
            server,
        }
    }

    pub fn pool(&self) -> &PgPool {
        &self.platform.pool
    }

    /// Nobody: no key.
    pub fn visitor(&self) -> Client {
        Client {
            http: self.http.clone(),
            base: Arc::clone(&self.base),
            key: None,
        }
    }

    /// The first partner.
    pub fn website(&self) -> Client {
        self.partner(0)
    }

    /// The other one.
    pub fn reseller(&self) -> Client {
        self.partner(1)
    }

    fn partner(&self, which: usize) -> Client {
        let key = api_key::key_text("local", PARTNERS[which].1);
        Client {
            key: Some(key),
            ..self.visitor()
        }
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

    /// One number out of the database.
    pub async fn count(&self, sql: &'static str) -> i64 {
        sqlx::query_scalar(sql).fetch_one(self.pool()).await.unwrap()
    }

    /// Runs statements.
    pub async fn sql(&self, sql: &'static str) {
        sqlx::raw_sql(sql).execute(self.pool()).await.unwrap();
    }

    /// `action status payment` of each line of a ticket's history.
    pub async fn history(&self, ticket: &str) -> Vec<String> {
        let id: common::id::TicketId = ticket.parse().unwrap();
        sqlx::query_scalar(
            "select action || ' ' || status || ' ' || payment_status from ticket_history where ticket_id = $1 order by id",
        )
        .bind(id.0)
        .fetch_all(self.pool())
        .await
        .unwrap()
    }

    /// What must hold whenever nobody is at work, whatever happened before.
    pub async fn audit(&self) {
        for (rule, sql) in RULES {
            let offenders: Vec<String> = sqlx::query_scalar(sql).fetch_all(self.pool()).await.unwrap();
            assert_eq!(offenders, [""; 0], "{rule}");
        }
    }
}

/// Rules of the database, each with a query for what breaks it.
const RULES: [(&str, &str); 6] = [
    (
        "no two tickets hold one seat on overlapping stretches",
        "select a.ticket_id::text from seat_holds a join seat_holds b using (trip_id, service_day, seat)
         where a.ticket_id < b.ticket_id and a.stretch && b.stretch",
    ),
    (
        "a ticket holds its seat exactly while it is open or confirmed",
        "select t.id::text from tickets t left join seat_holds h on h.ticket_id = t.id
         where (t.status in ('Processing', 'Confirmed')) <> (h.ticket_id is not null)",
    ),
    (
        "seat, departure and stretch of a hold are those of its ticket",
        "select t.id::text from tickets t join seat_holds h on h.ticket_id = t.id
         where (t.trip_id, t.service_day, t.seat) <> (h.trip_id, h.service_day, h.seat)
            or h.stretch <> int4range(t.boarding_position, t.alighting_position)",
    ),
    (
        "every held seat is on the bus",
        "select h.ticket_id::text from seat_holds h
         join departures d using (trip_id, service_day) join buses b on b.id = d.bus_id
         where h.seat not between 1 and b.seats",
    ),
    (
        "a ticket boards when and where the bus calls, and its booking says so",
        "select t.id::text from tickets t join bookings g on g.id = t.booking_id
         left join departure_calls c on (c.trip_id, c.service_day, c.position) = (t.trip_id, t.service_day, t.boarding_position)
         where c.departure_at is distinct from t.boarding_at or g.departure_at <> t.boarding_at",
    ),
    (
        "the last line of history is where the ticket stands",
        "select t.id::text from tickets t cross join lateral (
             select status, payment_status from ticket_history h where h.ticket_id = t.id order by id desc limit 1
         ) as last
         where (last.status, last.payment_status) <> (t.status, t.payment_status)",
    ),
];

/// Fills the template: cities of the demo, its feeds, our feed, rates, partners. Nothing of it depends on today.
async fn seed(pool: &PgPool) {
    let now = OPENING.parse().unwrap();
    let data = Path::new(env!("CARGO_MANIFEST_DIR")).join("../data");
    let read = |name: &str| std::fs::read_to_string(data.join(name)).unwrap();
    let names = read("demo/cities.csv");
    let served: Vec<&str> = names.lines().filter_map(|line| line.split(',').nth(1)).collect();
    let cities: Vec<String> = read("cities-europe-15000.csv")
        .lines()
        .filter(|line| line.split(',').next().is_some_and(|id| served.contains(&id)))
        .map(str::to_owned)
        .collect();
    app::city::import(pool, cities.join("\n").as_bytes(), Some(names.as_bytes()))
        .await
        .unwrap();
    for feed in ["demo-karpaty", "demo-wisla", "demo-danubiu"] {
        let source = gtfs_source::read(&data.join("demo").join(feed), None).unwrap();
        publish(pool, now, &source).await;
    }
    publish(pool, now, &feed::source(&feed::lines())).await;
    for (slug, secret) in PARTNERS {
        let id = app::partner::create(pool, now, slug, slug).await.unwrap();
        let key = api_key::key_text("local", secret);
        let mut conn = pool.acquire().await.unwrap();
        api_key::ensure(&mut conn, id, "local", "test", &key, now)
            .await
            .unwrap();
    }
}

async fn publish(pool: &PgPool, now: DateTime<Utc>, source: &Source) -> ImportReport {
    let report = import(pool, now, source, &ImportOptions::default()).await.unwrap();
    assert_eq!(report.findings.flaws, [], "the feed is clean");
    report
}

/// Somebody who calls the API.
#[derive(Debug, Clone)]
pub struct Client {
    http: reqwest::Client,
    base: Arc<str>,
    key: Option<String>,
}

impl Client {
    pub async fn get(&self, path: &str) -> Seen {
        self.send(self.http.get(format!("{}{path}", self.base))).await
    }

    pub async fn post(&self, path: &str, body: &Value) -> Seen {
        self.send(self.http.post(format!("{}{path}", self.base)).json(body))
            .await
    }

    async fn send(&self, request: reqwest::RequestBuilder) -> Seen {
        let request = match &self.key {
            Some(key) => request.header("x-api-key", key),
            None => request,
        };
        let response = request.send().await.unwrap();
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        let body = serde_json::from_slice(&response.bytes().await.unwrap()).unwrap_or(Value::Null);
        assert!(status < 500, "{status} {body}");
        Seen { status, headers, body }
    }

    /// The offers of a search.
    pub async fn offers(&self, from: &str, to: &str, day: &str, more: &str) -> Vec<Value> {
        let query = format!("departureCity={from}&arrivalCity={to}&departureDate={day}&language=EN{more}");
        let passengers = if query.contains("&passengers=") {
            ""
        } else {
            "&passengers=1"
        };
        let seen = self.get(&format!("/v2/offers?{query}{passengers}")).await;
        assert_eq!(seen.status, 200, "{}", seen.body);
        seen.body["data"]["offers"].as_array().unwrap().clone()
    }

    /// The offer of our bus with so many seats, if it is among them.
    pub async fn offer(&self, seats: u16, from: &str, to: &str, passengers: usize) -> Option<Value> {
        let more = format!("&passengers={passengers}");
        let offers = self.offers(from, to, DAY, &more).await;
        offers.into_iter().find(|offer| is_ours(offer, seats))
    }

    /// Passengers that our bus could still seat.
    pub async fn left(&self, seats: u16, from: &str, to: &str) -> u64 {
        match self.offer(seats, from, to, 1).await {
            Some(offer) => offer["seatsLeft"].as_u64().unwrap(),
            None => 0,
        }
    }

    /// The token of an offer on our bus.
    pub async fn token(&self, seats: u16, from: &str, to: &str, passengers: usize) -> String {
        let offer = self.offer(seats, from, to, passengers).await.expect("an offer");
        offer["id"].as_str().unwrap().to_owned()
    }

    pub async fn create(&self, token: &str, passengers: usize) -> Seen {
        self.post("/v2/bookings", &order(token, passengers)).await
    }

    /// Buys seats on our bus.
    pub async fn sell(&self, seats: u16, from: &str, to: &str, passengers: usize) -> Sold {
        let token = self.token(seats, from, to, passengers).await;
        Sold::of(&self.create(&token, passengers).await)
    }

    /// Pays, books or cancels all of a booking.
    pub async fn act(&self, action: &str, booking: &str) -> Seen {
        self.post(&format!("/v2/bookings/{booking}/{action}"), &json!({})).await
    }

    /// Pays, books or cancels some of a booking.
    pub async fn act_on(&self, action: &str, booking: &str, orders: &[&str]) -> Seen {
        self.post(
            &format!("/v2/bookings/{booking}/{action}"),
            &json!({ "orderIds": orders }),
        )
        .await
    }

    /// The booking as it reads now.
    pub async fn booking(&self, id: &str) -> Value {
        let seen = self.get(&format!("/v2/bookings/{id}")).await;
        assert_eq!(seen.status, 200, "{}", seen.body);
        seen.body["data"]["booking"].clone()
    }

    /// `status payment` of each ticket of a booking.
    pub async fn standing(&self, id: &str) -> Vec<String> {
        standing(&self.booking(id).await)
    }
}

/// Whether an offer is of our bus with so many seats.
pub fn is_ours(offer: &Value, seats: u16) -> bool {
    let slice = &offer["slices"][0];
    slice["bus"]["seatsQty"] == seats && slice["route"]["company"]["slug"] == COMPANY
}

/// A request for a booking of so many passengers.
pub fn order(token: &str, passengers: usize) -> Value {
    let passenger = json!({ "firstName": "Olena", "lastName": "Kovalenko", "phones": [{ "phone": "+380671234567" }] });
    json!({ "offerId": token, "currency": "UAH", "passengers": vec![passenger; passengers] })
}

/// `status payment` of each ticket of a booking.
pub fn standing(booking: &Value) -> Vec<String> {
    let text = |ticket: &Value| {
        let (status, payment) = (&ticket["status"], &ticket["paymentStatus"]);
        format!("{} {}", status.as_str().unwrap(), payment.as_str().unwrap())
    };
    booking["tickets"].as_array().unwrap().iter().map(text).collect()
}

/// A booking that was made.
#[derive(Debug, Clone)]
pub struct Sold {
    pub id: String,
    pub orders: Vec<String>,
    pub seats: Vec<String>,
    pub body: Value,
}

impl Sold {
    pub fn of(seen: &Seen) -> Self {
        assert!(matches!(seen.status, 200 | 201), "{} {}", seen.status, seen.body);
        Self::read(&seen.body["data"]["booking"])
    }

    pub fn read(booking: &Value) -> Self {
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        let tickets = booking["tickets"].as_array().unwrap();
        Self {
            id: text(&booking["id"]),
            orders: tickets.iter().map(|ticket| text(&ticket["id"])).collect(),
            seats: tickets
                .iter()
                .map(|ticket| text(&ticket["slices"][0]["seat"]["label"]))
                .collect(),
            body: booking.clone(),
        }
    }
}

/// The instant of a wall clock of Kyiv in winter.
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
