use serde_json::{Value, json};

use crate::harness::answer::Seen;
use crate::http::support::TestApp;

fn names(seen: &Seen, list: &str) -> Vec<String> {
    seen.status(200);
    let items = seen.body["data"][list].as_array().unwrap();
    items
        .iter()
        .map(|item| item["name"].as_str().unwrap().to_owned())
        .collect()
}

#[tokio::test]
async fn a_city_is_shown_in_full() {
    let app = TestApp::new().await;
    let seen = app.get("/v2/cities/kyiv?language=PL").await;
    assert_eq!(
        seen.body,
        json!({ "data": { "city": {
            "id": "cty_00000000000070008000000000000001",
            "name": "Kijów",
            "slug": "kyiv",
            "country": "UA",
            "timeZone": "Europe/Kyiv",
        }}})
    );
    assert_eq!(seen.header("content-type"), "application/json");
}

#[tokio::test]
async fn cities_on_sale_come_by_name_and_are_found_by_any_name() {
    let app = TestApp::new().await;
    let listed = async |query: &str| names(&app.get(&format!("/v2/cities{query}")).await, "cities");
    assert_eq!(listed("").await, ["Київ", "Лодзь", "Львів"]);
    assert_eq!(listed("?language=EN").await, ["Київ", "Лодзь", "Львів"]);
    assert_eq!(listed("?search=KIJOW").await, ["Київ"]);
    assert_eq!(listed("?search=%D0%9B%D0%9E%D0%94").await, ["Лодзь"]);
    assert_eq!(listed("?search=l%C3%B3d&language=PL").await, ["Лодзь"]);
    assert_eq!(listed("?country=PL").await, ["Лодзь"]);
    assert_eq!(listed("?search=odesa").await, [""; 0]);
    assert_eq!(listed("?take=1&skip=1").await, ["Лодзь"]);
    assert_eq!(listed("?skip=").await.len(), 3);
    assert_eq!(app.get("/v2/cities?take=1").await.body["data"]["total"], 3);
}

#[tokio::test]
async fn parameters_that_an_operation_does_not_know_are_ignored() {
    let app = TestApp::new().await;
    for query in ["?utm_source=x", "?Take=1", "?=&&%00=%ff", "?language[]=XX"] {
        assert_eq!(
            app.get(&format!("/v2/cities{query}")).await.body["data"]["total"],
            3,
            "{query}"
        );
    }
}

#[tokio::test]
async fn stops_are_shown_in_full_with_their_city() {
    let app = TestApp::new().await;
    let seen = app.get("/v2/stops/stp_00000000000070008000000000000012").await;
    let stop = &seen.body["data"]["stop"];
    assert_eq!(
        (&stop["name"], &stop["city"]["name"]),
        (&json!("Kyiv Airport"), &json!("Київ"))
    );
    assert_eq!((&stop["address"], &stop["platform"]), (&Value::Null, &Value::Null));
    assert_eq!((&stop["latitude"], &stop["longitude"]), (&json!(50.34), &json!(30.89)));
}

#[tokio::test]
async fn stops_are_listed_by_city_and_country() {
    let app = TestApp::new().await;
    let listed = async |path: &str| names(&app.get(path).await, "stops");
    assert_eq!(listed("/v2/cities/kyiv/stops").await, ["Kyiv Airport", "Kyiv Central"]);
    assert_eq!(
        listed("/v2/stops").await,
        ["Fabryczna", "Kyiv Airport", "Kyiv Central", "Stryiska"]
    );
    assert_eq!(
        listed("/v2/stops?cityId=cty_00000000000070008000000000000002").await,
        ["Stryiska"]
    );
    assert_eq!(listed("/v2/stops?cityId=garbage").await, [""; 0]);
    assert_eq!(listed("/v2/stops?country=PL&take=100").await, ["Fabryczna"]);
}

#[tokio::test]
async fn unknown_withdrawn_and_misshapen_names_are_not_found() {
    let app = TestApp::new().await;
    for (path, code) in [
        ("/v2/cities/atlantis", "CITY_NOT_FOUND"),
        ("/v2/cities/odesa", "CITY_NOT_FOUND"),
        ("/v2/cities/odesa/stops", "CITY_NOT_FOUND"),
        ("/v2/cities/%00", "CITY_NOT_FOUND"),
        ("/v2/cities/%FF", "NOT_FOUND"),
        ("/v2/stops/stp_00000000000070008000000000000015", "STOP_NOT_FOUND"),
        ("/v2/stops/cty_00000000000070008000000000000001", "STOP_NOT_FOUND"),
        ("/v2/stops/5", "STOP_NOT_FOUND"),
        ("/v2/stops/%00", "STOP_NOT_FOUND"),
    ] {
        let seen = app.get(path).await;
        assert_eq!((seen.status, seen.code()), (404, code), "{path}");
    }
}

#[tokio::test]
async fn every_wrong_parameter_is_named_at_once() {
    let app = TestApp::new().await;
    let seen = app
        .get("/v2/cities?search=k&country=XX&language=uk&take=101&skip=-1")
        .await;
    assert_eq!(
        seen.fields(),
        [
            "search minLength",
            "country enum",
            "language enum",
            "take max",
            "skip min"
        ]
    );
    let seen = app
        .get("/v2/cities?search=a%00b&take=1&take=2&skip=99999999999999999999")
        .await;
    assert_eq!(seen.fields(), ["search text", "take single", "skip max"]);
    assert_eq!(app.get("/v2/cities?search=%FF%FE").await.fields(), ["search encoding"]);
}
