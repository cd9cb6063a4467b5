//! Actions that share a transaction and end otherwise than the others of it: refused, in a transaction of their own, or
//! without their client.

use std::time::Duration;

use app::booking;
use app::error::AppError;
use domain::id::BookingId;
use domain::ticket::Action;
use futures::future::join_all;
use testing::eventually::eventually;

use crate::harness::partner::Sold;
use crate::sales::action::after;
use crate::sales::action_group::{Desk, outcome_of, sell_some};
use crate::sales::support::Shop;

const LIMIT: Duration = Duration::from_secs(60);

#[tokio::test]
async fn a_refusal_answers_its_own_request_only() {
    let shop = Shop::open().await;
    let (website, desk) = (shop.website(), Desk::of(&shop, "website").await);
    let [paid, canceled] = [after(&website, &["pay"]).await, after(&website, &["cancel"]).await];
    let [first, second, third] = [1, 2, 3].map(|passengers| website.sell(50, "kyiv", "lviv", passengers));
    let (first, second, third) = (first.await, second.await, third.await);
    let unknown = Sold {
        id: "bkg_00000000000070008000000000000001".to_owned(),
        ..first.clone()
    };
    let mut acting = Vec::new();
    for sold in [&first, &paid, &second, &canceled, &unknown] {
        acting.push(desk.begin(sold, Action::Pay).await);
    }
    let strange = [first.orders[0].as_str()];
    acting.push(desk.begin_on(&third, Action::Pay, Some(&strange)).await);
    let answers = join_all(acting).await;
    let told: Vec<String> = answers.iter().map(outcome_of).collect();
    let expected = [
        "done 1",
        "conflict 1",
        "done 2",
        "conflict 1",
        "the booking was not found",
        "the ticket was not found",
    ];
    assert_eq!(told, expected);
    assert_eq!(shop.payments().await, 2, "one of them was before");
    assert_eq!(shop.history(&canceled.orders[0]).await.len(), 2);
    assert_eq!(website.standing(&third.id).await, ["Processing Unpaid"; 3]);
    shop.audit().await;
}

#[tokio::test]
async fn a_lapsed_ticket_gets_a_seat_in_a_transaction_of_its_own() {
    let shop = Shop::open().await;
    let desk = Desk::of(&shop, "website").await;
    let mut sold = sell_some(&shop, 1).await;
    shop.wait(20);
    sold.extend(sell_some(&shop, 2).await);
    let acting = desk.begin_each(&sold, Action::Pay).await;
    for answer in join_all(acting).await {
        let booking = answer.unwrap();
        let (read, _) = booking::get(&shop.platform, desk.partner_id, booking.id).await.unwrap();
        assert_eq!(read, booking);
    }
    assert_eq!(shop.payments().await, 2);
    assert_eq!(shop.count("select count(*) from seat_holds").await, 3);
    shop.audit().await;
}

#[tokio::test]
async fn what_the_timetable_in_memory_does_not_know_is_read() {
    let shop = Shop::open().await;
    let desk = Desk::of(&shop, "website").await;
    let sold = sell_some(&shop, 3).await;
    shop.sql("update publication set version = version + 1").await;
    let mut acting = desk.begin_each(&sold[..2], Action::Pay).await;
    acting.push(desk.begin(&sold[2], Action::Cancel).await);
    for answer in join_all(acting).await {
        let booking = answer.unwrap();
        let (read, _) = booking::get(&shop.platform, desk.partner_id, booking.id).await.unwrap();
        assert_eq!(read, booking);
    }
    assert_eq!(shop.payments().await, 1);
}

#[tokio::test]
async fn a_client_that_leaves_before_its_action_is_taken_has_done_nothing() {
    let shop = Shop::open().await;
    let desk = Desk::of(&shop, "website").await;
    let sold = sell_some(&shop, 2).await;
    // Alone, and before another one.
    drop(desk.begin(&sold[0], Action::Pay).await);
    tokio::task::yield_now().await;
    let mut acting = desk.begin_each(&sold, Action::Pay).await;
    let staying = acting.pop().unwrap();
    drop(acting);
    assert_eq!(outcome_of(&staying.await), "done 1");
    assert_eq!(shop.history(&sold[0].orders[0]).await.len(), 1);
    assert_eq!(shop.history(&sold[1].orders[0]).await.len(), 2);
}

