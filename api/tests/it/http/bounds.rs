use serde_json::Value;

use crate::harness::document::DOCUMENT;

/// Visits every schema of the document, with its location; examples are values, not schemas.
fn every_schema(value: &Value, place: &str, visit: &mut impl FnMut(&str, &Value)) {
    match value {
        Value::Object(members) => {
            if members.get("type").is_some_and(Value::is_string) {
                visit(place, value);
            }
            let nested = members
                .iter()
                .filter(|(name, _)| !["example", "links"].contains(&name.as_str()));
            for (name, member) in nested {
                every_schema(member, &format!("{place}/{name}"), visit);
            }
        }
        Value::Array(items) => {
            for (at, item) in items.iter().enumerate() {
                every_schema(item, &format!("{place}/{at}"), visit);
            }
        }
        _ => {}
    }
}

#[test]
fn every_schema_of_the_document_is_bounded() {
    let mut document = DOCUMENT.clone();
    document["components"]["securitySchemes"].take();
    let mut seen = 0;
    every_schema(&document, "", &mut |place, schema| {
        let has = |rule: &str| schema.get(rule).is_some();
        let bounded = match schema["type"].as_str().unwrap() {
            "string" => (has("maxLength") && (has("pattern") || has("format"))) || has("enum"),
            "integer" => {
                has("minimum") && has("maximum") && ["int32", "int64"].contains(&schema["format"].as_str().unwrap())
            }
            "array" => has("maxItems"),
            _ => return,
        };
        assert!(bounded, "{place}: {schema}");
        seen += 1;
    });
    assert!(seen > 300);
}

#[test]
fn patterns_mean_the_same_to_every_reader() {
    let document = &*DOCUMENT;
    every_schema(document, "", &mut |place, schema| {
        let pattern = schema["pattern"].as_str().unwrap_or_default();
        // RE2 does not support \u, Python's re does not support \z, and neither supports look-around.
        for foreign in ["\\u", "\\z", "(?"] {
            assert!(!pattern.contains(foreign), "{place}: {pattern}");
        }
    });
}
