//! Request and response bodies, as the document describes them.

use poem::http::Method;
use serde_json::Value;

use crate::harness::document::DOCUMENT;
use crate::http::document::{every, operations};
use crate::http::support::TestApp;

#[test]
fn members_of_request_bodies_have_no_defaults() {
    let document = &*DOCUMENT;
    let schemas = document["components"]["schemas"].as_object().unwrap();
    for (name, schema) in schemas {
        let members = schema["properties"].as_object().into_iter().flatten();
        for (member, rules) in members {
            assert!(rules.get("default").is_none(), "{name}.{member}");
        }
    }
}

/// What an operation declares about the JSON of its requests and successes.
fn bodies(operation: &Value) -> Vec<&Value> {
    let responses = operation["responses"].as_object().unwrap().iter();
    let successes = responses
        .filter(|(status, _)| status.starts_with('2') && *status != "204")
        .map(|(_, success)| success);
    let messages = successes.chain(operation.get("requestBody"));
    // 204 has no content.
    messages
        .filter_map(|message| message.pointer("/content/application~1json"))
        .collect()
}

#[test]
fn every_body_has_an_example() {
    let document = &*DOCUMENT;
    for (name, operation) in operations(document) {
        for body in bodies(&operation) {
            let example = &body["example"];
            let is_bare = operation["deprecated"] == true && example.is_array();
            assert!(
                example.is_object() || is_bare,
                "{name}: a part of {body} has no example"
            );
        }
    }
}

#[test]
fn objects_of_requests_are_closed() {
    let document = &*DOCUMENT;
    for (name, operation) in operations(document) {
        let mut open = vec![operation["requestBody"].clone()];
        while let Some(value) = open.pop() {
            every(&value, &mut |keyword, value| match keyword {
                "$ref" => open.push(document.pointer(&value.as_str().unwrap()[1..]).unwrap().clone()),
                "schema" | "items" if value["type"] == "object" => {
                    assert_eq!(value["additionalProperties"], false, "{name}: {value}");
                }
                _ => {}
            });
            if value["type"] == "object" {
                assert_eq!(value["additionalProperties"], false, "{name}: {value}");
            }
        }
    }
}

#[tokio::test]
async fn every_body_of_a_partner_is_judged_by_its_schema() {
    let app = TestApp::new().await;
    let key = app.key("local").await;
    let headers = [("x-api-key", &*key), ("content-type", "application/json")];
    let document = &*DOCUMENT;
    let mut judged = 0;
    for (name, operation) in operations(document) {
        // Operations that require a session are tested with signed-in users: tests/it/backoffice/authorisation.rs.
        let takes_key = operation["security"][0].get("apiKey").is_some();
        if operation.get("requestBody").is_none() || !takes_key {
            continue;
        }
        let (method, path) = name.split_once(' ').unwrap();
        let method = Method::from_bytes(method.to_uppercase().as_bytes()).unwrap();
        let path = path.replace("{id}", "bkg_01980c6a5f0e7d8c9b3a2f1e0d4c5b6a");
        let send = async |body: String| app.send(method.clone(), &path, &headers, body.into()).await;
        let seen = send(r#"{"nonsense": 1}"#.to_owned()).await;
        assert!(seen.fields().contains(&"nonsense unknown".to_owned()), "{name}");
        let example = &operation["requestBody"]["content"]["application/json"]["example"];
        let seen = send(example.to_string()).await;
        assert!(
            seen.status == 404 || seen.fields()[0].ends_with("offerId offer"),
            "{name}: {}",
            seen.body
        );
        judged += 1;
    }
    assert_eq!(judged, 6);
}
