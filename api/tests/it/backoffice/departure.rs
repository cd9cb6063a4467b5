//! Departures of a company: ticket counts, passengers, closing and reopening their sale.

use domain::access::Workplace;
use domain::role::Role;
use serde_json::{Value, json};

use crate::backoffice::counter::{Counter, buy};
use crate::harness::DAY;
use crate::harness::browser::Browser;
use crate::harness::partner::{Sold, order as order_for};

pub(super) const DEPARTURES: &str = "/v2/departures";

/// The departures that a query finds, and their total.
pub(super) async fn list(clerk: &Browser, query: &str) -> (Vec<Value>, u64) {
    let seen = clerk.get(&format!("{DEPARTURES}?{query}")).await;
    let data = seen.status(200).data();
    let departures = data["departures"].as_array().unwrap().clone();
    (departures, data["total"].as_u64().unwrap())
}

/// The departure of the bus with this number of seats on [`DAY`].
pub(super) async fn of_bus(clerk: &Browser, seats: u16) -> Value {
    let (departures, _) = list(clerk, &format!("dateFrom={DAY}&dateTo={DAY}&language=EN")).await;
    let mut departures = departures.into_iter();
    departures.find(|found| found["bus"]["seats"] == seats).unwrap()
}

pub(super) fn text(value: &Value) -> String {
    value.as_str().unwrap().to_owned()
}

async fn press(clerk: &Browser, id: &str, act: &str) -> Value {
    let seen = clerk.press(&format!("{DEPARTURES}/{id}/{act}")).await;
    seen.status(200).data()["departure"].clone()
}

#[tokio::test]
async fn departures_are_listed_by_time_with_what_is_sold() {
    let counter = Counter::open().await;
    let (partner, clerk) = (counter.website().await, counter.clerk().await);
    let paid = buy(&partner, 50).await;
    partner.pay(&paid.id).await.status(200);
    let booked = buy(&partner, 50).await;
    partner.book(&booked.id).await.status(200);
    buy(&partner, 50).await;
    let (departures, total) = list(&clerk, &format!("dateFrom={DAY}&dateTo={DAY}&language=EN")).await;
    assert_eq!(total, 6);
    let times: Vec<String> = departures.iter().map(|found| text(&found["from"]["at"])).collect();
    let mut sorted = times.clone();
    sorted.sort();
    assert_eq!(times, sorted);
    let sold = of_bus(&clerk, 50).await;
    assert_eq!(
        sold["tickets"],
        json!({ "sold": 3, "paid": 1, "unpaid": 1, "dueOnBoard": 1, "awaitingConfirmation": 1 })
    );
    assert_eq!(
        (&sold["saleStatus"], &sold["closure"]),
        (&json!("OnSale"), &Value::Null)
    );
    assert_eq!(sold["from"]["at"], format!("{DAY}T12:00:00+02:00"));
    assert_eq!(sold["to"]["at"], format!("{DAY}T20:00:00+02:00"));
    assert_eq!(
        (&sold["date"], &sold["routeName"]),
        (&json!(DAY), &json!("Kyiv - Lviv"))
    );
    // The unpaid order expires by itself, even without a sweep.
    counter.wait(20);
    let clerk = counter.clerk().await;
    assert_eq!(of_bus(&clerk, 50).await["tickets"]["sold"], 2);

    let (page, total) = list(&clerk, &format!("dateFrom={DAY}&dateTo={DAY}&take=2&skip=1")).await;
    let of_page: Vec<&Value> = page.iter().map(|found| &found["id"]).collect();
    assert_eq!((of_page, total), (vec![&departures[1]["id"], &departures[2]["id"]], 6));
    let (two_days, total) = list(&clerk, "dateFrom=2027-02-10&dateTo=2027-02-11").await;
    assert_eq!((two_days.len(), total), (12, 12));
}

