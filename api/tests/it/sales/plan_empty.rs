//! Plans that are older than the rows: a session plans a statement once, perhaps while a table is empty, and until the
//! table is analysed, reading it completely looks cheapest, and one index as good as another. A sale that read its
//! tables completely would take longer each time.

use sqlx::postgres::PgPoolOptions;
use testing::log::Log;

use crate::sales::explain::{explain, plans, reads};
use crate::sales::support::Shop;

/// What the statements in the transactions of a sale contain, and reads that fill the memory of a process do not.
const CHANGES: [&str; 3] = ["insert into", "update", "advisory"];

/// A process whose statements are planned on empty tables and explained.
async fn on_empty_tables(shop: &Shop) -> Shop {
    // So that PostgreSQL knows that the tables are empty: for a table that was never analyzed it assumes some pages.
    shop.sql("vacuum analyze").await;
    explain(shop).await;
    let options = (*shop.pool().connect_options()).clone();
    let pool = PgPoolOptions::new().max_connections(4).connect_with(options);
    shop.on(pool.await.unwrap()).await
}

#[tokio::test]
async fn a_sale_uses_indexes_even_if_planned_on_empty_tables() {
    let shop = Shop::open().await;
    let busy = on_empty_tables(&shop).await;
    let partner = busy.website();
    let (log, listening) = Log::listen("sqlx::postgres::notice=trace");
    let sold = partner.sell(50, "kyiv", "lviv", 1).await;
    for action in ["book", "pay", "cancel"] {
        partner.act(action, &sold.id).await.status(200);
    }
    drop(listening);
    let mut by_index = 0;
    let changes = |text: &str| CHANGES.iter().any(|word| text.to_lowercase().contains(word));
    for (text, plan) in plans(&log).into_iter().filter(|(text, _)| changes(text)) {
        let mut found = Vec::new();
        reads(&plan, &mut found);
        for (kind, table, _) in found {
            assert_ne!(kind, "Seq Scan", "{table} in {text}\n{plan:#}");
            by_index += 1;
        }
    }
    assert!(by_index > 10, "auto_explain told {by_index} reads");
}

#[tokio::test]
async fn a_key_is_looked_up_by_its_primary_key_also_when_that_was_planned_on_an_empty_table() {
    let shop = Shop::open().await;
    let busy = on_empty_tables(&shop).await;
    let partner = busy.website();
    let (log, listening) = Log::listen("sqlx::postgres::notice=trace");
    let told = partner.once("k", "/v2/bookings/bkg_1/pay", "{}").await;
    drop(listening);
    assert_eq!(told.short(), (404, "BOOKING_NOT_FOUND".to_owned(), false));
    let mut looks = 0;
    for (text, plan) in plans(&log) {
        if text.contains("join idempotency_keys") {
            let plan = plan.to_string();
            assert!(plan.contains("idempotency_keys_pkey"), "{text}\n{plan}");
            assert!(!plan.contains("idempotency_keys_created_idx"), "{text}\n{plan}");
            looks += 1;
        }
    }
    assert!(looks > 0, "auto_explain told of none: is the role a superuser?");
}
