use std::collections::BTreeSet;

use api::routes::TABLE;
use poem::http::Method;

use crate::harness::document::DOCUMENT;

#[test]
fn every_operation_has_a_class_and_says_so_and_the_key_counts_where_it_is_taken() {
    let document = &*DOCUMENT;
    let mut classes = BTreeSet::new();
    for (path, operations) in document["paths"].as_object().unwrap() {
        for (method, operation) in operations.as_object().unwrap() {
            let security = operation["security"].as_array().unwrap();
            let takes_key = security.iter().any(|choice| choice.get("apiKey").is_some());
            let method = Method::from_bytes(method.to_uppercase().as_bytes()).unwrap();
            let policy = TABLE.find(&method, path).policy;
            assert_eq!(policy.caller.has_key(), takes_key, "{method} {path}");
            let responses = operation["responses"].as_object().unwrap();
            assert!(responses.contains_key("429"), "{method} {path}");
            for (status, response) in responses {
                let response = match response["$ref"].as_str() {
                    Some(reference) => document.pointer(&reference[1..]).unwrap(),
                    None => response,
                };
                for name in ["RateLimit", "RateLimit-Policy"] {
                    assert!(
                        response["headers"].get(name).is_some(),
                        "{method} {path} {status} {name}"
                    );
                }
            }
            classes.insert(policy.rate.unwrap_or_else(|| panic!("{method} {path} has no class")));
        }
    }
    assert_eq!(classes.len(), 4, "every class has an operation");
}
