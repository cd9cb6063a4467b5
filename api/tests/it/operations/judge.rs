//! Requirements that every refusal must meet.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::harness::operation::Operation;
use crate::operations::answer::Answer;
use crate::operations::code;

pub use crate::harness::document::DOCUMENT;

/// Headers of every response.
const HEADERS: [(&str, &str); 6] = [
    ("content-type", "application/json"),
    ("x-content-type-options", "nosniff"),
    ("x-frame-options", "DENY"),
    ("referrer-policy", "no-referrer"),
    ("cross-origin-resource-policy", "same-origin"),
    ("content-security-policy", "default-src 'none'; frame-ancestors 'none'"),
];

/// Texts that a response would contain only by mistake: of the code, the database or the machine.
const INSIDE: [&str; 16] = [
    "panick",
    "on purpose",
    "sqlx",
    "postgres",
    "redis",
    "PgDatabase",
    "select ",
    "insert into",
    "relation ",
    "api_keys",
    "schema",
    ".rs",
    "/src/",
    "127.0.0.1",
    "backtrace",
    "os error",
];

/// Codes with several messages: a response may have another one than the example in the document.
const VARIED: [&str; 10] = [
    "VALIDATION_ERROR",
    "UNAUTHORIZED",
    "FORBIDDEN",
    "NOT_FOUND",
    "TIMETABLE_CONFLICT",
    "GONE",
    "PAYLOAD_TOO_LARGE",
    "UNSUPPORTED_MEDIA_TYPE",
    "RATE_LIMITED",
    "UNAVAILABLE",
];

impl Operation {
    /// What the document declares about it.
    pub fn declared(&self) -> &'static Value {
        &DOCUMENT["paths"][&self.path][self.method.as_str().to_lowercase()]
    }

    /// Whether it belongs to the old API.
    pub fn is_old(&self) -> bool {
        self.path.starts_with("/rest/")
    }

    /// What the document declares about responses with this status.
    fn declared_answer(&self, status: u16) -> Option<&'static Value> {
        let response = self.declared()["responses"].get(status.to_string())?;
        Some(resolved(response))
    }
}

