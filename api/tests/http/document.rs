use serde_json::Value;

use crate::support::TestApp;

/// Path, method and operation of the whole document.
fn operations(document: &Value) -> Vec<(String, Value)> {
    let paths = document["paths"].as_object().unwrap();
    paths
        .iter()
        .flat_map(|(path, methods)| {
            let methods = methods.as_object().unwrap().iter();
            methods.map(move |(method, operation)| (format!("{method} {path}"), operation.clone()))
        })
        .collect()
}

fn every<'a>(value: &'a Value, visit: &mut impl FnMut(&'a str, &'a Value)) {
    match value {
        Value::Object(members) => {
            for (name, member) in members {
                visit(name, member);
                every(member, visit);
            }
        }
        Value::Array(items) => items.iter().for_each(|item| every(item, visit)),
        _ => {}
    }
}

#[test]
fn the_checked_in_document_is_the_generated_one() {
    let generated = api::openapi::print(&api::openapi::document("/").unwrap());
    let checked_in = include_str!("../../../docs/openapi.json");
    assert!(
        generated == checked_in,
        "run: cargo run --bin openapi > docs/openapi.json"
    );
}

#[test]
fn every_operation_says_what_it_does_and_all_it_can_answer() {
    let document = api::openapi::document("/").unwrap();
    let operations = operations(&document);
    assert!(operations.len() >= 5);
    for (name, operation) in operations {
        for needed in ["summary", "operationId", "tags", "security"] {
            assert!(operation.get(needed).is_some(), "{name} has no {needed}");
        }
        let responses = operation["responses"].as_object().unwrap();
        let has = |status: &str| responses.contains_key(status);
        assert!(has("200") || has("201"), "{name}");
        assert!(has("401") && has("500") && has("503"), "{name}");
        let parameters = operation["parameters"].as_array().cloned().unwrap_or_default();
        assert!(has("404") || !parameters.iter().any(|p| p["in"] == "path"), "{name}");
        let body = operation.get("requestBody").is_some();
        assert_eq!((has("413"), has("415")), (body, body), "{name}");
        if body || parameters.iter().any(|p| p["in"] == "query") {
            assert!(has("400"), "{name}");
        }
        for parameter in parameters {
            assert!(parameter["description"].is_string(), "{name} {}", parameter["name"]);
        }
    }
}

#[test]
fn references_resolve_and_nothing_unfinished_is_left() {
    let document = api::openapi::document("/").unwrap();
    every(&document, &mut |name, value| {
        if name == "$ref" {
            let pointer = value.as_str().unwrap().strip_prefix('#').unwrap();
            assert!(document.pointer(pointer).is_some(), "{pointer}");
        }
        assert!(!matches!(name, "$defs" | "application/json; charset=utf-8"), "{name}");
        assert!(name != "type" || !value.is_array(), "OpenAPI 3.0 has no lists of types");
    });
}

#[test]
fn nullable_fields_say_so_and_are_always_there() {
    let document = api::openapi::document("/").unwrap();
    let stop = &document["components"]["schemas"]["Stop"];
    assert_eq!(stop["properties"]["address"]["nullable"], true);
    assert!(stop["required"].as_array().unwrap().contains(&"address".into()));
    assert!(stop["properties"]["name"].get("nullable").is_none());
}

#[tokio::test]
async fn the_document_and_its_page_are_served() {
    let app = TestApp::with(&[("public_url", "https://api.example.com".into())]).await;
    let seen = app.get("/openapi.json").await;
    assert_eq!(
        (seen.status, &seen.body["servers"][0]["url"]),
        (200, &"https://api.example.com".into())
    );
    let page = app.get("/docs").await;
    assert_eq!(
        (page.status, page.header("content-type")),
        (200, "text/html; charset=utf-8")
    );
    assert!(page.header("content-security-policy").contains("default-src 'none'"));
}
