//! The cost of a sale and of an action in round trips to PostgreSQL, `begin` and `commit` included. One more statement
//! adds about a third; a change that adds one must be stated here.

use std::pin::Pin;
use std::sync::Arc;

use app::Platform;
use app::booking::{self, NewBooking, NewPassenger};
use app::error::AppError;
use app::idempotency::IdempotentRequest;
use app::ticket;
use app::work::Work;
use domain::booking::Booking;
use domain::id::{BookingId, PartnerId};
use domain::idempotency::{Answer, Caller, Request};
use domain::language::Messenger;
use domain::money::Currency;
use domain::ticket::Action;
use domain::vault::Encoding;
use ledger::Cause;
use testing::round_trips::RoundTrips;

use crate::sales::support::Shop;

/// A shop, and a platform on the same database with a single connection, through the counting proxy.
struct Till {
    shop: Shop,
    platform: Platform,
    partner_id: PartnerId,
    proxy: RoundTrips,
}

impl Till {
    async fn open() -> Self {
        let shop = Shop::open().await;
        let options = shop.pool().connect_options();
        let proxy = RoundTrips::start(options.get_host().to_owned(), options.get_port()).await;
        let address = proxy.address();
        let options = (*options).clone().host(&address.ip().to_string()).port(address.port());
        // One connection: a transaction that needs a second one hangs, and every statement is prepared after its first
        // use.
        let pool = sqlx::postgres::PgPoolOptions::new()
            .max_connections(1)
            .connect_with(options.ssl_mode(sqlx::postgres::PgSslMode::Disable))
            .await
            .unwrap();
        let platform = Platform {
            pool,
            ..shop.platform.clone()
        };
        let partner_id = shop.partner_id("website").await;
        Self {
            shop,
            platform,
            partner_id,
            proxy,
        }
    }

    fn own(&self) -> Work {
        Work::Own(self.platform.pool.clone())
    }

    /// A request with an idempotency key.
    fn once(&self, key: usize) -> Arc<IdempotentRequest> {
        self.once_on(&self.platform, key)
    }

    fn once_on(&self, platform: &Platform, key: usize) -> Arc<IdempotentRequest> {
        let request = Request::new(key.to_string().as_bytes(), "POST", "/", b"").unwrap();
        let (pool, clock) = (platform.pool.clone(), platform.clock.clone());
        let once = IdempotentRequest::new(pool, clock, Arc::clone(&self.shop.state.vault), request);
        once.enter(Caller::partner("local", self.partner_id));
        Arc::new(once)
    }

    async fn create(&self, work: &Work) -> Booking {
        let passenger = |first_name: &str| NewPassenger {
            first_name: first_name.to_owned(),
            last_name: "Kovalenko".to_owned(),
            email: Some("olena@example.com".to_owned()),
            phones: vec![("+380671234567".to_owned(), vec![Messenger::Viber])],
            discount_id: None,
            prepaid: None,
        };
        let new = NewBooking {
            offer_id: self.shop.website().token(50, "kyiv", "lviv", 2).await,
            currency: Currency::Uah,
            passengers: vec![passenger("Olena"), passenger("Taras")],
            note: None,
        };
        let cause = Cause::default();
        booking::create(&self.platform, work, self.partner_id, new, &cause)
            .await
            .unwrap()
    }

    async fn act(&self, work: &Work, id: BookingId, action: Action) -> Booking {
        let (cause, partner_id) = (Cause::default(), self.partner_id);
        let acted = ticket::act(&self.platform, work, partner_id, id, action, None, &cause).await;
        let (booking, _) = acted.unwrap();
        // What the sale returned without reading it back equals what a read gives.
        let (read, _) = booking::get(&self.shop.platform, partner_id, id).await.unwrap();
        assert_eq!(booking, read);
        booking
    }

    /// Stores a response for the first key, as if a concurrent request had committed between the look-up and the lock.
    async fn twin_answers(&self) -> Answer {
        let twin = Request::new(b"1", "POST", "/", b"").unwrap();
        let caller = Caller::partner("local", self.partner_id);
        let first = Answer {
            body: b"the first".to_vec(),
            ..answer()
        };
        let sealed_body = self
            .shop
            .state
            .vault
            .seal_answer(&twin.place(&caller), Encoding::Plain, &first.body)
            .unwrap();
        let kept = db::idempotency::Kept {
            fingerprint: twin.fingerprint.to_vec(),
            status: 201,
            content_type: None,
            content_location: None,
            sealed_body,
        };
        let mut conn = self.shop.pool().acquire().await.unwrap();
        let now = self.shop.clock.now();
        assert!(
            db::idempotency::insert(&mut conn, &caller, &twin, &kept, now, now)
                .await
                .unwrap()
        );
        first
    }

