//! Refusals, as the document shows them. That responses say the same is tested where they are provoked
//! (`tests/it/operations/judge.rs`).

use serde_json::Value;

use crate::harness::document::DOCUMENT;
use crate::http::document::operations;

/// Where a refusal is declared, its description, and the error of its example.
fn refusals() -> Vec<(String, String, Value)> {
    let document = &*DOCUMENT;
    let mut declared: Vec<(String, Value)> = Vec::new();
    for (name, operation) in operations(document) {
        for (status, response) in operation["responses"].as_object().unwrap() {
            if !status.starts_with('2') && response.get("$ref").is_none() {
                declared.push((format!("{name} {status}"), response.clone()));
            }
        }
    }
    for (name, response) in document["components"]["responses"].as_object().unwrap() {
        declared.push((name.clone(), response.clone()));
    }
    let refusals = declared.into_iter().map(|(name, response)| {
        let description = response["description"].as_str().unwrap().to_owned();
        let errors = &response["content"]["application/json"]["example"]["errors"];
        assert_eq!(errors.as_array().map(Vec::len), Some(1), "{name}");
        (name, description, errors[0].clone())
    });
    refusals.collect()
}

#[test]
fn examples_are_of_the_first_code_that_is_explained() {
    for (name, description, error) in refusals() {
        let code = description.split('`').nth(1).unwrap();
        assert_eq!(error["code"], code, "{name}");
        assert_eq!(error["errorCode"], code, "{name}");
    }
}

#[test]
fn examples_are_messages_and_not_parts_of_the_description() {
    for (name, description, error) in refusals() {
        let message = error["message"].as_str().unwrap();
        assert!(!message.ends_with('.'), "{name}: {message}");
        assert!(!description.contains(message), "{name}: {message}");
        match error["details"]["field"].as_str() {
            Some(field) => assert!(message.starts_with(&format!("{field}: must ")), "{name}: {message}"),
            None => assert!(message.starts_with(char::is_uppercase), "{name}: {message}"),
        }
    }
}

#[test]
fn examples_have_the_details_that_are_explained() {
    for (name, description, error) in refusals() {
        let details = match error["code"].as_str().unwrap() {
            "COMPANY_REQUIRED" => vec!["companies", "partners"],
            "JOB_CONFLICT" => vec!["jobs"],
            "ORDER_CONFLICT" => vec!["orderIds"],
            "SEATS_UNAVAILABLE" => vec!["seatsLeft"],
            "VALIDATION_ERROR" => vec!["field", "constraint"],
            _ => {
                assert!(error.get("details").is_none(), "{name}: {description}");
                continue;
            }
        };
        for detail in details {
            assert!(error["details"].get(detail).is_some(), "{name}: {description}");
        }
    }
}
