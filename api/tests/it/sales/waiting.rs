//! Sales and payments that have to wait are decided on what is true afterwards.

use std::pin::pin;
use std::time::Duration;

use app::booking::{self, NewBooking, NewPassenger};
use app::error::AppError;
use app::work::Work;
use chrono::NaiveDate;
use domain::id::TripId;
use domain::money::Currency;
use futures::poll;
use ledger::Cause;
use testing::eventually::eventually;
use uuid::Uuid;

use crate::harness::DAY;
use crate::sales::support::{Shop, kyiv};

const LIMIT: Duration = Duration::from_secs(60);

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
    let waiting = "select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'";
    eventually("the payment waits", LIMIT, async || {
        let found = sqlx::query_scalar::<_, i32>(waiting).fetch_optional(shop.pool());
        found.await.unwrap()
    })
    .await;
    correction.commit().await.unwrap();
    let paid = paying.await.unwrap();
    paid.status(200);
    let passenger = &paid.body["data"]["booking"]["tickets"][0]["passenger"];
    assert_eq!(passenger["email"], "olena@example.com");
    let mails = "select count(*) from notifications where event = 'paid' and channel = 'Email'";
    assert_eq!(shop.count(mails).await, 1);
}
