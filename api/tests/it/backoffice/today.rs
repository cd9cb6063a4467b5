//! Items of a company that need attention.

use chrono::DateTime;
use serde_json::{Value, json};

use crate::backoffice::counter::{Counter, buy};

async fn today(counter: &Counter) -> Value {
    let clerk = counter.clerk().await;
    clerk.get("/v2/today").await.status(200).data().clone()
}

#[tokio::test]
async fn counts_include_open_items_only() {
    let counter = Counter::open().await;
    let partner = counter.website().await;
    let numbers = |[failed, waiting, silent, reports]: [i64; 4]| {
        json!({
            "failedDeliveries": failed, "awaitingConfirmation": waiting, "rejectedToday": 0, "rejectedTomorrow": 0,
            "silentBuses": silent, "runningReports": reports, "failedSchedules": 0,
        })
    };
    assert_eq!(today(&counter).await, numbers([0, 0, 0, 0]));
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
         update trackers set company_id = '{0}', enabled = true;
         update notifications set state = 'failed' where channel = 'Email'",
        counter.company.0
    ))
    .await;
    assert_eq!(today(&counter).await, numbers([3, 1, 1, 1]));
    // A later message on the same channel makes up for the earlier ones.
    run("update notifications set state = 'sent', created_at = created_at + interval '1 second'
         where channel = 'Email' and event = 'paid';
         update trackers set latitude = 50, longitude = 30, recorded_at = '2027-02-01T07:45:00Z', received_at = '2027-02-01T07:45:00Z'")
    .await;
    assert_eq!(today(&counter).await, numbers([1, 1, 0, 1]));
    // The order expires, and the bus stops reporting its position.
    counter.wait(20);
    assert_eq!(today(&counter).await, numbers([1, 0, 1, 1]));
    assert_eq!(partner.standing(&sold.id).await, ["Uncompleted Unpaid"]);
}

/// The list of buses shows the same: a position that was stored on the way is as old as it is, not as its arrival.
#[tokio::test]
async fn a_bus_is_silent_by_the_age_of_its_position_not_of_its_arrival() {
    let counter = Counter::open().await;
    counter.office.thing("fms").await;
    // It is 08:00.
    for (recorded_at, silent) in [
        ("2027-02-01T07:30:00Z", 1),
        ("2027-02-01T07:31:00Z", 0),
        ("2027-02-01T06:00:00Z", 1),
    ] {
        let sql = format!(
            "update trackers set company_id = '{}', enabled = true, latitude = 50, longitude = 30,
                 recorded_at = '{recorded_at}', received_at = '2027-02-01T07:59:00Z'",
            counter.company.0
        );
        sqlx::raw_sql(sqlx::AssertSqlSafe(sql))
            .execute(counter.office.pool())
            .await
            .unwrap();
        assert_eq!(today(&counter).await["silentBuses"], silent, "{recorded_at}");
    }
}

#[tokio::test]
async fn what_was_rejected_is_counted_by_its_day_at_the_company() {
    let counter = Counter::open().await;
    let partner = counter.website().await;
    buy(&partner, 50).await;
    let rejected = async |boarding: &str| {
        let sql = format!("update tickets set status = 'NotConfirmed', boarding_at = '{boarding}'");
        sqlx::raw_sql(sqlx::AssertSqlSafe(sql))
            .execute(counter.office.pool())
            .await
            .unwrap();
        let counts = today(&counter).await;
        [&counts["rejectedToday"], &counts["rejectedTomorrow"]].map(|count| count.as_i64().unwrap())
    };
    // It is the 1st of February in Kyiv, two hours ahead of UTC.
    for (boarding, counts) in [
        ("2027-01-31T21:59:59Z", [0, 0]),
        ("2027-01-31T22:00:00Z", [1, 0]),
        ("2027-02-01T21:59:59Z", [1, 0]),
        ("2027-02-01T22:00:00Z", [0, 1]),
        ("2027-02-02T21:59:59Z", [0, 1]),
        ("2027-02-02T22:00:00Z", [0, 0]),
    ] {
        assert_eq!(rejected(boarding).await, counts, "{boarding}");
    }
}

#[tokio::test]
async fn messages_that_failed_are_listed_one_by_one_with_their_orders() {
    let counter = Counter::open().await;
    let partner = counter.website().await;
    let clerk = counter.clerk().await;
    let list = async |query: &str| {
        let path = format!("/v2/today/failed-deliveries{query}");
        clerk.get(&path).await.status(200).data().clone()
    };
    let booking = buy(&partner, 50).await;
    assert_eq!(list("").await, json!({ "deliveries": [], "total": 0 }));
    let sql = "update notifications set state = 'failed', fault = 'request', last_error = 'refused'
               where channel = 'Email'";
    sqlx::raw_sql(sql).execute(counter.office.pool()).await.unwrap();
    let found = list("").await;
    let count = found["total"].as_u64().unwrap();
    assert!(count > 0 && count == found["deliveries"].as_array().unwrap().len() as u64);
    assert_eq!(today(&counter).await["failedDeliveries"], count);
    let delivery = &found["deliveries"][0];
    assert_eq!(
        (&delivery["channel"], &delivery["status"]),
        (&json!("Email"), &json!("Processing"))
    );
    assert_eq!(
        (&delivery["code"], &delivery["reason"]),
        (
            &json!("Refused"),
            &json!("The mail server refused the message or its recipient.")
        )
    );
    let id = delivery["orderId"].as_str().unwrap();
    let order = clerk.get(&format!("/v2/orders/{id}")).await.status(200).data()["order"].clone();
    assert_eq!(order["reference"], delivery["reference"]);
    assert_eq!(order["bookingId"], booking.id.as_str());
    // By the local time of the stop, which differs from that of the company.
    let sql = "update cities set time_zone = 'Europe/Warsaw' where slug = 'kyiv'";
    sqlx::raw_sql(sql).execute(counter.office.pool()).await.unwrap();
    let moved = list("?take=1").await["deliveries"][0].clone();
    let at = |name: &str| DateTime::parse_from_rfc3339(moved[name].as_str().unwrap()).unwrap();
    assert_eq!(at("departureAt"), at("departureDate"));
    assert!(moved["departureAt"].as_str().unwrap().ends_with("+01:00"), "{moved}");
    assert!(
        delivery["departureAt"].as_str().unwrap().ends_with("+02:00"),
        "{delivery}"
    );
    assert_eq!(list("?skip=1000").await, json!({ "deliveries": [], "total": count }));
    let taken = list("?take=1").await;
    assert_eq!(
        (taken["deliveries"].as_array().unwrap().len(), &taken["total"]),
        (1, &json!(count))
    );

    let stranger = counter.office.at_wisla(domain::role::Role::Admin).await;
    let theirs = stranger.get("/v2/today/failed-deliveries").await;
    assert_eq!(theirs.body["data"], json!({ "deliveries": [], "total": 0 }));
}
