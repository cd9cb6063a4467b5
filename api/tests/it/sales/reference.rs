//! References: what people say and type to name bookings and tickets.

use std::collections::HashSet;

use domain::reference::Reference;
use serde_json::Value;
use sqlx::PgPool;

use crate::harness::partner::Sold;
use crate::sales::support::Shop;

/// That of a booking, and those of its tickets.
fn references(booking: &Value) -> Vec<String> {
    let tickets = booking["tickets"].as_array().unwrap().iter();
    let all = [booking].into_iter().chain(tickets);
    all.map(|thing| thing["reference"].as_str().unwrap().to_owned())
        .collect()
}

/// Makes the database try this one first, three times, before it tries what it would have tried.
async fn try_first(pool: &PgPool, reference: &str) {
    let sql = format!(
        "alter function reference_candidate rename to reference_real;
         create function reference_candidate(id uuid, attempt integer) returns text language plpgsql as $$
         begin
             return case when attempt < 3 then '{reference}' else reference_real(id, attempt - 3) end;
         end $$"
    );
    sqlx::raw_sql(sqlx::AssertSqlSafe(sql)).execute(pool).await.unwrap();
}

#[tokio::test]
async fn a_booking_and_its_tickets_have_references_that_stay() {
    let shop = Shop::open().await;
    let partner = shop.website();
    let token = partner.token(50, "kyiv", "lviv", 3).await;
    let sold = Sold::of(&partner.create(&token, 3).await);
    let all = references(&sold.body);
    assert_eq!(all.iter().collect::<HashSet<_>>().len(), 4, "{all:?}");
    for reference in &all {
        assert_eq!(reference.parse::<Reference>().unwrap().as_str(), reference);
    }
    assert_eq!(references(&partner.booking(&sold.id).await), all);
    let paid = partner.pay(&sold.id).await;
    assert_eq!(references(&paid.body["data"]["booking"]), all);
}

#[tokio::test]
async fn a_reference_that_somebody_has_is_given_to_nobody_else() {
    let shop = Shop::open().await;
    let partner = shop.website();
    let token = partner.token(50, "kyiv", "lviv", 2).await;
    let free = "K7M2QXC";
    try_first(shop.pool(), free).await;
    let mut all = Vec::new();
    for _ in 0..3 {
        all.extend(references(&Sold::of(&partner.create(&token, 2).await).body));
    }
    assert_eq!(
        all.iter().filter(|one| *one == free).count(),
        1,
        "the first that tries it has it: {all:?}"
    );
    assert_eq!(all.iter().collect::<HashSet<_>>().len(), 9, "{all:?}");
    assert!(all.iter().all(|one| one.parse::<Reference>().is_ok()), "{all:?}");
    shop.audit().await;
}

#[tokio::test]
async fn what_was_sold_before_there_were_references_gets_one() {
    let shop = Shop::open().await;
    let partner = shop.website();
    let token = partner.token(50, "kyiv", "lviv", 2).await;
    let sold = Sold::of(&partner.create(&token, 2).await);
    let before = "alter table bookings alter column reference drop not null;
                  alter table tickets alter column reference drop not null;
                  update bookings set reference = null; update tickets set reference = null";
    sqlx::raw_sql(before).execute(shop.pool()).await.unwrap();
    let fill = include_str!("../../../../migrations/0042_references_filled.sql");
    sqlx::raw_sql(fill).execute(shop.pool()).await.unwrap();
    let filled = references(&partner.booking(&sold.id).await);
    assert_eq!(filled, references(&sold.body), "they come of the ids");
}
