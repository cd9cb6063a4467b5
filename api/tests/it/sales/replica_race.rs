//! Sixty-four clients at two processes of one shop, on overlapping segments, while tickets are paid, canceled and
//! expire; the tables are checked all the time.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use sqlx::{Connection as _, PgConnection};
use tokio::task::JoinSet;

use crate::harness::partner::{Partner, Sold};
use crate::sales::support::{Dice, Shop};

const PLACES: [&str; 6] = ["kyiv", "zhytomyr", "rivne", "lviv", "przemysl", "krakow"];

/// Departures that at one moment have more passengers on a part than the bus has seats, or two holds of one seat.
const OVERSOLD: &str = "
    select h.trip_id::text from seat_holds h
    join departures d using (trip_id, service_day) join buses b on b.id = d.bus_id
    cross join generate_series(lower(h.stretch), upper(h.stretch) - 1) as part
    group by h.trip_id, h.service_day, part, b.seats
    having count(*) > b.seats or count(distinct h.seat) < count(*)
    union all
    select t.id::text from tickets t left join seat_holds h on h.ticket_id = t.id
    where (t.status in ('Processing', 'Confirmed')) <> (h.ticket_id is not null) or h.seat <> t.seat";

/// Buys any segment of the buses with four and two seats, and changes its mind.
async fn rival(shop: Arc<Shop>, partner: Partner, number: usize) -> usize {
    let mut dice = Dice::new(5000 + number);
    let mut held: Vec<Sold> = Vec::new();
    let mut refused = 0;
    for _ in 0..5 {
        let (seats, stops) = [(4, 6), (2, 4)][dice.roll(2)];
        let from = dice.roll(stops - 1);
        let to = from + 1 + dice.roll(stops - 1 - from);
        let wanted = 1 + dice.roll(2);
        let Some(offer) = partner.offer(seats, PLACES[from], PLACES[to], wanted).await else {
            continue;
        };
        let seen = partner.create(offer["id"].as_str().unwrap(), wanted).await;
        if seen.status == 201 {
            let sold = Sold::of(&seen);
            assert_eq!(sold.seats.len(), wanted);
            held.push(sold);
        } else {
            assert!(
                ["SEATS_UNAVAILABLE", "OFFER_EXPIRED"].contains(&seen.code()),
                "{}",
                seen.body
            );
            if seen.code() == "SEATS_UNAVAILABLE" {
                let left = seen.body["errors"][0]["details"]["seatsLeft"].as_u64().unwrap();
                assert!(usize::try_from(left).unwrap() < wanted, "{}", seen.body);
                refused += 1;
            }
        }
        if held.is_empty() {
            continue;
        }
        let at = dice.roll(held.len());
        let action = ["pay", "book", "cancel", "cancel"][dice.roll(4)];
        let seen = partner.act(action, &held[at].id).await;
        assert!(
            seen.status == 200 || ["SEATS_UNAVAILABLE", "ORDER_CONFLICT"].contains(&seen.code()),
            "{action} {}",
            seen.body
        );
        if action == "cancel" {
            held.swap_remove(at);
        }
        match dice.roll(16) {
            0 => shop.wait(6),
            1 => drop(shop.sweep().await),
            _ => {}
        }
    }
    refused
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn sixty_four_rivals_at_two_processes_never_share_a_seat_at_any_moment() {
    let shop = Arc::new(Shop::open().await);
    let other = Arc::new(shop.replica(|settings| settings).await);
    let over = Arc::new(AtomicBool::new(false));
    let reader = tokio::spawn({
        let (shop, over) = (Arc::clone(&shop), Arc::clone(&over));
        async move {
            // Its own connection, since the rivals use all of the pool.
            let mut conn = PgConnection::connect_with(&shop.pool().connect_options())
                .await
                .unwrap();
            let mut reads = 0;
            while !over.load(Ordering::Relaxed) {
                let oversold: Vec<String> = sqlx::query_scalar(OVERSOLD).fetch_all(&mut conn).await.unwrap();
                assert_eq!(oversold, [""; 0]);
                reads += 1;
            }
            reads
        }
    });
    let mut rivals = JoinSet::new();
    for number in 0..64 {
        let place = [&shop, &other][number % 2];
        let client = [place.website(), place.reseller()][number / 2 % 2].clone();
        rivals.spawn(rival(Arc::clone(place), client, number));
    }
    rivals.join_all().await;
    over.store(true, Ordering::Relaxed);
    assert!(reader.await.unwrap() > 1, "the books were read meanwhile");
    shop.audit().await;
    // Once all unpaid tickets have expired, both processes show the same seats.
    shop.wait(20);
    shop.sweep().await;
    shop.audit().await;
    for (from, to) in [(0, 1), (0, 3), (2, 5), (4, 5)] {
        let (here, there) = (shop.website(), other.website());
        let left = here.left(4, PLACES[from], PLACES[to]).await;
        assert_eq!(there.left(4, PLACES[from], PLACES[to]).await, left);
        if left > 0 {
            let sold = there
                .sell(4, PLACES[from], PLACES[to], usize::try_from(left).unwrap())
                .await;
            assert_eq!(here.left(4, PLACES[from], PLACES[to]).await, 0);
            here.cancel(&sold.id).await.status(200);
        }
    }
    shop.audit().await;
}
