//! Malformed bodies, and bodies that break a rule of the document at every place of every body.

use serde_json::{Value, json};

use crate::harness::operation::Operation;
use crate::operations::answer::Call;
use crate::operations::broken::{Wrong, broken, located};
use crate::operations::judge::refused;
use crate::operations::stage::Stage;

const INVALID: (u16, &str) = (400, "VALIDATION_ERROR");
const NOT_JSON: (u16, &str) = (415, "UNSUPPORTED_MEDIA_TYPE");

/// Operations that take a JSON body, with its schema and example, and whether it is required.
fn with_body() -> Vec<(Operation, &'static Value, Value, bool)> {
    let mut found = Vec::new();
    for operation in Operation::all() {
        let request = &operation.declared()["requestBody"];
        // Bodies that are not JSON have no rules here: `operation::takes_archive`.
        if request.is_object() && !operation.takes_archive {
            let schema = &request["content"]["application/json"]["schema"];
            let example = operation.body.clone().expect("an example");
            found.push((operation, schema, example, request["required"] == true));
        }
    }
    assert!(found.len() >= 18);
    found
}

#[tokio::test]
async fn what_is_no_json_is_refused_by_every_operation() {
    let stage = Stage::open().await;
    let before = stage.fingerprint().await;
    let deep = "[".repeat(50_000);
    let malformed: [(&str, &[u8]); 11] = [
        ("cut off", b"{"),
        ("no value", b"{\"a\":}"),
        ("two", b"{}{}"),
        ("a word", b"nonsense"),
        ("a comma too many", b"{\"a\":1,}"),
        ("single quotes", b"{'a':1}"),
        ("no UTF-8", b"{\"a\":\"\xff\"}"),
        ("half a surrogate", b"{\"a\":\"\\ud800\"}"),
        ("a byte order mark", b"\xef\xbb\xbf{}"),
        ("a bare NUL", b"{\"a\":\"\0\"}"),
        ("too deep", deep.as_bytes()),
    ];
    for (operation, _, example, required) in with_body() {
        let call = stage.call(&operation);
        for (what, text) in malformed {
            let answer = stage.send(&call.clone().text(text)).await;
            refused(&operation, &answer, INVALID, what);
            assert_eq!(answer.fields(), ["body json"], "{} {what}", operation.name);
        }
        for other in [
            "text/plain",
            "application/x-www-form-urlencoded",
            "multipart/form-data; boundary=x",
            "",
            "text/json",
            "application/json+x",
            "ü",
        ] {
            let answer = stage
                .send(&call.clone().json(&example).with("content-type", other))
                .await;
            refused(&operation, &answer, NOT_JSON, other);
        }
        let answer = stage.send(&call.clone().json(&example).without("content-type")).await;
        refused(&operation, &answer, NOT_JSON, "no content type");
        for encoding in ["gzip", "br", "identity, gzip", "nonsense"] {
            let answer = stage
                .send(&call.clone().json(&example).with("content-encoding", encoding))
                .await;
            refused(&operation, &answer, NOT_JSON, encoding);
        }
        if required {
            let answer = stage.send(&call.clone().text("")).await;
            refused(&operation, &answer, INVALID, "no body");
            assert_eq!(answer.fields(), ["body required"], "{}", operation.name);
        }
    }
    assert_eq!(stage.fingerprint().await, before, "nothing is half-written");
}

#[tokio::test]
async fn every_operation_enforces_every_rule_of_its_body() {
    let stage = Stage::open().await;
    let before = stage.fingerprint().await;
    let mut tried = 0;
    for (operation, schema, example, _) in with_body() {
        let call = stage.call(&operation);
        for Wrong { at, body, constraint } in broken(schema, &example) {
            let what = format!("{at} {constraint}: {body:.300}");
            let answer = stage.send(&call.clone().json(&body)).await;
            refused(&operation, &answer, INVALID, &what);
            let named = format!("{at} {constraint}");
            assert!(
                answer.fields().contains(&named),
                "{}: {what}: {}",
                operation.name,
                answer.text
            );
            tried += 1;
        }
        twice(&stage, &operation, &call, &example).await;
    }
    assert!(tried > 500, "{tried}");
    assert_eq!(stage.fingerprint().await, before, "nothing is half-written");
}

/// A field that is given twice.
async fn twice(stage: &Stage, operation: &Operation, call: &Call, example: &Value) {
    let (name, value) = example.as_object().unwrap().iter().next().unwrap();
    let rest = example.to_string();
    let text = format!("{{{}:{value},{}", json!(name), &rest[1..]);
    let answer = stage.send(&call.clone().text(text)).await;
    refused(operation, &answer, INVALID, "twice");
    assert_eq!(answer.fields(), [format!("{name} single")], "{}", operation.name);
}

#[test]
fn every_string_and_list_of_a_request_is_bounded_or_a_matter_of_the_use_case() {
    // Texts without a length of their own are bounded by the body; lists are not.
    for (operation, schema, ..) in with_body() {
        let mut open = vec![schema];
        while let Some(schema) = open.pop().map(located) {
            assert!(
                schema["type"] != "array" || schema["maxItems"].is_u64(),
                "{}: {schema}",
                operation.name
            );
            open.extend(schema.get("items"));
            open.extend(
                schema["properties"]
                    .as_object()
                    .into_iter()
                    .flatten()
                    .map(|(_, property)| property),
            );
        }
    }
}
