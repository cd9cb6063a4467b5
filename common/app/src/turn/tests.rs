//! Tests of the queues of sales, without a database.

use std::sync::Arc;

use chrono::{DateTime, TimeDelta};
use domain::id::{PartnerId, TripId};

use super::{Turns, Wish};

fn wish() -> Wish {
    Wish {
        partner_id: PartnerId::new(),
        segment: 0..3,
        version: 7,
        now: DateTime::from_timestamp(1_800_000_000, 0).unwrap(),
    }
}

#[tokio::test]
async fn turns_come_in_the_order_of_arrival() {
    let turns = Arc::new(Turns::<()>::default());
    let departure = (TripId::new(), wish().now.date_naive());
    let first = turns.take(departure).await.unwrap();
    let order = Arc::new(std::sync::Mutex::new(Vec::new()));
    let mut tasks = Vec::new();
    for number in 0..8 {
        let (turns, order) = (Arc::clone(&turns), Arc::clone(&order));
        tasks.push(tokio::spawn(async move {
            let _turn = turns.take(departure).await.unwrap();
            order.lock().unwrap().push(number);
        }));
        tokio::task::yield_now().await;
    }
    // Other departures are not blocked.
    drop(turns.take((TripId::new(), departure.1)).await.unwrap());
    drop(first);
    futures::future::join_all(tasks).await;
    assert_eq!(*order.lock().unwrap(), [0, 1, 2, 3, 4, 5, 6, 7]);
}

#[tokio::test]
async fn the_sale_that_has_the_turn_takes_others_along_in_the_order_of_arrival() {
    let turns = Arc::new(Turns::default());
    let departure = (TripId::new(), wish().now.date_naive());
    let places: Vec<_> = (0..6).map(|number| turns.join(departure, number)).collect();
    let elsewhere = turns.join((TripId::new(), departure.1), 6);
    let turn = places[2].turn().await.unwrap();
    assert!(places[1].leave() && !places[1].leave());
    assert_eq!(places[2].take_along(3, |number| number % 2 == 0), [0, 2, 4]);
    drop(turn);
    let turn = places[4].turn().await.unwrap();
    assert!(!places[4].leave(), "the third has taken it along");
    assert_eq!(places[4].take_along(9, |_| true), [3, 5]);
    drop(turn);
    assert_eq!(elsewhere.take_along(9, |_| true), [6]);
}

#[tokio::test]
async fn a_full_bus_is_full_for_the_same_wish_until_something_changes() {
    let turns = Arc::new(Turns::<()>::default());
    let departure = (TripId::new(), wish().now.date_naive());
    let mine = wish();
    let mut turn = turns.take(departure).await.unwrap();
    assert_eq!(turn.is_full(&mine, 2), None);
    turn.found_full(mine.clone(), 1);
    assert_eq!((turn.is_full(&mine, 2), turn.is_full(&mine, 1)), (Some(1), None));
    let others = [
        wish(),
        Wish {
            segment: 0..2,
            ..mine.clone()
        },
        Wish {
            version: 8,
            ..mine.clone()
        },
        Wish {
            now: mine.now + TimeDelta::milliseconds(100),
            ..mine.clone()
        },
    ];
    for other in others {
        assert_eq!(turn.is_full(&other, 2), None);
    }
    turns.freed([(TripId::new(), departure.1)].into_iter());
    assert_eq!(turn.is_full(&mine, 2), Some(1));
    turns.freed([departure].into_iter());
    assert_eq!(turn.is_full(&mine, 2), None);
    turn.asks();
    turn.found_full(mine.clone(), 1);
    assert_eq!(turn.is_full(&mine, 2), Some(1));
    turns.freed_somewhere();
    assert_eq!(turn.is_full(&mine, 2), None);
    // A query from before a seat was freed must not be remembered as if it were newer.
    turn.found_full(mine.clone(), 1);
    assert_eq!(turn.is_full(&mine, 2), None);
    turn.asks();
    turn.found_full(mine.clone(), 1);
    turn.sold();
    assert_eq!(turn.is_full(&mine, 2), None);
}
