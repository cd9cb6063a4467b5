//! What a partner sees of a timetable, and buys of it, as the API does: the published state, the seats that are taken,
//! the lock of the departure.

use app::seating::Seating;
use app::timetable::{ImportOptions, ImportReport, import};
use chrono::NaiveDate;
use domain::id::{BookingId, CityId, TicketId};
use domain::seat;
use domain::ticket::{PaymentStatus, TicketStatus};
use domain::timetable::{Connection, Timetable};
use sqlx::{PgPool, Row};
use testing::feed::TestFeed;
use testing::world::{Sale, SoldTicket, World};

use super::model::Model;
use super::now;

/// A departure that can be bought.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Offered {
    /// `trip_id` of the feed.
    pub trip_id: String,
    pub seats_left: u16,
    /// `HH:MM` in UTC at the first stop.
    pub leaves: String,
    connection: Connection,
}

pub struct Shop {
    pub pool: PgPool,
}

impl Shop {
    pub async fn open(model: &Model) -> Self {
        let shop = Self {
            pool: super::world().await,
        };
        shop.import(model).await;
        shop
    }

    /// Imports as the feed of the model, regardless of its contents.
    pub async fn import(&self, model: &Model) -> ImportReport {
        self.import_feed(&model.feed()).await
    }

    pub async fn import_feed(&self, feed: &TestFeed) -> ImportReport {
        let options = ImportOptions {
            feed: Some("bh".to_owned()),
            ..ImportOptions::default()
        };
        import(&self.pool, now(), &feed.source(), &options).await.unwrap()
    }

    async fn timetable(&self) -> Timetable {
        let mut snapshot = db::snapshot(&self.pool).await.unwrap();
        Timetable::new(db::published::load(&mut snapshot).await.unwrap())
    }

    async fn city(&self, slug: &str) -> CityId {
        let id = sqlx::query_scalar("select id from cities where slug = $1").bind(slug);
        CityId(id.fetch_one(&self.pool).await.unwrap())
    }

    /// What is offered from Kyiv to Lviv on a day, full ones included.
    pub async fn offers(&self, day: &str) -> Vec<Offered> {
        let timetable = self.timetable().await;
        let (kyiv, lviv) = (self.city("kyiv").await, self.city("lviv").await);
        let mut offers = Vec::new();
        for connection in timetable.connections(kyiv, lviv, day.parse().unwrap()) {
            let trip = timetable.trip(&connection);
            let key = (trip.id, connection.service_day);
            let mut conn = self.pool.acquire().await.unwrap();
            let sold = db::cache::departures(&mut conn, &[key]).await.unwrap().remove(&key);
            let seats_left = match sold {
                Some(sold) if sold.closed => continue,
                Some(sold) => seat::left(
                    trip.bus.seats,
                    &sold.holds(now()),
                    &(connection.boarding..connection.alighting),
                ),
                None => trip.bus.seats,
            };
            let name = sqlx::query_scalar("select feed_trip_id from trips where id = $1").bind(trip.id);
            offers.push(Offered {
                trip_id: name.fetch_one(&self.pool).await.unwrap(),
                seats_left,
                leaves: connection.departs_at.format("%H:%M").to_string(),
                connection,
            });
        }
        offers
    }

    /// Sells seats of an offered departure from Kyiv to Lviv, paid.
    pub async fn sell(&self, offered: &Offered, count: usize) -> Vec<TicketId> {
        let timetable = self.timetable().await;
        let connection = &offered.connection;
        let trip = timetable.trip(connection);
        let key = (trip.id, connection.service_day);
        let mut tx = self.pool.begin().await.unwrap();
        let locked = db::departure::lock(&mut tx, &[key]).await.unwrap();
        assert!(locked.values().all(|locked| !locked.closed), "{offered:?} is offered");
        if db::departure::ensure(&mut tx, key, trip.bus.id).await.unwrap() {
            let calls = timetable.calls(connection);
            db::journey::freeze(&mut tx, key, &calls).await.unwrap();
        }
        let segment = connection.boarding..connection.alighting;
        let seating = Seating::read(&mut tx, key).await.unwrap();
        let seats = seating.plan(count, &segment).unwrap().seats;
        let mut world = World::new(&mut tx, now()).await;
        let mut tickets = Vec::new();
        let partner_id = world.partner(&TicketId::new().to_string()).await;
        for seat in seats {
            let ticket = SoldTicket {
                id: TicketId::new(),
                booking_id: BookingId::new(),
                partner_id,
                company_id: trip.route.company.id,
                trip_id: trip.id,
                service_day: connection.service_day,
            };
            let sale = Sale {
                segment: (
                    i16::try_from(connection.boarding).unwrap(),
                    i16::try_from(connection.alighting).unwrap(),
                ),
                seat: i16::try_from(seat).unwrap(),
                status: TicketStatus::Confirmed,
                payment_status: PaymentStatus::Paid,
                ..Sale::default()
            };
            world.ticket(&ticket, &sale).await;
            tickets.push(ticket.id);
        }
        tx.commit().await.unwrap();
        tickets
    }

    /// Where a ticket is: trip id in the feed, service day, seat, whether its departure is closed.
    pub async fn ticket(&self, id: TicketId) -> (String, NaiveDate, i16, bool) {
        let row = sqlx::query(
            "select trip.feed_trip_id, t.service_day, t.seat, d.closed_at is not null
             from tickets t join trips trip on trip.id = t.trip_id
             join departures d on (d.trip_id, d.service_day) = (t.trip_id, t.service_day)
             join seat_holds h on h.ticket_id = t.id and (h.trip_id, h.service_day, h.seat) = (t.trip_id, t.service_day, t.seat)
             join departure_calls c on (c.trip_id, c.service_day, c.position) = (t.trip_id, t.service_day, t.boarding_position)
             where t.id = $1 and c.departure_at = t.boarding_at",
        );
        let row = row.bind(id).fetch_one(&self.pool).await.unwrap();
        (row.get(0), row.get(1), row.get(2), row.get(3))
    }

    /// Trip ids and seats left of what is offered on a day.
    pub async fn left(&self, day: &str) -> Vec<(String, u16)> {
        let offers = self.offers(day).await;
        offers
            .into_iter()
            .map(|offer| (offer.trip_id, offer.seats_left))
            .collect()
    }
}