#[tokio::test]
async fn a_range_is_at_most_a_month_and_another_company_sees_nothing_of_it() {
    let counter = Counter::open().await;
    let clerk = counter.clerk().await;
    let fields = async |query: &str| clerk.get(&format!("{DEPARTURES}?{query}")).await.fields();
    assert_eq!(fields("").await, ["dateFrom required", "dateTo required"]);
    assert_eq!(fields("dateFrom=2027-02-02&dateTo=2027-02-01").await, ["dateTo order"]);
    assert_eq!(
        fields("dateFrom=2027-02-01&dateTo=2027-03-04").await,
        ["dateTo maxDays"]
    );
    let (_, total) = list(&clerk, "dateFrom=2027-02-01&dateTo=2027-03-03&take=1").await;
    assert_eq!(total, 31 * 6);
    let id = text(&of_bus(&clerk, 50).await["id"]);
    let stranger = counter.office.at_karpaty(Role::Admin).await;
    assert_eq!(list(&stranger, &format!("dateFrom={DAY}&dateTo={DAY}")).await.1, 0);
    for (path, wrong) in [(String::new(), 404), ("/manifest".to_owned(), 404)] {
        let seen = stranger.get(&format!("{DEPARTURES}/{id}{path}")).await;
        assert_eq!((seen.status, seen.code()), (wrong, "NOT_FOUND"));
    }
    stranger
        .press(&format!("{DEPARTURES}/{id}/close"))
        .await
        .refused(404, "NOT_FOUND");
    let place = Workplace::Company(counter.company);
    let accountant = counter.office.signed_in(place, Role::Accountant).await;
    accountant
        .get(&format!("{DEPARTURES}/{id}/manifest"))
        .await
        .refused(403, "FORBIDDEN");
}

#[tokio::test]
async fn the_seat_plan_shows_one_seat_on_two_parts_of_the_way() {
    let counter = Counter::open().await;
    let (partner, clerk) = (counter.website().await, counter.clerk().await);
    let first = partner.sell(2, "kyiv", "zhytomyr", 1).await;
    let second = partner.sell(2, "zhytomyr", "lviv", 2).await;
    let id = text(&of_bus(&clerk, 2).await["id"]);
    let seen = clerk.get(&format!("{DEPARTURES}/{id}?language=EN")).await;
    let departure = &seen.status(200).data()["departure"];
    let numbers = |stop: &Value| ["boarding", "alighting", "onBoard"].map(|name| stop[name].as_u64().unwrap());
    let stops: Vec<[u64; 3]> = departure["stops"].as_array().unwrap().iter().map(numbers).collect();
    assert_eq!(stops, [[1, 0, 1], [2, 1, 2], [0, 0, 2], [0, 2, 0]]);
    let seats = departure["seats"].as_array().unwrap();
    let label: usize = first.seats[0].parse().unwrap();
    let taken = seats[label - 1]["taken"].as_array().unwrap();
    let segment = |ticket: &Value| (ticket["from"].as_u64().unwrap(), ticket["to"].as_u64().unwrap());
    assert_eq!(seats.len(), 2);
    assert_eq!(taken.iter().map(segment).collect::<Vec<_>>(), [(0, 1), (1, 3)]);
    assert_eq!(
        (&taken[0]["orderId"], &taken[0]["passenger"]),
        (&json!(first.orders[0]), &json!("Olena Kovalenko"))
    );
    assert!(second.orders.contains(&text(&taken[1]["orderId"])));
}

#[tokio::test]
async fn the_manifest_says_who_boards_where_and_what_they_pay() {
    let counter = Counter::open().await;
    let (partner, clerk) = (counter.website().await, counter.clerk().await);
    let paid = buy(&partner, 50).await;
    partner.pay(&paid.id).await.status(200);
    let prepaid = buy(&partner, 50).await;
    clerk.prepaid(&prepaid.orders[0], 100).await.status(200);
    let token = partner.token(50, "zhytomyr", "rivne", 1).await;
    let mut order = order_for(&token, 1);
    order["note"] = json!("Large suitcase");
    let later = Sold::of(&partner.post("/v2/bookings", &order).await);
    partner.book(&later.id).await.status(200);
    let canceled = buy(&partner, 50).await;
    partner.cancel(&canceled.id).await.status(200);
    let id = text(&of_bus(&clerk, 50).await["id"]);
    let seen = clerk.get(&format!("{DEPARTURES}/{id}/manifest?language=EN")).await;
    let data = seen.status(200).data();
    let stops = data["stops"].as_array().unwrap();
    let places: Vec<&Value> = stops.iter().map(|stop| &stop["stop"]).collect();
    assert_eq!(places, ["kyiv coach station", "zhytomyr coach station"]);
    let due = |stop: &Value| {
        let passengers = stop["passengers"].as_array().unwrap().iter();
        let line = |one: &Value| {
            let payment = &one["payment"];
            format!(
                "{} {} {}",
                payment["status"].as_str().unwrap(),
                payment["dueOnBoard"],
                payment["currency"].as_str().unwrap()
            )
        };
        let mut lines: Vec<String> = passengers.map(line).collect();
        lines.sort();
        lines
    };
    assert_eq!(due(&stops[0]), ["Paid 0 UAH", "Prepaid 200 UAH"]);
    assert_eq!(due(&stops[1]), ["Booked 100 UAH"]);
    let last = &stops[1]["passengers"][0];
    let order = clerk.get(&format!("/v2/orders/{}", later.orders[0])).await;
    assert_eq!(last["reference"], order.status(200).data()["order"]["reference"]);
    assert_eq!(
        json!([
            last["orderId"],
            last["bookingId"],
            last["firstName"],
            last["lastName"],
            last["from"],
            last["to"],
            last["note"]
        ]),
        json!([
            later.orders[0],
            later.id,
            "Olena",
            "Kovalenko",
            "zhytomyr coach station",
            "rivne coach station",
            "Large suitcase"
        ])
    );
    assert_eq!(last["phones"], json!([{ "phone": "+380671234567", "messengers": [] }]));
}

