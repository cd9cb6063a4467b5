//! Query parameters that are missing, given twice, or have an invalid value.

use serde_json::Value;

use crate::harness::operation::Operation;
use crate::operations::judge::refused;
use crate::operations::stage::Stage;

const INVALID: (u16, &str) = (400, "VALIDATION_ERROR");

/// A query parameter as the document declares it.
struct Parameter {
    name: &'static str,
    required: bool,
    schema: &'static Value,
}

impl Operation {
    fn parameters(&self) -> Vec<Parameter> {
        let all = self.declared()["parameters"].as_array().into_iter().flatten();
        all.filter(|parameter| parameter["in"] == "query")
            .map(|parameter| Parameter {
                name: parameter["name"].as_str().unwrap(),
                required: parameter["required"] == true,
                schema: &parameter["schema"],
            })
            .collect()
    }
}

/// Values that a parameter does not accept, as they appear in a URL, and the rules that they break.
fn values(Parameter { name, schema, .. }: &Parameter) -> Vec<(String, &'static str)> {
    let number = |keyword: &str| schema[keyword].as_i64();
    let mut found: Vec<(String, &str)> = ["%ff", "a%c3", "%00%ff", "%ed%a0%80"]
        .map(|text| (text.to_owned(), "encoding"))
        .into();
    let mut add = |text: &str, rule| found.push((text.to_owned(), rule));
    match (
        schema["type"].as_str().unwrap(),
        schema.get("format").and_then(Value::as_str),
    ) {
        ("integer", _) => {
            let (min, max) = (number("minimum").expect("bounded"), number("maximum").expect("bounded"));
            for text in [
                "x", "1.5", "1e1", "%2B1", "0x1", "%201", "1%00", "NaN", "%D9%A1", "--1", "true", "%zz",
            ] {
                add(text, "integer");
            }
            // An empty `skip` is 0.
            if *name != "skip" {
                add("", "integer");
            }
            add(&(min - 1).to_string(), "min");
            add(&format!("-{}", "9".repeat(400)), "min");
            add(&(max + 1).to_string(), "max");
            add(&"9".repeat(400), "max");
        }
        ("string", Some("date")) => {
            for text in [
                "",
                "x",
                "2027-02-30",
                "2027-13-01",
                "2027-2-1",
                "01.02.2027",
                "20270201",
                "2027-02-01T00:00:00Z",
                "2027-02-01%00",
                "%2B02027-02-01",
                "-2027-02-01",
                "0000-00-00",
            ] {
                add(text, "date");
            }
        }
        ("string", Some("date-time")) => {
            for text in [
                "",
                "x",
                "2027-02-01",
                "2027-02-01T25:00:00Z",
                "2027-02-01T00:00:00",
                "1780000000",
                "2027-02-01T00:00:00Z%00",
            ] {
                add(text, "date-time");
            }
        }
        ("string", _) if schema.get("enum").is_some() => {
            for text in ["", "x", "%00", "'%3B--", "%F0%9F%9A%8C"] {
                add(text, "enum");
            }
            let word = schema["enum"][0].as_str().unwrap();
            let in_other_case = match word.to_lowercase() {
                lower if lower == word => word.to_uppercase(),
                lower => lower,
            };
            add(&in_other_case, "enum");
        }
        ("boolean", None) => {
            for text in ["", "x", "1", "TRUE", "yes", "true%00"] {
                add(text, "boolean");
            }
        }
        ("string", None) => {
            let (min, max) = (
                number("minLength").expect("bounded"),
                number("maxLength").expect("bounded"),
            );
            add("ab%00", "text");
            add(&"a".repeat(usize::try_from(min - 1).unwrap()), "minLength");
            add(&"a".repeat(usize::try_from(max + 1).unwrap()), "maxLength");
        }
        other => panic!("say here what {name}, a {other:?}, may not hold"),
    }
    found
}

#[tokio::test]
async fn every_operation_enforces_every_rule_of_its_parameters() {
    let stage = Stage::open().await;
    let mut tried = 0;
    for operation in Operation::all() {
        let call = stage.call(&operation);
        let (path, _) = call.path.split_once('?').unwrap();
        let parameters = operation.parameters();
        // Every parameter with an example, if it is required.
        let given: Vec<(&str, &str)> = operation
            .query
            .split('&')
            .filter_map(|pair| pair.split_once('='))
            .collect();
        let with = |name: &str, values: &[&str]| {
            let others = given.iter().filter(|(known, _)| *known != name).copied();
            let query: Vec<String> = others
                .chain(values.iter().map(|value| (name, *value)))
                .map(|(name, value)| format!("{name}={value}"))
                .collect();
            call.clone().to(format!("{path}?{}", query.join("&")))
        };
        for parameter in &parameters {
            let name = parameter.name;
            for (value, constraint) in values(parameter) {
                let answer = stage.send(&with(name, &[&value])).await;
                let what = format!("{name}={value:.100}");
                refused(&operation, &answer, INVALID, &what);
                assert_eq!(
                    answer.fields(),
                    [format!("{name} {constraint}")],
                    "{} {what}",
                    operation.name
                );
                tried += 1;
            }
            let answer = stage.send(&with(name, &["1", "1"])).await;
            refused(&operation, &answer, INVALID, name);
            assert_eq!(answer.fields(), [format!("{name} single")], "{}", operation.name);
            if parameter.required {
                let answer = stage.send(&with(name, &[])).await;
                refused(&operation, &answer, INVALID, name);
                assert_eq!(answer.fields(), [format!("{name} required")], "{}", operation.name);
            }
        }
        if !parameters.is_empty() {
            // All at once.
            let query: Vec<String> = parameters
                .iter()
                .map(|parameter| format!("{}=%ff", parameter.name))
                .collect();
            let answer = stage
                .send(&call.clone().to(format!("{path}?{}", query.join("&"))))
                .await;
            refused(&operation, &answer, INVALID, "all wrong");
            assert_eq!(
                answer.fields().len(),
                parameters.len(),
                "{}: {}",
                operation.name,
                answer.text
            );
        }
    }
    assert!(tried > 500, "{tried}");
}
