//! Purchases that wait for the same departure are sold together: in one transaction, in the order of arrival.

use std::pin::Pin;

use app::booking::{self, Buyer, NewBooking, NewPassenger};
use app::error::{AppError, AppResult};
use app::turn::Turn;
use app::work::Work;
use domain::booking::Booking;
use domain::id::PartnerId;
use domain::money::Currency;
use futures::future::join_all;
use futures::poll;
use ledger::Cause;

use crate::harness::partner::Partner;
use crate::sales::support::Shop;

/// A purchase in progress.
type Buying<'a> = Pin<Box<dyn Future<Output = AppResult<Booking>> + Send + 'a>>;

/// The turn at the departure of one of our buses, so that purchases have to wait for it.
async fn turn(shop: &Shop, partner: &Partner, seats: u16) -> Turn<Buyer> {
    let token = partner.token(seats, "kyiv", "lviv", 1).await;
    let partner_id = shop.partner_id("website").await;
    let offer = shop
        .platform
        .offer_key
        .verify(&token, partner_id, shop.clock.now())
        .unwrap();
    shop.platform
        .turns
        .take((offer.trip_id, offer.service_day))
        .await
        .unwrap()
}

/// Begins to buy seats; it is queued when this returns.
async fn buy<'a>(
    shop: &'a Shop,
    partner: &Partner,
    partner_id: PartnerId,
    seats: u16,
    passengers: usize,
) -> Buying<'a> {
    let passenger = NewPassenger {
        first_name: "Olena".to_owned(),
        last_name: "Koval".to_owned(),
        email: None,
        phones: vec![("+380671234567".to_owned(), Vec::new())],
        discount_id: None,
        prepaid: None,
    };
    let new = NewBooking {
        offer_id: partner.token(seats, "kyiv", "lviv", passengers).await,
        currency: Currency::Uah,
        passengers: vec![passenger; passengers],
        note: None,
    };
    let mut buying: Buying<'a> = Box::pin(async move {
        let work = Work::Own(shop.pool().clone());
        let cause = Cause::new(Some(format!("req-{passengers}")), None);
        booking::create(&shop.platform, &work, partner_id, new, &cause).await
    });
    assert!(poll!(&mut buying).is_pending());
    buying
}

/// As [`buy`], as the first partner, one purchase after the other for these numbers of passengers.
async fn buy_each<'a>(shop: &'a Shop, seats: u16, passengers: &[usize]) -> Vec<Buying<'a>> {
    let partner_id = shop.partner_id("website").await;
    let mut buyings = Vec::new();
    for passengers in passengers {
        buyings.push(buy(shop, &shop.website(), partner_id, seats, *passengers).await);
    }
    buyings
}

fn seats(booking: &Booking) -> Vec<u16> {
    booking.tickets.iter().map(|ticket| ticket.seat).collect()
}

#[tokio::test]
async fn waiting_purchases_share_a_transaction_per_partner() {
    let shop = Shop::open().await;
    let (website, reseller) = (shop.website(), shop.reseller());
    let (ours, theirs) = (shop.partner_id("website").await, shop.partner_id("reseller").await);
    let turn = turn(&shop, &website, 50).await;
    let mut buyings = Vec::new();
    for passengers in [1, 2, 3] {
        buyings.push(buy(&shop, &website, ours, 50, passengers).await);
        buyings.push(buy(&shop, &reseller, theirs, 50, passengers).await);
    }
    drop(turn);
    let bookings: Vec<Booking> = join_all(buyings).await.into_iter().map(Result::unwrap).collect();
    let of_website: Vec<u16> = bookings.iter().step_by(2).flat_map(seats).collect();
    let of_reseller: Vec<u16> = bookings.iter().skip(1).step_by(2).flat_map(seats).collect();
    assert_eq!(
        of_website,
        [1, 2, 3, 4, 5, 6],
        "the first of them takes the others along"
    );
    assert_eq!(of_reseller, [7, 8, 9, 10, 11, 12]);
    let transactions = "select count(distinct xmin::text) from bookings";
    assert_eq!(shop.count(transactions).await, 2);
    // Each has its own request, and reads as it was answered.
    let requests = "select count(distinct request_id) from ticket_history";
    assert_eq!(shop.count(requests).await, 3);
    for (booking, partner_id) in bookings.iter().zip([ours, theirs].into_iter().cycle()) {
        let (read, _) = booking::get(&shop.platform, partner_id, booking.id).await.unwrap();
        assert_eq!(&read, booking);
    }
}

