//! Sales and payments that have to wait are decided on what is true afterwards.

use std::pin::pin;
use std::time::Duration;

use app::booking::{self, NewBooking, NewPassenger};
use app::error::AppError;
use app::work::Work;
use chrono::NaiveDate;
use domain::discount::DiscountRule::Percent;
use domain::id::TripId;
use domain::money::Currency;
use futures::poll;
use ledger::Cause;
use rust_decimal::dec;
use serde_json::json;
use sqlx::{Postgres, Transaction};
use testing::eventually::eventually;
use testing::world::operator;
use uuid::Uuid;

use crate::harness::DAY;
use crate::harness::feed::COMPANY;
use crate::harness::partner::order;
use crate::sales::support::{Shop, kyiv};

const LIMIT: Duration = Duration::from_secs(60);

/// Waits until a request waits for a lock in the database.
pub async fn a_request_waits(shop: &Shop) {
    let waiting = "select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'";
    eventually("a request waits", LIMIT, async || {
        let found = sqlx::query_scalar::<_, i32>(waiting).fetch_optional(shop.pool());
        found.await.unwrap()
    })
    .await;
}

/// A transaction that holds all departures, as other sales do.
pub async fn hold_departures(shop: &Shop) -> Transaction<'static, Postgres> {
    let mut held = shop.pool().begin().await.unwrap();
    let lock = sqlx::query("select from departures for update");
    lock.execute(&mut *held).await.unwrap();
    held
}

#[tokio::test]
async fn a_sale_that_waited_until_the_bus_had_left_is_refused() {
    let shop = Shop::open().await;
    shop.travel(kyiv(DAY, "08:59"));
    let partner = shop.website();
    partner.sell(3, "kyiv", "lviv", 1).await;
    let departure: (Uuid, NaiveDate) = sqlx::query_as("select trip_id, service_day from departures")
        .fetch_one(shop.pool())
        .await
        .unwrap();
    let new = NewBooking {
        offer_id: partner.token(3, "kyiv", "lviv", 1).await,
        currency: Currency::Uah,
        passengers: vec![NewPassenger {
            first_name: "Olena".to_owned(),
            last_name: "Koval".to_owned(),
            email: None,
            phones: vec![("+380671234567".to_owned(), Vec::new())],
            discount_id: None,
            prepaid: None,
        }],
        note: None,
    };
    let (work, partner_id) = (Work::Own(shop.pool().clone()), shop.partner_id("website").await);
    let turn = shop.platform.turns.take((TripId(departure.0), departure.1)).await;
    let cause = Cause::default();
    let mut sale = pin!(booking::create(&shop.platform, &work, partner_id, new, &cause));
    assert!(poll!(&mut sale).is_pending());
    shop.wait(2);
    drop(turn.unwrap());
    let refusal = sale.await.unwrap_err();
    assert!(matches!(refusal, AppError::DepartureClosed), "{refusal:?}");
}

#[tokio::test]
async fn a_payment_that_waited_for_a_correction_is_announced_at_the_new_address() {
    let shop = Shop::open().await;
    let partner = shop.website();
    let sold = partner.sell(50, "kyiv", "lviv", 1).await;
    // As a resend does.
    let mut correction = shop.pool().begin().await.unwrap();
    sqlx::raw_sql(
        "select from tickets for update;
         update passengers set email = 'olena@example.com';
         update tickets set updated_at = updated_at + interval '1 second'",
    )
    .execute(&mut *correction)
    .await
    .unwrap();
    let paying = tokio::spawn({
        let (partner, booking) = (partner.clone(), sold.id.clone());
        async move { partner.pay(&booking).await }
    });
    a_request_waits(&shop).await;
    correction.commit().await.unwrap();
    let paid = paying.await.unwrap();
    paid.status(200);
    let passenger = &paid.body["data"]["booking"]["tickets"][0]["passenger"];
    assert_eq!(passenger["email"], "olena@example.com");
    let mails = "select count(*) from notifications where event = 'paid' and channel = 'Email'";
    assert_eq!(shop.count(mails).await, 1);
}

#[tokio::test]
async fn a_cancellation_that_waited_refunds_by_the_rules_that_hold_by_then() {
    let shop = Shop::open().await;
    shop.refund_rules(&["0h:90%"]).await;
    let partner = shop.website();
    let sold = partner.sell(50, "kyiv", "lviv", 1).await;
    partner.pay(&sold.id).await.status(200);
    // Within the grace, the whole price is refunded.
    shop.wait(21);
    let held = hold_departures(&shop).await;
    let canceling = tokio::spawn({
        let (partner, booking) = (partner.clone(), sold.id.clone());
        async move { partner.cancel(&booking).await }
    });
    a_request_waits(&shop).await;
    shop.refund_rules(&["0h:10%"]).await;
    held.rollback().await.unwrap();
    let canceled = canceling.await.unwrap();
    canceled.status(200);
    assert_eq!(canceled.body["data"]["booking"]["tickets"][0]["refundAmount"], 30);
}

#[tokio::test]
async fn a_sale_that_waited_gives_no_discount_that_was_withdrawn_meanwhile() {
    let shop = Shop::open().await;
    let partner = shop.website();
    partner.sell(50, "kyiv", "lviv", 1).await;
    let discount = shop
        .discount(COMPANY, "Student", (Percent, dec!(10), None), [None, None])
        .await;
    let mut body = order(&partner.token(50, "kyiv", "lviv", 1).await, 1);
    body["passengers"][0]["discountId"] = json!(discount);
    let held = hold_departures(&shop).await;
    let selling = tokio::spawn({
        let partner = partner.clone();
        async move { partner.post("/v2/bookings", &body).await }
    });
    a_request_waits(&shop).await;
    let (company, id) = (shop.company_id().await, discount.parse().unwrap());
    app::discount::withdraw(shop.pool(), shop.clock.now(), &operator(), company, id)
        .await
        .unwrap();
    held.rollback().await.unwrap();
    assert_eq!(selling.await.unwrap().fields(), ["passengers[0].discountId discount"]);
}
