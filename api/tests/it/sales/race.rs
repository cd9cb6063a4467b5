//! Concurrent clients (64 of them race for the seats of one bus), on real threads and sockets. In any order, no seat is
//! sold twice and the stored data is consistent afterwards; [`Partner`] fails on a 500 or 503.

use std::collections::BTreeMap;
use std::sync::Arc;

use domain::seat::{self, Hold};
use serde_json::json;
use tokio::task::JoinSet;

use crate::harness::partner::{Partner, Sold, standing};
use crate::sales::support::{Dice, Shop};

/// Runs a task for each number below `count` and collects the results.
async fn all<T: Send + 'static, F>(count: usize, task: impl Fn(usize) -> F) -> Vec<T>
where
    F: Future<Output = T> + Send + 'static,
{
    let mut tasks: JoinSet<T> = (0..count).map(task).collect();
    let mut results = Vec::with_capacity(count);
    while let Some(result) = tasks.join_next().await {
        results.push(result.unwrap());
    }
    results
}

/// A partner's script: buys, then pays, cancels, or returns late.
async fn customer(shop: Arc<Shop>, number: usize) {
    let client = if number.is_multiple_of(2) {
        shop.website()
    } else {
        shop.reseller()
    };
    let mut dice = Dice::new(number);
    let mut late: Vec<Sold> = Vec::new();
    for _ in 0..6 {
        let wanted = 1 + dice.roll(3);
        let Some(offer) = client.offer(50, "kyiv", "lviv", wanted).await else {
            continue;
        };
        let seen = client.create(offer["id"].as_str().unwrap(), wanted).await;
        if seen.status != 201 {
            assert!(
                ["SEATS_UNAVAILABLE", "OFFER_EXPIRED"].contains(&seen.code()),
                "{}",
                seen.body
            );
            continue;
        }
        let sold = Sold::of(&seen);
        match dice.roll(6) {
            0 | 1 => allowed(&client.pay(&sold.id).await),
            2 => allowed(&client.book_orders(&sold.id, &[&sold.orders[0]]).await),
            3 => allowed(&client.cancel(&sold.id).await),
            4 => {
                allowed(&client.pay(&sold.id).await);
                allowed(&client.cancel(&sold.id).await);
            }
            _ => late.push(sold),
        }
        match dice.roll(8) {
            0 => shop.wait(7),
            1 => drop(shop.sweep().await),
            _ => {}
        }
        if let Some(sold) = late.pop_if(|_| dice.roll(2) == 0) {
            allowed(&client.pay(&sold.id).await);
        }
    }
    for sold in late {
        allowed(&client.pay(&sold.id).await);
    }
}