#[tokio::test]
async fn a_sale_of_too_many_seats_is_refused_and_the_next_one_gets_the_last() {
    let shop = Shop::open().await;
    let turn = turn(&shop, &shop.website(), 3).await;
    let buyings = buy_each(&shop, 3, &[2, 2, 1, 1]).await;
    drop(turn);
    let answers = join_all(buyings).await;
    let left = |answer: &AppResult<Booking>| match answer {
        Ok(booking) => Ok(booking.tickets.len()),
        Err(AppError::SeatsUnavailable { seats_left }) => Err(*seats_left),
        Err(error) => panic!("{error:?}"),
    };
    let told: Vec<_> = answers.iter().map(left).collect();
    assert_eq!(told, [Ok(2), Err(1), Ok(1), Err(0)]);
    assert_eq!(shop.count("select count(*) from seat_holds").await, 3);
}

#[tokio::test]
async fn a_buyer_who_leaves_the_queue_gets_nothing_and_the_others_do() {
    let shop = Shop::open().await;
    let turn = turn(&shop, &shop.website(), 2).await;
    let mut buyings = buy_each(&shop, 2, &[1, 1, 1]).await;
    let (last, leaving) = (buyings.pop().unwrap(), buyings.pop().unwrap());
    let first = buyings.pop().unwrap();
    drop(leaving);
    drop(turn);
    let (first, last) = (first.await.unwrap(), last.await.unwrap());
    assert_eq!((seats(&first), seats(&last)), (vec![1], vec![2]));
    assert_eq!(shop.count("select count(*) from tickets").await, 2);
}

#[tokio::test]
async fn a_buyer_who_was_taken_along_and_leaves_has_the_seats_until_the_payment_window_ends() {
    let shop = Shop::open().await;
    let website = shop.website();
    let ours = shop.partner_id("website").await;
    let turn = turn(&shop, &website, 2).await;
    let mut first = buy(&shop, &website, ours, 2, 1).await;
    let leaving = buy(&shop, &website, ours, 2, 1).await;
    let late = website.token(2, "kyiv", "lviv", 1).await;
    drop(turn);
    assert!(poll!(&mut first).is_pending(), "its transaction has begun");
    drop(leaving);
    assert_eq!(seats(&first.await.unwrap()), [1]);
    assert_eq!(shop.count("select count(*) from seat_holds").await, 2);
    website.create(&late, 1).await.refused(409, "SEATS_UNAVAILABLE");
    shop.wait(20);
    website.sell(2, "kyiv", "lviv", 2).await;
}

#[tokio::test]
async fn a_publication_makes_all_of_them_begin_again_and_none_is_lost() {
    let shop = Shop::open().await;
    let turn = turn(&shop, &shop.website(), 50).await;
    let buyings = buy_each(&shop, 50, &[1, 2, 3]).await;
    shop.sql("update publication set version = version + 1").await;
    drop(turn);
    let bookings = join_all(buyings).await.into_iter().map(Result::unwrap);
    let told: Vec<usize> = bookings.map(|booking| booking.tickets.len()).collect();
    assert_eq!(told, [1, 2, 3]);
    assert_eq!(shop.count("select count(*) from seat_holds").await, 6);
}

#[tokio::test]
async fn a_transaction_that_fails_answers_all_of_them_and_the_next_one_gets_its_turn() {
    let shop = Shop::open().await;
    let turn = turn(&shop, &shop.website(), 50).await;
    let buyings = buy_each(&shop, 50, &[1, 2, 3]).await;
    shop.sql("alter table passengers add constraint no_names check (first_name = '') not valid")
        .await;
    drop(turn);
    for (index, answer) in join_all(buyings).await.into_iter().enumerate() {
        let error = answer.unwrap_err();
        let is_told = match &error {
            AppError::Database(_) => index == 0,
            AppError::Internal(cause) => index > 0 && cause.contains("no_names"),
            _ => false,
        };
        assert!(is_told, "{index}: {error:?}");
    }
    assert_eq!(shop.count("select count(*) from tickets").await, 0);
    shop.sql("alter table passengers drop constraint no_names").await;
    shop.website().sell(50, "kyiv", "lviv", 1).await;
}
