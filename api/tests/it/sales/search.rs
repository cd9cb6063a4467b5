use serde_json::{Value, json};

use crate::harness::DAY;
use crate::harness::answer::Seen;
use crate::harness::caller::Caller;
use crate::harness::partner::is_of_company;
use crate::sales::support::{Shop, kyiv};

/// Departure and arrival with offset, and minutes, of the offers of a company.
pub fn rides(offers: &[Value], company: &str) -> Vec<String> {
    let slices = offers.iter().map(|offer| &offer["slices"][0]);
    slices
        .filter(|slice| slice["route"]["company"]["slug"] == company)
        .map(|slice| {
            let text = |name: &str| slice[name].as_str().unwrap().to_owned();
            format!("{} {} {}", text("departureAt"), text("arrivalAt"), slice["duration"])
        })
        .collect()
}

async fn schedule(caller: &Caller, query: &str) -> Seen {
    caller
        .get(&format!(
            "/v2/offers/schedule?departureCitySlug=kyiv&arrivalCitySlug=lviv&date={DAY}{query}"
        ))
        .await
}

#[tokio::test]
async fn offers_come_by_departure_and_only_between_stops_that_are_sold() {
    let shop = Shop::open().await;
    let partner = shop.website();
    let ours = async |from: &str, to: &str| {
        let offers = partner.offers(from, to, DAY, "").await;
        let seats = |offer: &Value| offer["slices"][0]["bus"]["seatsQty"].as_u64().unwrap();
        let ours = offers
            .iter()
            .filter(|o| o["slices"][0]["route"]["company"]["slug"] == "trial-lines");
        ours.map(seats).collect::<Vec<_>>()
    };
    assert_eq!(ours("kyiv", "lviv").await, [2, 3, 4, 5, 50, 20]);
    assert_eq!(
        ours("kyiv", "zhytomyr").await,
        [2, 3, 4, 50, 20],
        "nobody alights there from bus 5"
    );
    assert_eq!(ours("zhytomyr", "lviv").await.len(), 6, "yet one boards");
    assert_eq!(ours("rivne", "lviv").await.len(), 5, "nobody boards bus 5 in Rivne");
    assert_eq!(ours("kyiv", "rivne").await.len(), 6, "yet one alights");
    assert_eq!(ours("lviv", "kyiv").await, [0; 0], "nothing goes back");
    assert_eq!(ours("przemysl", "krakow").await, [4]);
    let departures: Vec<_> = partner.offers("kyiv", "lviv", DAY, "").await;
    let times: Vec<_> = departures
        .iter()
        .map(|o| o["slices"][0]["departureAt"].as_str().unwrap())
        .collect();
    assert!(times.is_sorted() && times.len() > 6, "{times:?}");
}

#[tokio::test]
async fn a_slice_lists_the_stops_from_boarding_to_alighting() {
    let shop = Shop::open().await;
    let offer = shop.website().offer(4, "zhytomyr", "krakow", 2).await.unwrap();
    assert_eq!(offer["departureDate"], "2027-02-08T12:00:00.000Z");
    assert_eq!(offer["arrivalDate"], "2027-02-09T00:00:00.000Z");
    assert_eq!(offer["expiresAt"], "2027-02-01T08:20:00.000Z");
    assert_eq!(offer["source"], "PrexSell");
    let slice = &offer["slices"][0];
    assert_eq!(slice["seat"], Value::Null);
    assert_eq!(slice["duration"], 13 * 60);
    assert_eq!(slice["departureAt"], "2027-02-08T12:00:00+02:00");
    assert_eq!(slice["arrivalAt"], "2027-02-09T00:00:00+01:00");
    let stops = slice["stops"].as_array().unwrap();
    let stop = |stop: &Value| {
        let text = |value: &Value| value.as_str().unwrap_or("-").to_owned();
        let names = [&stop["city"]["slug"], &stop["arrivalTime"], &stop["departureTime"]];
        names.map(text).join(" ")
    };
    assert_eq!(
        stops.iter().map(stop).collect::<Vec<_>>(),
        [
            "zhytomyr - 12:00",
            "rivne 15:00 15:00",
            "lviv 18:00 18:00",
            "przemysl 20:00 20:00",
            "krakow 00:00 -",
        ],
        "each on its own clock"
    );
}

#[tokio::test]
async fn a_departure_vanishes_when_it_leaves_or_when_its_company_closes_sales() {
    let shop = Shop::open().await;
    let partner = shop.website();
    shop.travel(kyiv(DAY, "07:59"));
    assert!(partner.offer(2, "kyiv", "lviv", 1).await.is_some());
    let token = partner.token(2, "kyiv", "lviv", 1).await;
    shop.wait(1);
    assert!(partner.offer(2, "kyiv", "lviv", 1).await.is_none());
    assert!(
        partner.offer(2, "zhytomyr", "lviv", 1).await.is_some(),
        "further on it is yet to come"
    );
    let late = partner.create(&token, 1).await;
    late.refused(409, "DEPARTURE_CLOSED");
    shop.sql(
        "update companies set sales_cutoff_minutes = 60 where slug = 'trial-lines';
         update publication set version = version + 1",
    )
    .await;
    assert!(
        partner.offer(3, "kyiv", "lviv", 1).await.is_none(),
        "09:00 closes at 08:00"
    );
    assert!(partner.offer(4, "kyiv", "lviv", 1).await.is_some());
}

