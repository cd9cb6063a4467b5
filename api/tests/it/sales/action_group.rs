//! Payments, bookings and cancellations of one partner that wait at the same time share a transaction, and each is
//! decided by itself.

use std::pin::Pin;

use app::booking;
use app::error::{AppError, AppResult};
use app::ticket;
use app::work::Work;
use domain::booking::Booking;
use domain::id::{BookingId, PartnerId, TicketId};
use domain::ticket::Action;
use futures::future::join_all;
use futures::poll;
use ledger::Cause;

use crate::harness::partner::Sold;
use crate::sales::support::Shop;
use crate::sales::turn::sell;
use crate::sales::waiting::{a_request_waits, hold_departures};

/// An action in progress.
pub type Acting<'a> = Pin<Box<dyn Future<Output = AppResult<Booking>> + Send + 'a>>;

/// A partner's requests. The test runs on one thread: until it waits, the requests that it has begun wait, too.
pub struct Desk<'a> {
    shop: &'a Shop,
    pub partner_id: PartnerId,
}

impl<'a> Desk<'a> {
    pub async fn of(shop: &'a Shop, partner: &str) -> Self {
        Self {
            shop,
            partner_id: shop.partner_id(partner).await,
        }
    }

    /// Begins an action on all of a booking, as the request whose id is that of the booking; its trace is, too.
    pub async fn begin(&self, sold: &Sold, action: Action) -> Acting<'a> {
        self.begin_on(sold, action, None).await
    }

    /// As [`begin`](Self::begin), on some of its orders.
    pub async fn begin_on(&self, sold: &Sold, action: Action, orders: Option<&[&str]>) -> Acting<'a> {
        let ids = |orders: &[&str]| -> Vec<TicketId> { orders.iter().map(|order| order.parse().unwrap()).collect() };
        let tickets = orders.map(ids);
        let id: BookingId = sold.id.parse().unwrap();
        let (shop, partner_id) = (self.shop, self.partner_id);
        let place = format!("00-{}-00f067aa0ba902b7-01", &sold.id[4..]);
        let cause = Cause::new(Some(sold.id.clone()), Some(place.parse().unwrap()));
        let mut acting: Acting<'a> = Box::pin(async move {
            let work = Work::Own(shop.pool().clone());
            let acted = ticket::act(
                &shop.platform,
                &work,
                partner_id,
                id,
                action,
                tickets.as_deref(),
                &cause,
            );
            Ok(acted.await?.0)
        });
        assert!(poll!(&mut acting).is_pending());
        acting
    }

    /// Begins an action on each of these bookings.
    pub async fn begin_each(&self, sold: &[Sold], action: Action) -> Vec<Acting<'a>> {
        let mut acting = Vec::new();
        for sold in sold {
            acting.push(self.begin(sold, action).await);
        }
        acting
    }
}

impl Shop {
    /// The number of transactions in which tickets were paid.
    pub async fn payments(&self) -> i64 {
        self.count("select count(distinct xmin::text) from ticket_history where action = 'paid'")
            .await
    }

    /// The records of an action on a ticket: event, request, actor, and request, trace and tenant of the job of each
    /// message.
    async fn records(&self, ticket: &str, event: &str) -> Vec<String> {
        let sql = "select concat_ws(' ', n.event, h.request_id, h.actor, j.request_id, j.trace_id, j.tenant)
                   from ticket_history h
                   join notifications n on n.history_id = h.id and n.ticket_id = h.ticket_id
                   join jobs j on j.dedupe_key = 'ntf_' || replace(n.id::text, '-', '')
                   where h.ticket_id = $1 and h.action = $2 order by n.channel";
        let id: TicketId = ticket.parse().unwrap();
        sqlx::query_scalar(sql)
            .bind(id.0)
            .bind(event)
            .fetch_all(self.pool())
            .await
            .unwrap()
    }
}

/// Sells bookings of one seat each.
pub async fn sell_some(shop: &Shop, count: usize) -> Vec<Sold> {
    let mut sold = Vec::new();
    for _ in 0..count {
        sold.push(shop.website().sell(50, "kyiv", "lviv", 1).await);
    }
    sold
}

/// The response that a client received.
pub fn outcome_of(answer: &AppResult<Booking>) -> String {
    match answer {
        Ok(booking) => format!("done {}", booking.tickets.len()),
        Err(AppError::TicketConflict(tickets)) => format!("conflict {}", tickets.len()),
        Err(error) => error.to_string(),
    }
}

