//! Bodies that each break one rule of a schema, made from an example that breaks none.

use regex::Regex;
use serde_json::{Map, Value, json};

use crate::operations::judge::resolved;

/// A body that breaks one rule.
pub struct Wrong {
    /// The field that the response must name.
    pub at: String,
    pub body: Value,
    /// The rule that the response must name.
    pub constraint: &'static str,
}

/// A schema without references.
fn plain(schema: &'static Value) -> Map<String, Value> {
    let mut members = Map::new();
    for (keyword, rule) in schema.as_object().unwrap() {
        match keyword.as_str() {
            "$ref" => members.extend(plain(resolved(schema))),
            "allOf" => {
                let [only] = rule.as_array().unwrap().as_slice() else {
                    panic!("{rule}")
                };
                members.extend(plain(only));
            }
            _ => {
                members.insert(keyword.clone(), rule.clone());
            }
        }
    }
    members
}

/// Every way to break a rule of a schema, starting from an example that breaks none.
pub fn broken(schema: &'static Value, example: &Value) -> Vec<Wrong> {
    let whole = |value: Value, constraint| Wrong {
        at: "body".to_owned(),
        body: value,
        constraint,
    };
    let mut found: Vec<Wrong> = values(&plain(schema))
        .into_iter()
        .map(|(value, rule)| whole(value, rule))
        .collect();
    members(schema, example, "", &mut |at, constraint, change| {
        let mut body = example.clone();
        change(&mut body);
        found.push(Wrong {
            at: at.to_owned(),
            body,
            constraint,
        });
    });
    found
}

type Change<'a> = &'a dyn Fn(&mut Value);

/// Visits the members of an object, and of what is in it. `seen` gets the field, the rule, and the change of the object
/// that breaks it.
fn members(schema: &'static Value, example: &Value, at: &str, seen: &mut dyn FnMut(&str, &'static str, Change<'_>)) {
    let schema = located(schema);
    let path = |name: &str| {
        if at.is_empty() {
            name.to_owned()
        } else {
            format!("{at}.{name}")
        }
    };
    let Some(properties) = schema.get("properties").and_then(Value::as_object) else {
        return;
    };
    seen(&path("nonsense"), "unknown", &|body| body["nonsense"] = json!(1));
    for name in schema.get("required").and_then(Value::as_array).into_iter().flatten() {
        let name = name.as_str().unwrap();
        seen(&path(name), "required", &|body| {
            body.as_object_mut().unwrap().remove(name);
        });
    }
    for (name, property) in properties {
        for (value, constraint) in values(&plain(property)) {
            seen(&path(name), constraint, &|body| body[name] = value.clone());
        }
        match &example[name] {
            inner @ Value::Object(_) => members(property, inner, &path(name), &mut |at, constraint, change| {
                seen(at, constraint, &|body| change(&mut body[name]));
            }),
            Value::Array(items) => {
                let item = &located(property)["items"];
                let at = format!("{}[0]", path(name));
                for (value, constraint) in values(&plain(item)) {
                    seen(&at, constraint, &|body| body[name][0] = value.clone());
                }
                let first = items.first().unwrap_or_else(|| panic!("{at} has no example"));
                members(item, first, &at, &mut |at, constraint, change| {
                    seen(at, constraint, &|body| change(&mut body[name][0]));
                });
            }
            _ => {}
        }
    }
}

/// The schema that a reference refers to.
pub fn located(schema: &'static Value) -> &'static Value {
    match schema.get("allOf").and_then(|all| all.get(0)) {
        Some(only) => located(only),
        None if schema.get("$ref").is_some() => located(resolved(schema)),
        None => schema,
    }
}

/// Values that break a rule of a schema, with the rule. A schema without a type accepts anything.
fn values(schema: &Map<String, Value>) -> Vec<(Value, &'static str)> {
    let Some(kind) = schema.get("type").and_then(Value::as_str) else {
        return Vec::new();
    };
    let samples = [json!(true), json!(-5), json!("text"), json!([]), json!({}), json!(null)];
    let names = ["boolean", "number", "string", "array", "object", "null"];
    let is_nullable = schema.get("nullable") == Some(&json!(true));
    let of_type = |name: &str| name == kind || name == "number" && kind == "integer" || name == "null" && is_nullable;
    let mut found: Vec<(Value, &'static str)> = samples
        .into_iter()
        .zip(names)
        .filter(|(_, name)| !of_type(name))
        .map(|(value, _)| (value, "type"))
        .collect();
    let number = |keyword: &str| schema.get(keyword).and_then(Value::as_f64);
    let size = |keyword: &str| {
        schema
            .get(keyword)
            .and_then(Value::as_u64)
            .map(|size| usize::try_from(size).unwrap())
    };
    match kind {
        "string" if schema.contains_key("enum") => {
            found.extend(["nonsense", "", "\0", " "].map(|text| (json!(text), "enum")));
        }
        "string" => {
            let word = |keyword: &str| schema.get(keyword).and_then(Value::as_str);
            let is_email = word("format") == Some("email");
            let pattern = word("pattern");
            assert!(
                pattern.is_some() || is_email,
                "free texts have one too, for NUL: {schema:?}"
            );
            // A pattern of the field itself is named before all other rules.
            let own = pattern.filter(|pattern| *pattern != r"^[^\x00]*$");
            let own = own.map(|pattern| Regex::new(pattern).unwrap());
            let (min, max) = (size("minLength").unwrap_or(0), size("maxLength").expect("bounded"));
            let mut add = |text: String, rule| {
                let is_own = own.as_ref().is_some_and(|own| !own.is_match(&text));
                found.push((json!(text), if is_own { "pattern" } else { rule }));
            };
            // A text of a valid length, with a NUL.
            add(
                format!("\0{}", "a".repeat(min.max(1) - 1)),
                if is_email { "email" } else { "text" },
            );
            add("a".repeat(max + 1), "maxLength");
            if min > 0 {
                add("a".repeat(min - 1), "minLength");
            }
            if is_email {
                add("nonsense".to_owned(), "email");
            } else if own.is_some() {
                add("nonsense".to_owned(), "pattern");
            }
        }
        "number" | "integer" => {
            let (min, max) = (number("minimum").expect("bounded"), number("maximum").expect("bounded"));
            // An integer is written as one: 0.0 would break another rule.
            let written = |value: f64| match kind {
                "integer" => json!(value as i64),
                _ => json!(value),
            };
            found.push((written(min - 1.0), "min"));
            found.push((written(max + 1.0), "max"));
            // Numbers that fit neither a float nor a machine integer.
            for absurd in ["1e400", "-1e400", "1e-400", &"9".repeat(400)] {
                found.push((serde_json::from_str(absurd).unwrap(), "type"));
            }
        }
        "array" => {
            let item = json!(null);
            found.extend(size("maxItems").map(|max| (json!(vec![item; max + 1]), "maxLength")));
            found.extend(
                size("minItems")
                    .filter(|min| *min > 0)
                    .map(|_| (json!([]), "minLength")),
            );
        }
        "boolean" | "object" => {}
        other => panic!("say here how to break the type {other}"),
    }
    found
}