    /// Boxed, because the future of a sale is large.
    fn counted<'a, T>(&'a self, what: impl Future<Output = T> + 'a) -> Pin<Box<dyn Future<Output = (usize, T)> + 'a>> {
        Box::pin(async move {
            let before = self.proxy.count();
            let done = what.await;
            (self.proxy.count() - before, done)
        })
    }
}

fn answer() -> Answer {
    Answer {
        status: 201,
        content_type: None,
        content_location: None,
        body: b"{}".to_vec(),
    }
}

#[tokio::test]
async fn a_sale_and_each_action_on_it_are_four_round_trips() {
    let till = Till::open().await;
    let work = till.own();
    // The first round prepares the statements.
    for round in 0..2 {
        let (creating, booking) = till.counted(till.create(&work)).await;
        let (read, _) = booking::get(&till.shop.platform, till.partner_id, booking.id)
            .await
            .unwrap();
        assert_eq!(booking, read);
        let (booking_it, _) = till.counted(till.act(&work, booking.id, Action::Book)).await;
        let (paying, _) = till.counted(till.act(&work, booking.id, Action::Pay)).await;
        till.shop.wait(30);
        let (canceling, _) = till.counted(till.act(&work, booking.id, Action::Cancel)).await;
        if round > 0 {
            assert_eq!([creating, booking_it, paying, canceling], [4; 4]);
        }
    }
    // The first sale of a departure also stores it, in the same four round trips.
    till.shop.sql("truncate departures, bookings, passengers cascade").await;
    let (first, _) = till.counted(till.create(&work)).await;
    assert_eq!(first, 4);
}

#[tokio::test]
async fn an_idempotency_key_costs_two_more() {
    let till = Till::open().await;
    for round in 0..2 {
        let once = till.once(round);
        let (creating, booking) = till
            .counted(async {
                let booking = till.create(&Work::Idempotent(Arc::clone(&once))).await;
                assert_eq!(once.settle(&answer()).await.unwrap(), None);
                booking
            })
            .await;
        let paid = till.once(10 + round);
        let (paying, _) = till
            .counted(async {
                let (work, cause) = (Work::Idempotent(Arc::clone(&paid)), Cause::default());
                let acted = ticket::act(
                    &till.platform,
                    &work,
                    till.partner_id,
                    booking.id,
                    Action::Pay,
                    None,
                    &cause,
                );
                acted.await.unwrap();
                assert_eq!(paid.settle(&answer()).await.unwrap(), None);
            })
            .await;
        if round > 0 {
            assert_eq!([creating, paying], [6; 2]);
        }
    }
}

#[tokio::test]
async fn what_the_timetable_does_not_know_any_more_is_read() {
    let till = Till::open().await;
    let work = till.own();
    let booking = till.create(&work).await;
    // The departure gets a bus that the timetable in memory does not have for it.
    till.shop
        .sql("update departures set bus_id = (select id from buses where id <> departures.bus_id limit 1)")
        .await;
    let (_, paid) = till.counted(till.act(&work, booking.id, Action::Pay)).await;
    assert_ne!(paid.tickets[0].journey.bus, booking.tickets[0].journey.bus);
}

#[tokio::test]
async fn an_effect_is_undone_when_a_twin_was_quicker() {
    let till = Till::open().await;
    let once = till.once(1);
    let before = till.shop.count("select count(*) from bookings").await;
    till.create(&Work::Idempotent(Arc::clone(&once))).await;
    let first = till.twin_answers().await;
    assert_eq!(once.settle(&answer()).await.unwrap(), Some(&first));
    assert_eq!(till.shop.count("select count(*) from bookings").await, before);
}

#[tokio::test]
async fn a_request_refused_for_the_effect_of_its_twin_gets_the_answer_of_the_twin() {
    let till = Till::open().await;
    let once = till.once(1);
    let work = Work::Idempotent(Arc::clone(&once));
    drop(work.begin().await.unwrap());
    let first = till.twin_answers().await;
    let refusal = Answer {
        status: 409,
        ..answer()
    };
    assert_eq!(once.settle(&refusal).await.unwrap(), Some(&first));
}

#[tokio::test]
async fn a_request_is_not_refused_while_its_twin_is_served() {
    let till = Till::open().await;
    // Through another pool, since the first request holds the only connection of its own.
    let (first, second) = (till.once(1), till.once_on(&till.shop.platform, 1));
    let refusal = Answer {
        status: 409,
        ..answer()
    };
    till.create(&Work::Idempotent(Arc::clone(&first))).await;
    let refused = second.settle(&refusal).await;
    assert!(matches!(refused, Err(AppError::IdempotencyInFlight)), "{refused:?}");
    assert_eq!(first.settle(&answer()).await.unwrap(), None);
    assert_eq!(second.settle(&refusal).await.unwrap(), Some(&answer()));
    // Without a twin, a refusal stays one, and nothing is stored.
    let (alone, later) = (till.once(2), till.once(2));
    assert_eq!(alone.settle(&refusal).await.unwrap(), None);
    assert_eq!(later.settle(&refusal).await.unwrap(), None);
}