#[tokio::test]
async fn seats_left_counts_only_what_overlaps() {
    let shop = Shop::open().await;
    let partner = shop.website();
    partner.sell(2, "kyiv", "rivne", 1).await;
    assert_eq!(partner.left(2, "kyiv", "zhytomyr").await, 1);
    assert_eq!(partner.left(2, "zhytomyr", "lviv").await, 1);
    assert_eq!(
        partner.left(2, "rivne", "lviv").await,
        2,
        "the seat is free from Rivne on"
    );
    partner.sell(2, "zhytomyr", "rivne", 1).await;
    assert_eq!(partner.left(2, "zhytomyr", "rivne").await, 0);
    assert!(partner.offer(2, "kyiv", "lviv", 1).await.is_none());
    assert_eq!(partner.left(2, "kyiv", "zhytomyr").await, 1);
    assert!(partner.offer(2, "rivne", "lviv", 2).await.is_some());
    assert!(
        partner.offer(2, "kyiv", "zhytomyr", 2).await.is_none(),
        "only departures that seat all"
    );
    let listed = schedule(&shop.visitor(), "").await;
    let departures = listed.body["data"]["departures"].as_array().unwrap();
    assert!(
        departures
            .iter()
            .all(|d| d["departureDateTime"] != "2027-02-08T08:00:00+02:00"),
        "nor is it in the schedule"
    );
}

#[tokio::test]
async fn the_schedule_is_open_and_its_ids_are_tokens_for_a_key_only() {
    let shop = Shop::open().await;
    let open = schedule(&shop.visitor(), "&take=2&skip=1&currency=EUR").await;
    open.status(200);
    let data = &open.body["data"];
    assert_eq!(
        (&data["source"], &data["currency"], &data["passengers"]),
        (&json!("PrexSell"), &json!("EUR"), &json!(1))
    );
    assert_eq!(data["departures"].as_array().unwrap().len(), 2);
    assert!(data["total"].as_u64().unwrap() >= 6);
    let first = &data["departures"][0];
    assert_eq!(first["departureDateTime"], "2027-02-08T09:00:00+02:00");
    assert_eq!(first["arrivalDateTime"], "2027-02-08T17:00:00+02:00");
    assert_eq!(first["travelTimeMinutes"], 480);
    assert_eq!(first["price"], json!({ "amount": 7.77, "currency": "EUR" }));
    assert_eq!(first["company"]["slug"], "trial-lines");
    let plain = first["id"].as_str().unwrap();
    let partner = shop.website();
    let seen = partner.create(plain, 1).await;
    assert_eq!(seen.fields(), ["offerId offer"], "an id without a key buys nothing");
    let keyed = schedule(&partner, "&passengers=2").await;
    let token = keyed.body["data"]["departures"][0]["id"].as_str().unwrap().to_owned();
    partner.create(&token, 2).await.status(201);
}

#[tokio::test]
async fn what_cannot_be_searched_is_refused() {
    let shop = Shop::open().await;
    let partner = shop.website();
    let search = async |query: &str| partner.get(&format!("/v2/offers?{query}")).await;
    let unknown = search("departureCity=atlantis&arrivalCity=lviv&departureDate=2027-02-08&passengers=1").await;
    unknown.refused(404, "CITY_NOT_FOUND");
    let unknown = search("departureCity=kyiv&arrivalCity=cty_1&departureDate=2027-02-08&passengers=1").await;
    unknown.refused(404, "CITY_NOT_FOUND");
    let by_id = partner.get("/v2/cities/kyiv").await.body["data"]["city"]["id"]
        .as_str()
        .unwrap()
        .to_owned();
    assert!(
        !partner.offers(&by_id, "lviv", DAY, "").await.is_empty(),
        "a city goes by its id too"
    );
    assert_eq!(partner.offers("kyiv", "lviv", "2028-01-02", "").await, [] as [Value; 0]);
    assert_eq!(
        partner.offers("kyiv", "lviv", "2027-01-31", "").await,
        [] as [Value; 0],
        "yesterday"
    );
    for (passengers, refusal) in [("0", "min"), ("11", "max"), ("x", "integer"), ("", "integer")] {
        let query = format!("departureCity=kyiv&arrivalCity=lviv&departureDate={DAY}&passengers={passengers}");
        assert_eq!(search(&query).await.fields(), [format!("passengers {refusal}")]);
    }
    assert_eq!(
        search("currency=GBP&language=XX").await.fields(),
        [
            "departureCity required",
            "arrivalCity required",
            "departureDate required",
            "passengers required",
            "currency enum",
            "language enum"
        ]
    );
    assert_eq!(
        partner
            .offers("kyiv", "lviv", DAY, "&passengers=10")
            .await
            .iter()
            .filter(|o| is_of_company(o, 5))
            .count(),
        0
    );
    let nobody = shop
        .visitor()
        .get(&format!(
            "/v2/offers?departureCity=kyiv&arrivalCity=lviv&departureDate={DAY}&passengers=1"
        ))
        .await;
    nobody.refused(401, "UNAUTHORIZED");
    let slug_only = shop
        .visitor()
        .get(&format!(
            "/v2/offers/schedule?departureCitySlug={by_id}&arrivalCitySlug=lviv&date={DAY}"
        ))
        .await;
    slug_only.status(404);
}
