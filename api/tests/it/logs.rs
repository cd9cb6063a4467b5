//! The log of an API process: the id of something that a request changed finds the line of that request.

use std::process::Stdio;

use domain::id::{FeedId, RouteId};
use domain::money::Currency;
use reqwest::RequestBuilder;
use rust_decimal::dec;
use serde_json::{Value, json};
use testing::eventually::eventually;
use testing::port;
use testing::world::World;
use tokio::io::AsyncReadExt as _;

use crate::harness::client::fresh_client;
use crate::harness::process::{LIMIT, Process, command, signal};
use crate::replicas::support::Stand;

async fn answer(request: RequestBuilder) -> Value {
    let answer = request.send().await.unwrap();
    assert!(answer.status().is_success(), "{}", answer.text().await.unwrap());
    answer.json().await.unwrap()
}

#[tokio::test]
async fn the_id_of_an_order_finds_the_requests_that_changed_it() {
    let stand = Stand::new().await;
    let (route, feed): (sqlx::types::Uuid, sqlx::types::Uuid) = sqlx::query_as("select id, feed_id from routes")
        .fetch_one(&stand.db.pool)
        .await
        .unwrap();
    let mut conn = stand.db.pool.acquire().await.unwrap();
    let mut world = World::new(&mut conn, kernel::clock::Clock::system().now()).await;
    world.feed_id = FeedId(feed);
    let (from, to) = ("Kyiv Central", "Warszawa Zachodnia");
    world.fare(RouteId(route), from, to, dec!(900), Currency::Uah).await;
    drop(conn);

    let listen = port::free().to_string();
    let child = command(&stand.db.url)
        .env("LISTEN", &listen)
        .env("LOG", "info")
        .env("SHUTDOWN_DELAY_SECONDS", "0")
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut api = Process {
        child,
        base: format!("http://{listen}"),
    };
    eventually("the API is ready", LIMIT, async || {
        (api.ready().await == Some(200)).then_some(())
    })
    .await;
    let with_key =
        |request: RequestBuilder, id: &str| request.header("x-api-key", &stand.key).header("x-request-id", id);
    let path = format!(
        "/v2/offers?departureCity=kyiv&arrivalCity=warsaw&departureDate={}&passengers=2",
        stand.sold.service_day
    );
    let get = |path: &str| fresh_client().get(format!("{}{path}", api.base));
    let post = |path: &str| fresh_client().post(format!("{}{path}", api.base));
    let found = answer(with_key(get(&path), "a-search")).await;
    let passenger = |name: &str| {
        json!({ "firstName": name, "lastName": "Koval", "email": "olena@example.com",
                "phones": [{ "phone": "+380671234567" }] })
    };
    let body = json!({
        "offerId": found["data"]["offers"][0]["id"], "currency": "UAH",
        "passengers": [passenger("Olena"), passenger("Taras")],
    });
    let sold = answer(with_key(post("/v2/bookings").json(&body), "a-sale")).await;
    let booking = &sold["data"]["booking"];
    let id = booking["id"].as_str().unwrap();
    let orders = [0, 1].map(|ticket| booking["tickets"][ticket]["id"].as_str().unwrap());
    let one = json!({ "orderIds": [orders[0]] });
    answer(with_key(
        post(&format!("/v2/bookings/{id}/pay")).json(&one),
        "a-payment",
    ))
    .await;
    answer(with_key(get(&format!("/v2/bookings/{id}")), "a-look")).await;

    signal(&api.child, "-TERM").await;
    let mut log = String::new();
    let mut out = api.child.stdout.take().unwrap();
    out.read_to_string(&mut log).await.unwrap();
    let requests_with = |id: &str| -> Vec<String> {
        let lines = log.lines().filter(|line| line.contains(id));
        let lines = lines.map(|line| serde_json::from_str::<Value>(line).unwrap());
        lines
            .map(|line| line["request_id"].as_str().unwrap_or("-").to_owned())
            .collect()
    };
    assert_eq!(requests_with(orders[0]), ["a-sale", "a-payment"], "{log}");
    assert_eq!(requests_with(orders[1]), ["a-sale"], "{log}");
    assert_eq!(requests_with(id), ["a-sale", "a-payment", "a-look"], "{log}");
    let sale = log.lines().find(|line| line.contains("a-sale")).unwrap();
    let sale: Value = serde_json::from_str(sale).unwrap();
    assert_eq!(sale["span"]["booking"], id);
    assert_eq!(sale["span"]["orders"], orders.join(" "));
    assert!(
        !log.contains("olena@") && !log.contains("380671234567"),
        "no personal data"
    );
}
