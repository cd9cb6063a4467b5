//! What of a company's day needs a person.

use serde_json::{Value, json};

use crate::backoffice::counter::{Counter, buy};

async fn today(counter: &Counter) -> Value {
    let clerk = counter.clerk().await;
    clerk.get("/v2/today").await.status(200).data().clone()
}

#[tokio::test]
async fn the_numbers_count_what_is_open_and_only_that() {
    let counter = Counter::open().await;
    let partner = counter.website().await;
    let none = json!({ "failedDeliveries": 0, "awaitingConfirmation": 0, "silentBuses": 0, "runningReports": 0 });
    assert_eq!(today(&counter).await, none);
    let sold = buy(&partner, 50).await;
    let paid = buy(&partner, 50).await;
    partner.pay(&paid.id).await.status(200);
    counter.office.thing("rpt").await;
    counter.office.thing("fms").await;
    let run = async |sql: &str| {
        let sql = sqlx::AssertSqlSafe(sql.to_owned());
        sqlx::raw_sql(sql).execute(counter.office.pool()).await.unwrap();
    };
    run(&format!(
        "update reports set company_id = '{0}', status = 'Pending', ended_at = null;
         update fms_objects set company_id = '{0}', enabled = true;
         update notifications set state = 'failed' where channel = 'Email'",
        counter.company.0
    ))
    .await;
    let all = json!({ "failedDeliveries": 3, "awaitingConfirmation": 1, "silentBuses": 1, "runningReports": 1 });
    assert_eq!(today(&counter).await, all);
    // A later message on the same channel makes up for the earlier ones.
    run("update notifications set state = 'sent', created_at = created_at + interval '1 second'
         where channel = 'Email' and event = 'paid';
         update fms_objects set latitude = 50, longitude = 30, recorded_at = '2027-02-01T07:45:00Z', received_at = '2027-02-01T07:45:00Z'")
    .await;
    let fewer = json!({ "failedDeliveries": 1, "awaitingConfirmation": 1, "silentBuses": 0, "runningReports": 1 });
    assert_eq!(today(&counter).await, fewer);
    // The order lapses, and the bus falls silent.
    counter.wait(20);
    let later = json!({ "failedDeliveries": 1, "awaitingConfirmation": 0, "silentBuses": 1, "runningReports": 1 });
    assert_eq!(today(&counter).await, later);
    assert_eq!(partner.standing(&sold.id).await, ["Uncompleted Unpaid"]);
}