#[tokio::test]
async fn a_closed_departure_sells_nothing_and_its_tickets_stay_valid() {
    let counter = Counter::open().await;
    let (partner, clerk) = (counter.website().await, counter.clerk().await);
    let sold = buy(&partner, 50).await;
    let token = partner.token(50, "kyiv", "lviv", 1).await;
    let id = text(&of_bus(&clerk, 50).await["id"]);
    let body = json!({ "reason": "A smaller bus runs" });
    let seen = clerk.post(&format!("{DEPARTURES}/{id}/close"), &body).await;
    let departure = &seen.status(200).data()["departure"];
    assert_eq!(departure["saleStatus"], "Closed");
    assert_eq!(departure["closure"]["reason"], "A smaller bus runs");
    let name = &clerk.get("/v2/auth/me").await.body["data"]["user"];
    let name = format!("{} {}", text(&name["firstName"]), text(&name["lastName"]));
    assert_eq!(departure["closure"]["closedByName"], name);
    assert!(
        partner.offer(50, "kyiv", "lviv", 1).await.is_none(),
        "searches do not find it"
    );
    partner.create(&token, 1).await.refused(409, "DEPARTURE_CLOSED");
    partner.pay(&sold.id).await.status(200);
    assert_eq!(partner.standing(&sold.id).await, ["Confirmed Paid"]);
    // Closing again changes nothing: neither who closed it, nor the history.
    let other = counter.clerk().await;
    assert_eq!(press(&other, &id, "close").await["closure"], departure["closure"]);
    let reopened = press(&clerk, &id, "reopen").await;
    assert_eq!(
        (&reopened["saleStatus"], &reopened["closure"]),
        (&json!("OnSale"), &Value::Null)
    );
    press(&clerk, &id, "reopen").await;
    let actions: Vec<&Value> = reopened["history"]
        .as_array()
        .unwrap()
        .iter()
        .map(|line| &line["action"])
        .collect();
    assert_eq!(actions, ["closed", "reopened"]);
    assert_eq!(reopened["history"][0]["actorName"], name);
    assert_eq!(counter.count("select count(*) from departure_history").await, 2);
    partner.create(&token, 1).await.status(201);
}

#[tokio::test]
async fn an_unsold_departure_can_be_closed_and_an_import_does_not_reopen_it() {
    let counter = Counter::open().await;
    let (partner, clerk) = (counter.website().await, counter.clerk().await);
    let id = text(&of_bus(&clerk, 3).await["id"]);
    let token = partner.token(3, "kyiv", "lviv", 1).await;
    assert_eq!(press(&clerk, &id, "reopen").await["saleStatus"], "OnSale");
    assert_eq!(
        counter.count("select count(*) from departures").await,
        0,
        "nothing to remember"
    );
    press(&clerk, &id, "close").await;
    partner.create(&token, 1).await.refused(409, "DEPARTURE_CLOSED");
    // On that day another trip, with the same calls, takes the place of the closed one.
    counter.split_trip(3).await;
    assert!(partner.offer(3, "kyiv", "lviv", 1).await.is_none());
    let renamed = of_bus(&clerk, 3).await;
    assert_ne!(renamed["id"], json!(id));
    assert_eq!(renamed["saleStatus"], "Closed");
    let reopened = press(&clerk, renamed["id"].as_str().unwrap(), "reopen").await;
    assert_eq!(
        reopened["history"].as_array().unwrap().len(),
        2,
        "its history came along"
    );
    assert_eq!(partner.left(3, "kyiv", "lviv").await, 3);
}

#[tokio::test]
async fn a_departure_that_has_left_is_over() {
    let counter = Counter::open().await;
    counter.wait(8 * 24 * 60);
    let clerk = counter.clerk().await;
    let gone = of_bus(&clerk, 50).await;
    let id = text(&gone["id"]);
    assert_eq!(gone["saleStatus"], "Over");
    let seen = clerk.press(&format!("{DEPARTURES}/{id}/close")).await;
    seen.refused(409, "DEPARTURE_CLOSED");
    assert_eq!(counter.count("select count(*) from departures").await, 0);
}
