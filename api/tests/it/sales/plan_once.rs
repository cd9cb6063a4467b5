//! Functions in the database that write: PostgreSQL plans those in SQL at each call, those in PL/pgSQL once for each
//! session.

use crate::sales::support::Shop;

/// Functions that are called rarely enough to be in SQL.
const SELDOM: [&str; 1] = ["list_counts_mend"];

#[tokio::test]
async fn what_triggers_call_is_planned_once_a_session() {
    let shop = Shop::open().await;
    // Functions that do not write are inlined into the statement that calls them.
    let planned_each_time: Vec<String> = sqlx::query_scalar(
        "select proname::text from pg_proc join pg_language on pg_language.oid = prolang
         where lanname = 'sql' and provolatile = 'v' and pronamespace = 'public'::regnamespace order by 1",
    )
    .fetch_all(shop.pool())
    .await
    .unwrap();
    assert_eq!(planned_each_time, SELDOM);
}
