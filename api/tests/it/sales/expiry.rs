use std::sync::Arc;

use app::ticket;
use chrono::TimeDelta;
use ledger::Cause;
use serde_json::json;
use tokio::task::JoinSet;

use crate::harness::partner::{Sold, order};
use crate::harness::{DAY, instant};
use crate::sales::support::{Shop, kyiv};

impl Shop {
    /// Does the job of the sweep worker; returns how many tickets it closed.
    pub async fn sweep(&self) -> usize {
        ticket::sweep(self.pool(), &self.clock, &Cause::default())
            .await
            .unwrap()
    }
}

#[tokio::test]
async fn reads_are_right_before_the_sweep() {
    let shop = Shop::open().await;
    let partner = shop.website();
    let sold = partner.sell(2, "kyiv", "lviv", 2).await;
    shop.clock.advance(TimeDelta::milliseconds(20 * 60 * 1000 - 1));
    assert_eq!(partner.standing(&sold.id).await, ["Processing Unpaid"; 2]);
    assert_eq!(partner.left(2, "kyiv", "lviv").await, 0);
    assert_eq!(shop.sweep().await, 0);
    shop.clock.advance(TimeDelta::milliseconds(1));
    assert_eq!(partner.standing(&sold.id).await, ["Uncompleted Unpaid"; 2]);
    let list = partner.get("/v2/bookings").await;
    assert_eq!(list.body["data"]["bookings"][0], partner.booking(&sold.id).await);
    assert_eq!(partner.left(2, "kyiv", "lviv").await, 2);
    let other = shop.reseller().sell(2, "kyiv", "lviv", 2).await;
    assert_eq!(other.seats.len(), 2, "they can be bought before any sweep");
    for order in &sold.orders {
        assert_eq!(
            shop.history(order).await,
            ["created Processing Unpaid", "uncompleted Uncompleted Unpaid"]
        );
    }
    assert_eq!(shop.sweep().await, 0, "the sale has closed them");
    shop.audit().await;
}

