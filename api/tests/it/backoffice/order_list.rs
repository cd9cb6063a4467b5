//! The list of a company's orders.

use domain::role::Role;
use serde_json::{Value, json};

use crate::backoffice::counter::{Counter, buy};
use crate::harness::DAY;
use crate::harness::manager::Manager;
use crate::harness::partner::Sold;

/// The orders that a query finds, and how many there are.
async fn find(clerk: &Manager, query: &str) -> (Vec<String>, u64) {
    let seen = clerk.get(&format!("/v2/orders?{query}")).await;
    assert_eq!(seen.status, 200, "{query}: {}", seen.body);
    let data = &seen.body["data"];
    let id = |order: &Value| order["id"].as_str().unwrap().to_owned();
    let orders = data["orders"].as_array().unwrap().iter().map(id).collect();
    (orders, data["total"].as_u64().unwrap())
}

async fn finds(clerk: &Manager, query: &str, expected: &[&Sold]) {
    let expected: Vec<String> = expected.iter().rev().map(|sold| sold.orders[0].clone()).collect();
    let total = expected.len() as u64;
    assert_eq!(find(clerk, query).await, (expected, total), "{query}");
}

#[tokio::test]
async fn filters_match_the_displayed_status_even_when_the_sweep_is_late() {
    let counter = Counter::open().await;
    let partner = counter.website().await;
    let late = buy(&partner, 50).await;
    let closed = buy(&partner, 50).await;
    counter.wait(20);
    let id: domain::id::TicketId = closed.orders[0].parse().unwrap();
    sqlx::query("update tickets set status = 'Uncompleted' where id = $1")
        .bind(id.0)
        .execute(counter.office.pool())
        .await
        .unwrap();
    let clerk = counter.clerk().await;
    // On another bus, since a sale closes expired tickets of its own departure.
    let fresh = buy(&partner, 3).await;
    let paid = buy(&partner, 3).await;
    let rejected = buy(&partner, 3).await;
    partner.pay(&paid.id).await.status(200);
    clerk.reject(&rejected.orders[0]).await.status(200);
    let all = [&late, &closed, &fresh, &paid, &rejected];

    finds(&clerk, "", &all).await;
    finds(&clerk, "status=Processing", &[&fresh]).await;
    finds(&clerk, "status=Uncompleted", &[&late, &closed]).await;
    finds(&clerk, "status=Confirmed", &[&paid]).await;
    finds(&clerk, "status=NotConfirmed&paymentStatus=Unpaid", &[&rejected]).await;
    finds(&clerk, "status=NotConfirmed&paymentStatus=Paid", &[]).await;
    finds(&clerk, "paymentStatus=Unpaid", &[&late, &closed, &fresh, &rejected]).await;
    finds(
        &clerk,
        &format!("status=Uncompleted&departureDate={DAY}"),
        &[&late, &closed],
    )
    .await;
    finds(&clerk, &format!("status=Processing&departureDate={DAY}"), &[&fresh]).await;
    finds(&clerk, "departureDate=2027-02-09", &[]).await;
    for odd in [
        "departureDate=0000-01-01",
        "departureDate=9999-12-31",
        "routeId=rte_1",
        "routeId=x",
    ] {
        finds(&clerk, odd, &[]).await;
    }
    let route = late.body["tickets"][0]["slices"][0]["route"]["id"].as_str().unwrap();
    finds(&clerk, &format!("routeId={route}&status=Confirmed"), &[&paid]).await;
    finds(&clerk, &format!("routeId={route}&departureDate={DAY}"), &all).await;
    finds(&clerk, "routeId=rte_01980c6a5f0e7d8c9b3a2f1e0d4c5b6a", &[]).await;
    assert_eq!(counter.sweep().await, 1);
    finds(&clerk, "status=Uncompleted", &[&late, &closed]).await;
}

#[tokio::test]
async fn a_day_is_a_day_in_the_time_zone_of_the_company() {
    let counter = Counter::open().await;
    let (clerk, partner) = (counter.clerk().await, counter.website().await);
    let noon = buy(&partner, 50).await;
    let offers = partner.offers("zhytomyr", "lviv", "2027-02-09", "").await;
    let night = offers
        .iter()
        .find(|offer| crate::harness::partner::is_of_company(offer, 20))
        .unwrap();
    assert_eq!(night["slices"][0]["departureAt"], "2027-02-09T00:30:00+02:00");
    let night = Sold::of(&partner.create(night["id"].as_str().unwrap(), 1).await);
    finds(&clerk, &format!("departureDate={DAY}"), &[&noon]).await;
    finds(&clerk, "departureDate=2027-02-09", &[&night]).await;
    sqlx::query("update companies set time_zone = 'America/New_York' where id = $1")
        .bind(counter.company.0)
        .execute(counter.office.pool())
        .await
        .unwrap();
    finds(&clerk, &format!("departureDate={DAY}"), &[&noon, &night]).await;
}

#[tokio::test]
async fn pages_are_newest_first_and_count_the_whole() {
    let counter = Counter::open().await;
    let (clerk, website) = (counter.clerk().await, counter.website().await);
    let reseller = counter.partner(counter.office.reseller).await;
    let sold = website.sell(50, "kyiv", "lviv", 5).await;
    let other = reseller.sell(50, "kyiv", "lviv", 1).await;
    let newest: Vec<String> = sold.orders.iter().chain(&other.orders).rev().cloned().collect();
    assert_eq!(find(&clerk, "").await, (newest.clone(), 6));
    assert_eq!(find(&clerk, "take=2&skip=1").await, (newest[1..3].to_vec(), 6));
    assert_eq!(find(&clerk, "take=2&skip=5").await, (newest[5..].to_vec(), 6));
    assert_eq!(find(&clerk, "skip=6").await, (vec![], 6));
    let day = format!("departureDate={DAY}&take=1&skip=6");
    assert_eq!(find(&clerk, &day).await, (vec![], 6));
    let seen = clerk
        .get("/v2/orders?status=Lost&paymentStatus=paid&departureDate=tomorrow&routeId=&take=101&skip=-1")
        .await;
    let wrong = [
        "status enum",
        "paymentStatus enum",
        "departureDate date",
        "routeId minLength",
        "take max",
        "skip min",
    ];
    assert_eq!(seen.fields(), wrong);
    assert_eq!(
        find(&Manager(counter.office.at_karpaty(Role::Manager).await), "").await,
        (vec![], 0)
    );
}

#[tokio::test]
async fn an_order_shows_the_ticket_and_its_partner() {
    let counter = Counter::open().await;
    let (clerk, partner) = (counter.clerk().await, counter.website().await);
    let sold = buy(&partner, 50).await;
    let ticket = &partner.booking(&sold.id).await["tickets"][0];
    let seen = clerk.get("/v2/orders?language=EN").await;
    let order = &seen.body["data"]["orders"][0];
    for (name, value) in ticket.as_object().unwrap() {
        assert_eq!(order[name], *value, "{name}");
    }
    assert_eq!(order["passenger"]["phones"][0]["phone"], "+380671234567");
    let partner_id = counter.office.website.to_string();
    assert_eq!(
        order["partner"],
        json!({ "id": partner_id, "slug": "website", "name": "website" })
    );
    assert_eq!(
        (&order["prepaid"], &order["createdAt"]),
        (&0.into(), &"2027-02-01T08:00:00.000Z".into())
    );
    assert!(order.get("history").is_none());
}
