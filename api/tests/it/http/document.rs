use serde_json::{Value, json};

use crate::harness::document::DOCUMENT;
use crate::http::support::TestApp;

/// Path, method and operation of the whole document.
pub fn operations(document: &Value) -> Vec<(String, Value)> {
    let paths = document["paths"].as_object().unwrap();
    paths
        .iter()
        .flat_map(|(path, methods)| {
            let methods = methods.as_object().unwrap().iter();
            methods.map(move |(method, operation)| (format!("{method} {path}"), operation.clone()))
        })
        .collect()
}

pub fn every<'a>(value: &'a Value, visit: &mut impl FnMut(&'a str, &'a Value)) {
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
    let generated = api::openapi::print(&api::openapi::document(api::openapi::PUBLISHED).unwrap());
    let checked_in = include_str!("../../../../docs/openapi.json");
    assert!(
        generated == checked_in,
        "run: cargo run --bin openapi > docs/openapi.json"
    );
}

#[test]
fn the_operation_of_the_platform_is_in_a_document_of_its_own() {
    let ops = api::openapi::ops_document(api::openapi::PUBLISHED).unwrap();
    assert!(
        api::openapi::print(&ops) == include_str!("../../../../docs/openapi-ops.json"),
        "run: cargo run --bin openapi ops > docs/openapi-ops.json"
    );
    let is_ops = |name: &str| name.contains(" /v2/ops/");
    assert!(operations(&ops).iter().all(|(name, _)| is_ops(name)));
    let public = api::openapi::document(api::openapi::PUBLISHED).unwrap();
    assert!(!operations(&public).iter().any(|(name, _)| is_ops(name)));
    assert!(!public.to_string().contains("/v2/ops"));
}

#[test]
fn every_operation_says_what_it_does_and_all_it_can_answer() {
    let document = &*DOCUMENT;
    let operations = operations(document);
    assert!(operations.len() >= 5);
    for (name, operation) in operations {
        for needed in ["summary", "operationId", "tags", "security"] {
            assert!(operation.get(needed).is_some(), "{name} has no {needed}");
        }
        let responses = operation["responses"].as_object().unwrap();
        let has = |status: &str| responses.contains_key(status);
        assert!(["200", "201", "202", "204"].into_iter().any(has), "{name}");
        assert!(has("500") && has("503"), "{name}");
        let is_open = operation["security"] == json!([{}]);
        let is_old = operation["deprecated"] == true;
        assert_eq!(is_old, name.contains(" /rest/"), "{name}");
        assert!(has("401") || is_open || is_old && has("403") && has("410"), "{name}");
        let parameters = operation["parameters"].as_array().cloned().unwrap_or_default();
        assert!(has("404") || !parameters.iter().any(|p| p["in"] == "path"), "{name}");
        // Any request can be too large, too slow or compressed.
        assert!(has("400") && has("413") && has("415"), "{name}");
        for parameter in parameters {
            let reference = parameter["$ref"].as_str().and_then(|to| to.strip_prefix('#'));
            let parameter = reference.map_or(&parameter, |to| document.pointer(to).unwrap());
            assert!(parameter["description"].is_string(), "{name} {}", parameter["name"]);
        }
    }
}

#[test]
fn no_response_explains_a_code_twice() {
    let document = &*DOCUMENT;
    let mut explained = 0;
    for (name, operation) in operations(document) {
        for (status, response) in operation["responses"].as_object().unwrap() {
            let reference = response["$ref"].as_str().and_then(|to| to.strip_prefix('#'));
            let response = reference.map_or(response, |to| document.pointer(to).unwrap());
            let text = response["description"].as_str().unwrap();
            for code in text.split('`').skip(1).step_by(2) {
                let times = text.matches(&format!("`{code}`: ")).count();
                assert!(times < 2, "{name} {status} explains {code} twice: {text}");
                explained += times;
            }
        }
    }
    assert!(explained > 400, "{explained}");
}

