//! API keys that partners create and revoke themselves.

use app::api_key::MAX_LIVE;
use domain::access::Workplace;
use domain::role::Role;
use serde_json::{Value, json};
use tokio::task::JoinSet;

use crate::backoffice::counter::Counter;
use crate::backoffice::support::Office;
use crate::harness::answer::Seen;
use crate::harness::browser::Browser;

const KEYS: &str = "/v2/partner/api-keys";

async fn create(admin: &Browser, name: &str) -> Seen {
    admin.post(KEYS, &json!({ "name": name })).await
}

async fn list(admin: &Browser, query: &str) -> Value {
    let seen = admin.get(&format!("{KEYS}?{query}")).await;
    seen.status(200);
    seen.body["data"].clone()
}

#[tokio::test]
async fn a_key_works_at_once_and_stops_at_once() {
    let counter = Counter::open().await;
    let admin = counter.office.at_website(Role::Admin).await;
    let seen = create(&admin, "Web shop").await;
    assert_eq!((seen.status, seen.header("cache-control")), (201, "no-store"));
    let (key, api_key) = (&seen.body["data"]["key"], &seen.body["data"]["apiKey"]);
    let (key, id) = (key.as_str().unwrap(), api_key["id"].as_str().unwrap());
    assert!(key.starts_with("pxs_local_") && key.len() == 74);
    let expected = json!({
        "id": id, "name": "Web shop", "hint": &key[..14], "environment": "local",
        "createdAt": "2027-02-01T08:00:00.000Z", "lastUsedAt": null, "revokedAt": null,
    });
    assert_eq!(*api_key, expected);
    assert!(id.starts_with("key_") && !list(&admin, "").await.to_string().contains(key));

    let program = counter.program(key);
    program.get("/v2/bookings").await.status(200);
    // Uses are written in the background.
    let platform = &counter.office.state.platform;
    platform.cache.uses().flush(&platform.pool).await.unwrap();
    counter.wait(5);
    assert_eq!(
        list(&admin, "").await["apiKeys"][0]["lastUsedAt"],
        "2027-02-01T08:00:00.000Z"
    );
    let path = format!("{KEYS}/{id}");
    let seen = admin.delete(&path).await;
    assert_eq!((seen.status, &seen.body), (204, &Value::Null));
    assert_eq!(program.get("/v2/bookings").await.code(), "UNAUTHORIZED");
    counter.wait(5);
    assert_eq!(admin.delete(&path).await.status, 204, "again");
    assert_eq!(
        list(&admin, "").await["apiKeys"][0]["revokedAt"],
        "2027-02-01T08:05:00.000Z"
    );
}

#[tokio::test]
async fn keys_of_the_own_partner_only_are_listed_newest_first() {
    let office = Office::open().await;
    let admin = office.at_website(Role::Admin).await;
    let other = office.signed_in(Workplace::Partner(office.reseller), Role::Admin).await;
    for name in ["one", "two", "three"] {
        create(&admin, name).await.status(201);
    }
    let theirs = create(&other, "theirs").await.body["data"]["apiKey"]["id"].clone();
    let names = |data: &Value| -> Vec<String> {
        let keys = data["apiKeys"].as_array().unwrap();
        keys.iter()
            .map(|key| key["name"].as_str().unwrap().to_owned())
            .collect()
    };
    let all = list(&admin, "").await;
    assert_eq!(
        (names(&all), &all["total"]),
        (vec!["three".into(), "two".into(), "one".into()], &3.into())
    );
    let page = list(&admin, "take=1&skip=1").await;
    assert_eq!((names(&page), &page["total"]), (vec!["two".to_owned()], &3.into()));
    assert_eq!(admin.get(&format!("{KEYS}?take=0")).await.fields(), ["take min"]);
    let seen = admin.delete(&format!("{KEYS}/{}", theirs.as_str().unwrap())).await;
    let unknown = admin
        .delete(&format!("{KEYS}/key_01980c6a5f0e7d8c9b3a2f1e0d4c5b6a"))
        .await;
    assert_eq!(
        (seen.status, seen.code(), &seen.body),
        (404, "NOT_FOUND", &unknown.body)
    );
    assert_eq!(list(&other, "").await["apiKeys"][0]["revokedAt"], Value::Null);
}

#[tokio::test]
async fn invalid_names_of_keys_are_refused() {
    let office = Office::open().await;
    let admin = office.at_website(Role::Admin).await;
    for (body, wrong) in [
        (json!({}), "name required"),
        (json!({ "name": "" }), "name minLength"),
        (json!({ "name": "  " }), "name required"),
        (json!({ "name": "a".repeat(101) }), "name maxLength"),
        (json!({ "name": "a\u{0}" }), "name text"),
        (
            json!({ "name": "a", "environment": "production" }),
            "environment unknown",
        ),
    ] {
        assert_eq!(admin.post(KEYS, &body).await.fields(), [wrong], "{body}");
    }
    assert_eq!(list(&admin, "").await["total"], 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn concurrent_requests_create_at_most_ten_keys() {
    let office = Office::open().await;
    let admin = office.at_website(Role::Admin).await;
    let mut tasks = JoinSet::new();
    for number in 0..24 {
        let admin = admin.clone();
        tasks.spawn(async move { create(&admin, &format!("key {number}")).await });
    }
    let answers = tasks.join_all().await;
    let created: Vec<&Seen> = answers.iter().filter(|seen| seen.status == 201).collect();
    assert_eq!(i64::try_from(created.len()).unwrap(), MAX_LIVE);
    for seen in answers.iter().filter(|seen| seen.status != 201) {
        assert_eq!(seen.fields(), ["apiKeys max"]);
        assert!(
            seen.body["errors"][0]["message"]
                .as_str()
                .unwrap()
                .contains("revoke one first")
        );
    }
    let id = created[0].body["data"]["apiKey"]["id"].as_str().unwrap();
    admin.delete(&format!("{KEYS}/{id}")).await.status(204);
    create(&admin, "another").await.status(201);
    create(&admin, "one too many").await.status(400);
}
