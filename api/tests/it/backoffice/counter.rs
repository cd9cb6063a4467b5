//! An office whose buses are on sale: the company of the sales tests with its feed, and the programs of partners that
//! buy from it.

use app::timetable::{ImportOptions, import};
use app::{self, ticket};
use domain::access::Workplace;
use domain::id::{CompanyId, PartnerId};
use domain::role::Role;
use ledger::Cause;
use serde_json::{Value, json};
use testing::world::World;

use crate::backoffice::support::Office;
use crate::harness::DAY;
use crate::harness::browser::Browser;
use crate::harness::caller::Caller;
use crate::harness::feed::{self, COMPANY};
use crate::harness::manager::Manager;
use crate::harness::partner::{Partner, Sold, order as order_for};

/// A running API with something to sell.
pub struct Counter {
    pub office: Office,
    pub company: CompanyId,
}

impl Counter {
    pub async fn open() -> Self {
        let office = Office::open().await;
        feed::cities(office.pool()).await;
        let source = feed::source(&feed::lines());
        let options = ImportOptions::default();
        import(office.pool(), office.clock.now(), &source, &options)
            .await
            .unwrap();
        let company = app::company::named(office.pool(), COMPANY).await.unwrap();
        Self { office, company }
    }

    /// Publishes the feed again: on [`DAY`], the bus with this number of seats runs another trip.
    pub async fn split_trip(&self, seats: u16) {
        let mut source = feed::source(&feed::lines());
        let files = &mut source.files.0;
        let text = |file: &[u8]| String::from_utf8(file.to_vec()).unwrap();
        let (old, day) = (format!("T,daily,t{seats},b{seats}\n"), DAY.replace('-', ""));
        let new = format!("T,rest,t{seats},b{seats}\nT,extra,x{seats},b{seats}\n");
        let trips = text(&files["trips.txt"]).replace(&old, &new);
        let calendar = text(&files["calendar.txt"]) + "rest,1,1,1,1,1,1,1,20270101,20271231\n";
        let dates = format!("service_id,date,exception_type\nrest,{day},2\nextra,{day},1\n");
        let mut times = text(&files["stop_times.txt"]);
        let own = format!("t{seats},");
        let rows: Vec<String> = times
            .lines()
            .filter_map(|row| Some(format!("x{seats},{}\n", row.strip_prefix(&own)?)))
            .collect();
        times.extend(rows);
        files.insert("trips.txt", trips.into_bytes());
        files.insert("calendar.txt", calendar.into_bytes());
        files.insert("calendar_dates.txt", dates.into_bytes());
        files.insert("stop_times.txt", times.into_bytes());
        let (pool, now) = (self.office.pool(), self.office.clock.now());
        import(pool, now, &source, &ImportOptions::default()).await.unwrap();
    }

    /// A new user of the company.
    pub async fn clerk(&self) -> Manager {
        let place = Workplace::Company(self.company);
        Manager(self.office.signed_in(place, Role::Dispatcher).await)
    }

    /// A program with this API key.
    pub fn program(&self, key: &str) -> Partner {
        let Browser { http, base, .. } = self.office.browser();
        Partner::new(&Caller { http, base, key: None }, key.to_owned())
    }

    /// The program of a partner, with a new API key.
    pub async fn partner(&self, id: PartnerId) -> Partner {
        let mut conn = self.office.pool().acquire().await.unwrap();
        let mut world = World::new(&mut conn, self.office.clock.now()).await;
        let key = world.key(id, "local").await;
        self.program(&key)
    }

    pub async fn website(&self) -> Partner {
        self.partner(self.office.website).await
    }

    /// Moves the clock by minutes.
    pub fn wait(&self, minutes: i64) {
        self.office.wait(chrono::TimeDelta::minutes(minutes));
    }

    /// Closes expired tickets; returns how many.
    pub async fn sweep(&self) -> usize {
        ticket::sweep(self.office.pool(), &self.office.clock, &Cause::default())
            .await
            .unwrap()
    }

    /// A number from the database.
    pub async fn count(&self, sql: &'static str) -> i64 {
        sqlx::query_scalar(sql).fetch_one(self.office.pool()).await.unwrap()
    }

    /// Messages about an order that have a job, as `event channel`, in the order of their creation.
    pub async fn messages(&self, order: &str) -> Vec<String> {
        let id: domain::id::TicketId = order.parse().unwrap();
        sqlx::query_scalar(
            "select n.event || ' ' || n.channel
             from notifications n join jobs j on j.dedupe_key = 'ntf_' || replace(n.id::text, '-', '')
             where n.ticket_id = $1 order by n.id",
        )
        .bind(id.0)
        .fetch_all(self.office.pool())
        .await
        .unwrap()
    }

    /// The id of the trip with this number of seats.
    pub async fn trip(&self, seats: u16) -> String {
        let id: uuid::Uuid = sqlx::query_scalar("select id from trips where feed_trip_id = $1")
            .bind(format!("t{seats}"))
            .fetch_one(self.office.pool())
            .await
            .unwrap();
        domain::id::TripId(id).to_string()
    }

    /// Checks that no seat is sold twice, and that holds and tickets that keep a seat correspond.
    pub async fn audit(&self) {
        let wrong = self
            .count(
                "select count(*) from tickets t full join seat_holds h on h.ticket_id = t.id
                 where (t.status in ('Processing', 'Confirmed')) <> (h.ticket_id is not null)
                    or (h.trip_id, h.service_day, h.seat) <> (t.trip_id, t.service_day, t.seat)",
            )
            .await;
        assert_eq!(wrong, 0, "seats and tickets disagree");
    }
}

/// Buys a seat for a passenger with an e-mail address and Viber.
pub async fn buy(partner: &Partner, seats: u16) -> Sold {
    let token = partner.token(seats, "kyiv", "lviv", 1).await;
    let mut order = order_for(&token, 1);
    let passenger = json!({
        "firstName": "Olena", "lastName": "Kovalenko", "email": "olena@example.com",
        "phones": [{ "phone": "+380671234567", "messengers": ["Viber"] }],
    });
    order["passengers"] = json!([passenger]);
    Sold::of(&partner.post("/v2/bookings", &order).await)
}

/// `status payment` of an order.
pub fn standing(order: &Value) -> String {
    let (status, payment) = (&order["status"], &order["paymentStatus"]);
    format!("{} {}", status.as_str().unwrap(), payment.as_str().unwrap())
}

/// `action status payment` of each line of an order's history.
pub fn history(order: &Value) -> Vec<String> {
    let text = |line: &Value| format!("{} {}", line["action"].as_str().unwrap(), standing(line));
    order["history"].as_array().unwrap().iter().map(text).collect()
}