#[tokio::test]
async fn an_action_that_was_taken_is_completed_even_if_its_client_leaves() {
    let shop = Shop::open().await;
    let desk = Desk::of(&shop, "website").await;
    let sold = sell_some(&shop, 1).await;
    // The write waits until there is a row, without a lock.
    shop.sql("create table released (at timestamptz)").await;
    shop.sql(
        "create function wait_for_release() returns trigger language plpgsql as $$ begin
             while not exists (select from released) loop perform pg_sleep(0.01); end loop;
             return new;
         end $$",
    )
    .await;
    shop.sql("create trigger wait before insert on ticket_history for each row execute function wait_for_release()")
        .await;
    let leaving = desk.begin(&sold[0], Action::Pay).await;
    let writing = "select count(*) from pg_stat_activity where datname = current_database() and wait_event = 'PgSleep'";
    eventually("the action is written", LIMIT, async || {
        (shop.count(writing).await > 0).then_some(())
    })
    .await;
    drop(leaving);
    shop.sql("insert into released values (now())").await;
    eventually("the booking is paid", LIMIT, async || {
        (shop.payments().await == 1).then_some(())
    })
    .await;
    let again = desk.begin(&sold[0], Action::Pay).await;
    assert_eq!(outcome_of(&again.await), "conflict 1");
}

#[tokio::test]
async fn a_departure_that_is_locked_for_long_does_not_stop_the_others() {
    let shop = Shop::open().await;
    let desk = Desk::of(&shop, "website").await;
    let sold = sell_some(&shop, 1).await;
    let other = shop.website().sell(3, "kyiv", "lviv", 1).await;
    let mut held = shop.pool().begin().await.unwrap();
    let lock = "select from departures d where exists (
                    select from tickets t
                    where (t.trip_id, t.service_day) = (d.trip_id, d.service_day) and t.booking_id = $1
                ) for update";
    let locked: BookingId = sold[0].id.parse().unwrap();
    sqlx::query(lock).bind(locked.0).execute(&mut *held).await.unwrap();
    let mut acting = Vec::new();
    for sold in [&sold[0], &other] {
        acting.push(desk.begin(sold, Action::Pay).await);
    }
    let [waiting, paid] = acting.try_into().unwrap_or_else(|_| panic!("two actions"));
    assert_eq!(outcome_of(&paid.await), "done 1", "while the first one waits");
    held.rollback().await.unwrap();
    assert_eq!(outcome_of(&waiting.await), "done 1");
    shop.audit().await;
}

#[tokio::test]
async fn a_booking_that_cannot_be_read_fails_alone() {
    let shop = Shop::open().await;
    let desk = Desk::of(&shop, "website").await;
    let sold = sell_some(&shop, 3).await;
    let bad: BookingId = sold[1].id.parse().unwrap();
    sqlx::query("update bookings set language = 'XX' where id = $1")
        .bind(bad.0)
        .execute(shop.pool())
        .await
        .unwrap();
    let acting = desk.begin_each(&sold, Action::Pay).await;
    let answers = join_all(acting).await;
    assert!(matches!(answers[1], Err(AppError::Database(_))), "{:?}", answers[1]);
    for at in [0, 2] {
        assert_eq!(outcome_of(&answers[at]), "done 1");
    }
}

#[tokio::test]
async fn a_transaction_whose_write_fails_is_repeated_by_each_alone() {
    let shop = Shop::open().await;
    let desk = Desk::of(&shop, "website").await;
    let sold = sell_some(&shop, 3).await;
    shop.sql("alter table ticket_history add constraint nothing_paid check (action <> 'paid') not valid")
        .await;
    let acting = desk.begin_each(&sold, Action::Pay).await;
    for answer in join_all(acting).await {
        assert!(matches!(answer, Err(AppError::Database(_))), "{answer:?}");
    }
    let changed = "select count(*) from tickets where status <> 'Processing'";
    assert_eq!(shop.count(changed).await, 0);
    shop.sql("alter table ticket_history drop constraint nothing_paid")
        .await;
    let acting = desk.begin_each(&sold, Action::Pay).await;
    assert!(join_all(acting).await.iter().all(Result::is_ok));
}