#[tokio::test]
async fn waiting_actions_share_a_transaction_per_partner() {
    let shop = Shop::open().await;
    let desks = [Desk::of(&shop, "website").await, Desk::of(&shop, "reseller").await];
    let mut sold = Vec::new();
    for passengers in [1, 2, 3] {
        sold.push(shop.website().sell(50, "kyiv", "lviv", passengers).await);
        sold.push(shop.reseller().sell(50, "kyiv", "lviv", passengers).await);
    }
    let mut acting = Vec::new();
    for (sold, desk) in sold.iter().zip(desks.iter().cycle()) {
        acting.push(desk.begin(sold, Action::Pay).await);
    }
    let answers = join_all(acting).await;
    assert_eq!(shop.payments().await, 2);
    for ((answer, sold), desk) in answers.into_iter().zip(&sold).zip(desks.iter().cycle()) {
        let booking = answer.unwrap();
        assert_eq!(booking.id.to_string(), sold.id);
        let (read, _) = booking::get(&shop.platform, desk.partner_id, booking.id).await.unwrap();
        assert_eq!(read, booking, "each is answered as a read would be");
    }
    shop.audit().await;
}

#[tokio::test]
async fn a_transaction_takes_sixteen_actions() {
    let shop = Shop::open().await;
    let sold = sell_some(&shop, 18).await;
    let acting = Desk::of(&shop, "website").await.begin_each(&sold, Action::Pay).await;
    for answer in join_all(acting).await {
        assert_eq!(outcome_of(&answer), "done 1");
    }
    assert_eq!(shop.payments().await, 2);
}

#[tokio::test]
async fn actions_that_arrive_during_a_group_share_the_next_transaction() {
    let shop = Shop::open().await;
    let desk = Desk::of(&shop, "website").await;
    let sold = sell_some(&shop, 4).await;
    let held = hold_departures(&shop).await;
    let mut acting = vec![desk.begin(&sold[0], Action::Pay).await];
    a_request_waits(&shop).await;
    acting.extend(desk.begin_each(&sold[1..], Action::Pay).await);
    held.rollback().await.unwrap();
    for answer in join_all(acting).await {
        assert_eq!(outcome_of(&answer), "done 1");
    }
    assert_eq!(shop.payments().await, 2);
}

#[tokio::test]
async fn actions_on_the_same_booking_are_decided_in_the_order_of_arrival() {
    let shop = Shop::open().await;
    let desk = Desk::of(&shop, "website").await;
    let sold = sell_some(&shop, 2).await;
    let mut acting = Vec::new();
    for (at, action) in [
        (0, Action::Pay),
        (0, Action::Cancel),
        (0, Action::Pay),
        (1, Action::Pay),
    ] {
        acting.push(desk.begin(&sold[at], action).await);
    }
    let answers = join_all(acting).await;
    let told: Vec<String> = answers.iter().map(outcome_of).collect();
    assert_eq!(told, ["done 1", "done 1", "conflict 1", "done 1"]);
    assert_eq!(shop.payments().await, 1, "the last one overtakes them");
    let history = shop.history(&sold[0].orders[0]).await;
    let expected = [
        "created Processing Unpaid",
        "paid Confirmed Paid",
        "canceled Refund Paid",
    ];
    assert_eq!(history, expected);
    shop.audit().await;
}

#[tokio::test]
async fn a_seat_that_is_freed_beside_a_payment_is_sold_at_once() {
    let shop = Shop::open().await;
    let (website, desk) = (shop.website(), Desk::of(&shop, "website").await);
    let late = website.token(3, "kyiv", "lviv", 1).await;
    let (leaving, staying) = (
        website.sell(3, "kyiv", "lviv", 2).await,
        website.sell(3, "kyiv", "lviv", 1).await,
    );
    website.create(&late, 1).await.refused(409, "SEATS_UNAVAILABLE");
    let acting = vec![
        desk.begin(&leaving, Action::Cancel).await,
        desk.begin(&staying, Action::Pay).await,
    ];
    let answers = join_all(acting).await;
    let told: Vec<String> = answers.iter().map(outcome_of).collect();
    assert_eq!(told, ["done 2", "done 1"]);
    let transactions = "select count(distinct xmin::text) from ticket_history where action <> 'created'";
    assert_eq!(shop.count(transactions).await, 1);
    Sold::of(&website.create(&late, 1).await);
    shop.audit().await;
}

#[tokio::test]
async fn the_records_of_each_name_its_own_request() {
    let shop = Shop::open().await;
    let (website, desk) = (shop.website(), Desk::of(&shop, "website").await);
    let actions = [
        (Action::Pay, "paid"),
        (Action::Book, "booked"),
        (Action::Cancel, "canceled"),
    ];
    let mut sold = Vec::new();
    for passengers in [2, 1, 1] {
        sold.push(sell(&website, passengers).await);
    }
    let mut acting = Vec::new();
    for (sold, (action, _)) in sold.iter().zip(actions) {
        acting.push(desk.begin(sold, action).await);
    }
    for answer in join_all(acting).await {
        answer.unwrap();
    }
    let partner_id = desk.partner_id;
    for (sold, (_, event)) in sold.iter().zip(actions) {
        let (request, trace) = (&sold.id, &sold.id[4..]);
        let record = format!("{event} {request} {partner_id} {request} {trace} {}", partner_id.0);
        for order in &sold.orders {
            let records = shop.records(order, event).await;
            assert_eq!(records, [record.as_str(); 2], "by e-mail and by Viber");
        }
    }
}