/// The target of a reference.
pub fn resolved(value: &'static Value) -> &'static Value {
    match value.get("$ref").and_then(Value::as_str) {
        Some(reference) => DOCUMENT.pointer(&reference[1..]).unwrap(),
        None => value,
    }
}

/// Asserts that the response of an operation is the envelope, with this status and code, as the document declares.
pub fn refused(operation: &Operation, answer: &Answer, (status, code): (u16, &str), what: &str) {
    let what = format!("{} {}: {what}", operation.method, operation.path);
    refused_anywhere(&operation.path, answer, (status, code), &what);
    let Some(declared) = operation.declared_answer(status) else {
        panic!("{what}: {status} is not declared: {}", answer.text)
    };
    let meaning = declared["description"].as_str().unwrap();
    assert!(
        meaning.contains(&format!("`{code}`")),
        "{what}: the document does not say that {status} can be {code}: {meaning}"
    );
    for name in ["x-request-id", "retry-after", "deprecation", "sunset", "link"] {
        let mut headers = declared["headers"].as_object().unwrap().keys();
        let is_declared = headers.any(|declared| declared.eq_ignore_ascii_case(name));
        assert!(
            is_declared || answer.header(name).is_empty(),
            "{what}: {name} is not declared"
        );
    }
    let example = &declared["content"]["application/json"]["example"]["errors"][0];
    if example["code"] == code && !VARIED.contains(&code) {
        let body = answer.body();
        for item in body["errors"].as_array().unwrap() {
            assert_eq!(item["message"], example["message"], "{what}: not as the example");
            assert_eq!(details(item), details(example), "{what}: not as the example");
        }
    }
}

/// The names of the details of an error.
fn details(error: &Value) -> BTreeSet<&String> {
    error["details"]
        .as_object()
        .into_iter()
        .flat_map(|all| all.keys())
        .collect()
}

/// Asserts that the response of any path is the envelope, with this status and code.
pub fn refused_anywhere(path: &str, answer: &Answer, (status, code): (u16, &str), what: &str) {
    let text = &answer.text;
    assert_eq!(answer.status, status, "{what}: {text}");
    let body = answer.body();
    let flaws = flaws(&DOCUMENT["components"]["schemas"]["Errors"], &body, "");
    assert_eq!(flaws, [""; 0], "{what}: {text}");
    for item in body["errors"].as_array().unwrap() {
        assert_eq!(
            (&item["code"], &item["errorCode"]),
            (&code.into(), &code.into()),
            "{what}: {text}"
        );
        let message = item["message"].as_str().unwrap();
        assert!(!message.trim().is_empty(), "{what}: {text}");
        if code == "VALIDATION_ERROR" {
            for detail in ["field", "constraint"] {
                assert!(item["details"][detail].is_string(), "{what}: {text}");
            }
        } else {
            let is_sentence = message.starts_with(char::is_uppercase) && !message.ends_with('.');
            assert!(is_sentence, "{what}: {text}");
        }
    }
    let is_old = path.starts_with("/rest");
    let said = code::STATUSES.iter().find(|(known, _)| *known == code);
    let (_, known) = said.unwrap_or_else(|| panic!("{what}: {code} is no code of the contract"));
    assert!(
        *known == status || is_old && code == "UNAUTHORIZED" && status == 403,
        "{what}: {text}"
    );
    for (name, value) in HEADERS {
        assert_eq!(answer.header(name), value, "{what}: {name}");
    }
    assert_eq!(answer.header("cache-control"), "no-store", "{what}");
    assert!(!answer.header("x-request-id").is_empty(), "{what}");
    let must = |name: &str, needed: bool| {
        assert_eq!(
            !answer.header(name).is_empty(),
            needed,
            "{what}: {name} {:?}",
            answer.headers
        );
    };
    must("www-authenticate", status == 401);
    must("allow", status == 405);
    must(
        "retry-after",
        matches!(status, 429 | 503) || code == "IDEMPOTENCY_IN_FLIGHT",
    );
    for name in ["deprecation", "sunset", "link"] {
        must(name, is_old);
    }
    let told = text.to_lowercase();
    for inside in INSIDE {
        assert!(
            !told.contains(&inside.to_lowercase()),
            "{what}: tells of the inside: {text}"
        );
    }
}

/// Number of items of a list.
fn count(value: &Value) -> Option<Option<u64>> {
    value.as_array().map(|items| u64::try_from(items.len()).ok())
}

/// Number of characters of a text.
fn length(value: &Value) -> Option<Option<u64>> {
    value.as_str().map(|text| u64::try_from(text.chars().count()).ok())
}

/// The places where a value violates a schema of the document. Implemented again here, since the validation of the API
/// is what is tested.
fn flaws(schema: &Value, value: &Value, at: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut note = |keyword: &str, holds: bool| {
        if !holds {
            found.push(format!("{at}: {keyword}"));
        }
    };
    let mut deeper = Vec::new();
    for (keyword, rule) in schema.as_object().unwrap() {
        match keyword.as_str() {
            "$ref" => deeper.push((
                DOCUMENT.pointer(&rule.as_str().unwrap()[1..]).unwrap(),
                value,
                at.to_owned(),
            )),
            "type" => note(
                keyword,
                match rule.as_str().unwrap() {
                    "object" => value.is_object(),
                    "array" => value.is_array(),
                    "string" => value.is_string(),
                    other => panic!("{other} is not judged here"),
                },
            ),
            "minItems" => note(keyword, count(value).is_none_or(|items| items >= rule.as_u64())),
            "maxItems" => note(keyword, count(value).is_none_or(|items| items <= rule.as_u64())),
            "maxLength" => note(keyword, length(value).is_none_or(|length| length <= rule.as_u64())),
            "pattern" => {
                let pattern = regex::Regex::new(rule.as_str().unwrap()).unwrap();
                note(keyword, value.as_str().is_none_or(|text| pattern.is_match(text)));
            }
            "required" => {
                for name in rule.as_array().unwrap() {
                    note(keyword, value.get(name.as_str().unwrap()).is_some());
                }
            }
            "properties" => {
                let rules = rule.as_object().unwrap();
                for (name, member) in value.as_object().into_iter().flatten() {
                    note(name, rules.contains_key(name));
                    if let Some(rule) = rules.get(name) {
                        deeper.push((rule, member, format!("{at}/{name}")));
                    }
                }
            }
            "items" => deeper.extend(
                value
                    .as_array()
                    .into_iter()
                    .flatten()
                    .map(|item| (rule, item, format!("{at}/-"))),
            ),
            "description" | "example" | "additionalProperties" => {}
            other => panic!("{other} is not judged here"),
        }
    }
    found.extend(deeper.into_iter().flat_map(|(rule, value, at)| flaws(rule, value, &at)));
    found
}

#[test]
fn the_judge_finds_flaws_of_an_envelope() {
    let schema = &DOCUMENT["components"]["schemas"]["Errors"];
    let item = serde_json::json!({ "message": "m", "errorCode": "C", "code": "C" });
    for (body, flaw) in [
        (serde_json::json!({ "errors": [item] }), None),
        (serde_json::json!({ "errors": [] }), Some("/errors: minItems")),
        (
            serde_json::json!({ "errors": [{ "message": "m", "code": "C" }] }),
            Some("/errors/-: required"),
        ),
        (serde_json::json!({ "errors": [item], "data": {} }), Some(": data")),
        (serde_json::json!("Internal Server Error"), Some(": type")),
    ] {
        assert_eq!(flaws(schema, &body, "").first().map(String::as_str), flaw, "{body}");
    }
}