#[test]
fn every_post_takes_an_idempotency_key_and_says_what_it_does() {
    let document = &*DOCUMENT;
    let mut seen = 0;
    for (name, operation) in operations(document) {
        let is_post = name.starts_with("post /v2/");
        let parameters = operation["parameters"].as_array().cloned().unwrap_or_default();
        let keys: Vec<&Value> = parameters
            .iter()
            .filter_map(|parameter| document.pointer(parameter["$ref"].as_str()?.strip_prefix('#')?))
            .filter(|parameter| parameter["name"] == "Idempotency-Key" && parameter["in"] == "header")
            .collect();
        assert_eq!(keys.len(), usize::from(is_post), "{name}");
        if is_post {
            let responses = &operation["responses"];
            let is_kept = !name.starts_with("post /v2/auth/");
            assert!(responses.get("400").is_some(), "{name}");
            assert_eq!(responses.get("422").is_some(), is_kept, "{name}");
            assert!(responses.get("409").is_some() || !is_kept, "{name}");
            let done = ["200", "201", "202", "204"]
                .iter()
                .find_map(|status| responses.get(*status));
            let replayed = done.unwrap()["headers"].get("Idempotent-Replayed");
            assert_eq!(replayed.is_some(), is_kept, "{name}");
            seen += 1;
        }
    }
    assert!(seen >= 18);
}

#[test]
fn every_operation_on_a_booking_declares_where_it_may_have_moved() {
    let document = &*DOCUMENT;
    let mut seen = 0;
    for (name, operation) in operations(document) {
        let of_booking =
            name.contains(" /v2/bookings/{id}") && !name.ends_with(".pdf") && !name.ends_with("/deliveries");
        let headers = &operation["responses"]["200"]["headers"];
        assert_eq!(headers.get("Content-Location").is_some(), of_booking, "{name}");
        seen += usize::from(of_booking);
    }
    assert_eq!(seen, 5);
}

#[test]
fn the_old_api_comes_last_and_says_what_to_use_instead() {
    let document = &*DOCUMENT;
    let chapters = document["tags"].as_array().unwrap();
    assert_eq!(chapters.last().unwrap()["name"], "Legacy");
    let all = operations(document);
    let old = all.iter().filter(|(_, operation)| operation["deprecated"] == true);
    let mut seen = 0;
    for (name, operation) in old {
        assert_eq!(operation["tags"][0], "Legacy", "{name}");
        let description = operation["description"].as_str().unwrap();
        assert!(
            description.starts_with("Use `") && description.contains(" /v2/"),
            "{name}"
        );
        let responses = operation["responses"].as_object().unwrap();
        for header in ["Deprecation", "Sunset", "Link"] {
            assert!(responses["200"]["headers"].get(header).is_some(), "{name} {header}");
            assert!(responses["410"]["headers"].get(header).is_some(), "{name} {header}");
        }
        seen += 1;
    }
    assert_eq!(seen, 6);
}

#[test]
fn links_name_existing_operations_and_existing_values() {
    let document = &*DOCUMENT;
    let operations = operations(document);
    let named = |id: &Value| operations.iter().find(|(_, operation)| operation["operationId"] == *id);
    let mut links = 0;
    for (name, operation) in &operations {
        let responses = operation["responses"].as_object().unwrap().values();
        for success in responses.filter(|response| response.get("links").is_some()) {
            let example = &success["content"]["application/json"]["example"];
            every(&success["links"], &mut |_, value| {
                if let Some(pointer) = value.as_str().and_then(|text| text.strip_prefix("$response.body#")) {
                    assert!(example.pointer(pointer).is_some(), "{name}: {pointer}");
                    links += 1;
                }
            });
            for (_, link) in success["links"].as_object().unwrap() {
                let (_, target) = named(&link["operationId"]).expect("the operation of a link");
                let mut parameters = target["parameters"].as_array().into_iter().flatten();
                for parameter in link["parameters"]
                    .as_object()
                    .into_iter()
                    .flatten()
                    .map(|(name, _)| name)
                {
                    assert!(
                        parameters.any(|known| known["name"] == *parameter),
                        "{name}: {parameter}"
                    );
                }
            }
        }
    }
    assert!(links > 10);
}

#[test]
fn references_resolve_and_nothing_unfinished_is_left() {
    let document = &*DOCUMENT;
    every(document, &mut |name, value| {
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
    let document = &*DOCUMENT;
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