#[tokio::test]
async fn the_sweep_closes_what_is_due_in_batches_and_once() {
    let shop = Shop::open().await;
    let partner = shop.website();
    let token = partner.token(50, "kyiv", "lviv", 10).await;
    let sold: Vec<Sold> = [
        partner.create(&token, 10).await,
        partner.create(&token, 10).await,
        partner.create(&token, 10).await,
    ]
    .iter()
    .map(Sold::of)
    .collect();
    // More than one batch.
    shop.copy_tickets(20).await;
    partner.pay_orders(&sold[0].id, &[&sold[0].orders[0]]).await.status(200);
    partner
        .book_orders(&sold[0].id, &[&sold[0].orders[1]])
        .await
        .status(200);
    shop.wait(20);
    let (one, two) = tokio::join!(shop.sweep(), shop.sweep());
    assert_eq!(one + two, 30 * 21 - 2);
    assert_eq!(shop.sweep().await, 0);
    assert_eq!(
        shop.count("select count(*) from ticket_history where action = 'uncompleted'")
            .await,
        628
    );
    assert_eq!(shop.count("select count(*) from seat_holds").await, 2);
    assert_eq!(partner.left(50, "kyiv", "lviv").await, 48);
    shop.audit().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn sweeps_at_once_close_each_ticket_once_while_some_are_paid_late() {
    let shop = Arc::new(Shop::open().await);
    let partner = shop.website();
    let token = partner.token(50, "kyiv", "lviv", 10).await;
    let mut new = order(&token, 10);
    for passenger in new["passengers"].as_array_mut().unwrap() {
        passenger["email"] = "olena@example.com".into();
    }
    let sell = async || Sold::of(&partner.post("/v2/bookings", &new).await);
    let sold = [sell().await, sell().await, sell().await];
    // Many batches, in few bookings: concurrent sweeps share the tickets of one.
    shop.copy_tickets(150).await;
    shop.wait(20);
    let mut sweeps = JoinSet::new();
    for _ in 0..4 {
        let shop = Arc::clone(&shop);
        sweeps.spawn(async move { shop.sweep().await });
    }
    for order in &sold[0].orders {
        partner.pay_orders(&sold[0].id, &[order]).await.status(200);
    }
    let mut closed: usize = sweeps.join_all().await.into_iter().sum();
    closed += shop.sweep().await;
    assert_eq!(shop.sweep().await, 0);
    let of = async |sql| usize::try_from(shop.count(sql).await).unwrap();
    assert_eq!(
        of("select count(*) from tickets where status = 'Uncompleted'").await,
        30 * 151 - 10
    );
    assert_eq!(
        of("select count(*) from tickets where status = 'Confirmed'").await,
        10,
        "what was paid late is paid, closed before or not"
    );
    let lines = of("select count(*) from ticket_history where action = 'uncompleted'").await;
    // A late payment closes the expired tickets of its departure; the ticket that it pays may have been closed before.
    assert!((30 * 151 - 10..=30 * 151).contains(&lines), "{lines} lines");
    assert!((1..=lines).contains(&closed), "{closed} closed by sweeps");
    assert_eq!(
        of("select count(distinct ticket_id) from ticket_history where action = 'uncompleted'").await,
        lines
    );
    assert_eq!(
        of("select count(distinct n.history_id) from notifications n
            join jobs j on j.dedupe_key = 'ntf_' || replace(n.id::text, '-', '')
            where n.event = 'uncompleted'")
        .await,
        lines,
        "each has its message, with a job"
    );
    assert_eq!(shop.count("select count(*) from seat_holds").await, 10);
    shop.audit().await;
}

#[tokio::test]
async fn a_late_payment_takes_its_own_seat_again() {
    for swept in [false, true] {
        let shop = Shop::open().await;
        let partner = shop.website();
        let sold = partner.sell(3, "kyiv", "lviv", 2).await;
        shop.wait(25);
        if swept {
            assert_eq!(shop.sweep().await, 2);
        }
        let seen = partner.pay(&sold.id).await;
        seen.status(200);
        let now = Sold::of(&seen);
        assert_eq!(now.seats, sold.seats, "swept: {swept}");
        assert_eq!(partner.standing(&sold.id).await, ["Confirmed Paid"; 2]);
        assert_eq!(shop.sweep().await, 0);
        assert_eq!(
            shop.history(&sold.orders[0]).await.last().unwrap(),
            "paid Confirmed Paid"
        );
        assert_eq!(partner.left(3, "kyiv", "lviv").await, 1);
        shop.audit().await;
    }
}

#[tokio::test]
async fn a_late_payment_takes_another_seat_when_its_own_is_sold() {
    let shop = Shop::open().await;
    let partner = shop.website();
    let lapsed = partner.sell(2, "kyiv", "rivne", 1).await;
    shop.wait(20);
    let other = shop.reseller().sell(2, "kyiv", "lviv", 1).await;
    shop.reseller().pay(&other.id).await.status(200);
    assert_eq!(other.seats, lapsed.seats, "the seat was free again");
    for action in ["book", "pay"] {
        let seen = partner.act(action, &lapsed.id).await;
        seen.status(200);
        assert_ne!(Sold::of(&seen).seats, lapsed.seats);
    }
    assert_eq!(
        shop.reseller().booking(&other.id).await["tickets"][0]["slices"][0]["seat"]["label"],
        other.seats[0]
    );
    shop.audit().await;
}

#[tokio::test]
async fn a_late_payment_is_refused_when_the_bus_is_full() {
    for swept in [false, true] {
        let shop = Shop::open().await;
        let partner = shop.website();
        let lapsed = partner.sell(2, "kyiv", "lviv", 2).await;
        shop.wait(20);
        if swept {
            shop.sweep().await;
        }
        let other = shop.reseller().sell(2, "zhytomyr", "rivne", 1).await;
        shop.reseller().book(&other.id).await.status(200);
        let seen = partner.pay(&lapsed.id).await;
        assert_eq!(
            (seen.status, seen.code()),
            (409, "SEATS_UNAVAILABLE"),
            "one of two seats is left"
        );
        assert_eq!(
            partner.standing(&lapsed.id).await,
            ["Uncompleted Unpaid"; 2],
            "all or nothing"
        );
        let seen = partner.pay_orders(&lapsed.id, &[&lapsed.orders[1]]).await;
        seen.status(200);
        let seen = partner.book_orders(&lapsed.id, &[&lapsed.orders[0]]).await;
        assert_eq!(seen.code(), "SEATS_UNAVAILABLE");
        assert_eq!(seen.body["errors"][0]["details"], json!({ "seatsLeft": 0 }));
        assert_eq!(partner.cancel(&lapsed.id).await.status, 200, "canceling needs no seat");
        assert_eq!(partner.left(2, "kyiv", "lviv").await, 1);
        shop.audit().await;
    }
}

#[tokio::test]
async fn a_late_payment_after_the_departure_is_refused() {
    let shop = Shop::open().await;
    let partner = shop.website();
    shop.travel(kyiv(DAY, "11:50"));
    let [young, old] = [
        partner.sell(50, "kyiv", "lviv", 1).await,
        partner.sell(50, "kyiv", "lviv", 1).await,
    ];
    shop.travel(kyiv(DAY, "12:05"));
    assert_eq!(partner.pay(&young.id).await.status, 200, "it still holds its seat");
    shop.travel(kyiv(DAY, "12:10"));
    let seen = partner.pay(&old.id).await;
    seen.refused(409, "DEPARTURE_CLOSED");
}

#[tokio::test]
async fn only_unconfirmed_tickets_move_to_make_room_for_a_longer_segment() {
    let shop = Shop::open().await;
    let partner = shop.website();
    // Both seats are taken until Zhytomyr, and again from Rivne on; then seat 1 is freed at the start and seat 2 at the
    // end.
    let first = partner.sell(2, "kyiv", "zhytomyr", 2).await;
    let last = partner.sell(2, "rivne", "lviv", 2).await;
    let drop = async |sold: &Sold, seat: &str| {
        let at = sold.seats.iter().position(|taken| taken == seat).unwrap();
        partner.cancel_orders(&sold.id, &[&sold.orders[at]]).await.status(200);
    };
    drop(&first, "1").await;
    drop(&last, "2").await;
    assert_eq!(
        partner.left(2, "kyiv", "lviv").await,
        1,
        "seat 2 at the start, seat 1 at the end: one can move"
    );
    let kept = first.orders[first.seats.iter().position(|seat| seat == "2").unwrap()].clone();
    let other = last.orders[last.seats.iter().position(|seat| seat == "1").unwrap()].clone();
    partner.book_orders(&first.id, &[&kept]).await.status(200);
    assert_eq!(partner.left(2, "kyiv", "lviv").await, 1, "the other one still can");
    shop.wait(1);
    let through = partner.sell(2, "kyiv", "lviv", 1).await;
    assert_eq!(through.seats, ["1"], "the confirmed ticket keeps seat 2");
    let moved = partner.booking(&last.id).await;
    assert_eq!(moved["updatedAt"], instant(&shop.clock));
    let seats = Sold::read(&moved);
    let at = seats.orders.iter().position(|order| *order == other).unwrap();
    assert_eq!(seats.seats[at], "2", "and the ticket says so");
    shop.audit().await;
}

#[tokio::test]
async fn confirmed_tickets_keep_their_seats_even_if_a_longer_segment_is_refused() {
    let shop = Shop::open().await;
    let partner = shop.website();
    let token = partner.token(2, "kyiv", "lviv", 1).await;
    let first = partner.sell(2, "kyiv", "zhytomyr", 2).await;
    let last = partner.sell(2, "rivne", "lviv", 2).await;
    let keep = async |sold: &Sold, seat: &str| {
        let at = sold.seats.iter().position(|taken| taken == seat).unwrap();
        partner.pay_orders(&sold.id, &[&sold.orders[at]]).await.status(200);
        partner
            .cancel_orders(&sold.id, &[&sold.orders[1 - at]])
            .await
            .status(200);
    };
    keep(&first, "2").await;
    keep(&last, "1").await;
    assert_eq!(partner.left(2, "kyiv", "lviv").await, 0);
    let seen = partner.create(&token, 1).await;
    assert_eq!(seen.code(), "SEATS_UNAVAILABLE");
    assert_eq!(partner.left(2, "zhytomyr", "rivne").await, 2);
}