/// Asserts that an action succeeds, or is refused because there is no seat any more.
fn allowed(seen: &crate::harness::answer::Seen) {
    assert!(
        seen.status == 200 || seen.code() == "SEATS_UNAVAILABLE",
        "{} {}",
        seen.status,
        seen.body
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn sixty_four_clients_never_sell_a_seat_twice_and_sell_every_seat() {
    let shop = Arc::new(Shop::open().await);
    all(64, |number| customer(Arc::clone(&shop), number)).await;
    shop.wait(20);
    shop.sweep().await;
    shop.audit().await;
    let client = shop.website();
    let bookings = client.get("/v2/bookings").await;
    for booking in bookings.body["data"]["bookings"].as_array().unwrap().iter().step_by(3) {
        if standing(booking).iter().all(|ticket| ticket.starts_with("Confirmed")) {
            client.cancel(booking["id"].as_str().unwrap()).await.status(200);
        }
    }
    let kept = u64::try_from(
        shop.count("select count(*) from tickets where status = 'Confirmed'")
            .await,
    )
    .unwrap();
    assert_eq!(client.left(50, "kyiv", "lviv").await, 50 - kept);
    // The remaining seats are offered to all clients at once, one seat each: as many succeed as there are seats.
    let token = client.token(50, "kyiv", "zhytomyr", 1).await;
    let bought = all(64, |_| {
        let (client, token) = (client.clone(), token.clone());
        async move { client.create(&token, 1).await.status }
    })
    .await;
    assert_eq!(bought.iter().filter(|status| **status == 201).count() as u64, 50 - kept);
    assert!(bought.iter().all(|status| [201, 409].contains(status)));
    assert_eq!(shop.count("select count(distinct seat) from seat_holds").await, 50);
    shop.audit().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_parallel_payments_one_succeeds() {
    let shop = Shop::open().await;
    let client = shop.website();
    for late in [false, true] {
        let sold = client.sell(50, "kyiv", "lviv", 2).await;
        if late {
            shop.wait(30);
        }
        let answers = all(32, |_| {
            let (client, id) = (client.clone(), sold.id.clone());
            async move { client.pay(&id).await }
        })
        .await;
        let (paid, refused): (Vec<_>, Vec<_>) = answers.iter().partition(|seen| seen.status == 200);
        assert_eq!(paid.len(), 1);
        for seen in refused {
            seen.refused(409, "ORDER_CONFLICT");
            assert_eq!(seen.body["errors"][0]["details"], json!({ "orderIds": sold.orders }));
        }
        for order in &sold.orders {
            assert_eq!(
                shop.history(order).await,
                ["created Processing Unpaid", "paid Confirmed Paid"]
            );
        }
    }
    shop.audit().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn payment_and_cancellation_are_serialised() {
    let shop = Shop::open().await;
    let client = shop.website();
    for round in 0..12 {
        let sold = client.sell(50, "kyiv", "lviv", 2).await;
        let (paid, canceled) = tokio::join!(client.pay(&sold.id), client.cancel(&sold.id));
        canceled.status(200);
        let expected = match paid.status {
            200 => "Refund Paid",
            _ => "Canceled Unpaid",
        };
        assert!(paid.status == 200 || paid.code() == "ORDER_CONFLICT", "{}", paid.body);
        assert_eq!(client.standing(&sold.id).await, [expected; 2], "round {round}");
    }
    assert_eq!(client.left(50, "kyiv", "lviv").await, 50);
    shop.audit().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn payments_sweeps_and_sales_agree_on_who_has_the_seat() {
    let shop = Arc::new(Shop::open().await);
    let client = shop.website();
    for round in 0..6 {
        let mut lapsing = Vec::new();
        while client.left(3, "kyiv", "lviv").await > 0 {
            lapsing.push(client.sell(3, "kyiv", "lviv", 1).await);
        }
        shop.wait(20);
        let token = client.token(3, "kyiv", "lviv", 1).await;
        let sweep = {
            let shop = Arc::clone(&shop);
            tokio::spawn(async move { shop.sweep().await })
        };
        let sales = all(3, |_| {
            let (client, token) = (client.clone(), token.clone());
            async move { client.create(&token, 1).await.status }
        });
        let payments = all(lapsing.len(), |at| {
            let (client, id) = (client.clone(), lapsing[at].id.clone());
            async move { client.pay(&id).await }
        });
        let (sales, payments) = tokio::join!(sales, payments);
        sweep.await.unwrap();
        let paid = payments.iter().filter(|seen| seen.status == 200).count();
        assert!(
            payments
                .iter()
                .all(|seen| seen.status == 200 || seen.code() == "SEATS_UNAVAILABLE")
        );
        let sold = sales.iter().filter(|status| **status == 201).count();
        assert_eq!(
            paid + sold,
            3,
            "round {round}: every seat has one taker, {payments} payments",
            payments = payments.len()
        );
        shop.audit().await;
        shop.wait(20);
        let bookings = client.get("/v2/bookings").await;
        for booking in bookings.body["data"]["bookings"].as_array().unwrap() {
            if standing(booking) == ["Confirmed Paid"] {
                client.cancel(booking["id"].as_str().unwrap()).await.status(200);
            }
        }
    }
}

const PLACES: [&str; 6] = ["kyiv", "zhytomyr", "rivne", "lviv", "przemysl", "krakow"];

/// Every segment of the bus with four seats.
fn segments() -> impl Iterator<Item = (usize, usize)> {
    (0..PLACES.len()).flat_map(|from| (from + 1..PLACES.len()).map(move |to| (from, to)))
}

/// A partner that books any segment and changes its mind.
async fn wanderer(partner: Partner, tokens: Arc<BTreeMap<(usize, usize), String>>, number: usize) {
    let mut dice = Dice::new(1000 + number);
    let mut held: Vec<Sold> = Vec::new();
    for _ in 0..8 {
        let segment = segments().nth(dice.roll(15)).unwrap();
        let seen = partner.create(&tokens[&segment], 1 + dice.roll(2)).await;
        match seen.status {
            201 => held.push(Sold::of(&seen)),
            _ => assert_eq!(seen.code(), "SEATS_UNAVAILABLE", "{}", seen.body),
        }
        if held.is_empty() {
            continue;
        }
        let at = dice.roll(held.len());
        match dice.roll(4) {
            0 => assert_eq!(partner.cancel(&held.swap_remove(at).id).await.status, 200),
            1 => {
                let seen = partner.book_orders(&held[at].id, &[&held[at].orders[0]]).await;
                assert!(seen.status == 200 || seen.code() == "ORDER_CONFLICT", "{}", seen.body);
            }
            _ => {}
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_segment_is_refused_only_when_no_seat_could_be_had() {
    let shop = Shop::open().await;
    let client = shop.website();
    let mut tokens = BTreeMap::new();
    for (from, to) in segments() {
        tokens.insert((from, to), client.token(4, PLACES[from], PLACES[to], 4).await);
    }
    let tokens = Arc::new(tokens);
    all(16, |number| wanderer(client.clone(), Arc::clone(&tokens), number)).await;
    shop.audit().await;
    let rows: Vec<(i16, i32, i32, bool)> = sqlx::query_as(
        "select h.seat, lower(h.stretch), upper(h.stretch), t.status <> 'Processing'
         from seat_holds h join tickets t on t.id = h.ticket_id",
    )
    .fetch_all(shop.pool())
    .await
    .unwrap();
    assert!(rows.len() > 4, "the bus is well filled: {rows:?}");
    let small = |n: i32| u16::try_from(n).unwrap();
    let holds: Vec<Hold> = rows
        .into_iter()
        .map(|(seat, from, to, fixed)| Hold {
            seat: seat.unsigned_abs(),
            segment: small(from)..small(to),
            fixed,
        })
        .collect();
    for (from, to) in segments() {
        let segment = u16::try_from(from).unwrap()..u16::try_from(to).unwrap();
        let left = seat::left(4, &holds, &segment);
        let (place, other) = (PLACES[from], PLACES[to]);
        assert_eq!(
            client.left(4, place, other).await,
            u64::from(left),
            "{place} - {other}: {holds:?}"
        );
        if left < 4 {
            let seen = client.create(&tokens[&(from, to)], usize::from(left) + 1).await;
            assert_eq!(seen.code(), "SEATS_UNAVAILABLE", "{place} - {other}: {holds:?}");
            assert_eq!(seen.body["errors"][0]["details"], json!({ "seatsLeft": left }));
        }
        if left > 0 {
            let sold = Sold::of(&client.create(&tokens[&(from, to)], left.into()).await);
            shop.audit().await;
            client.cancel(&sold.id).await.status(200);
        }
    }
    shop.audit().await;
}
