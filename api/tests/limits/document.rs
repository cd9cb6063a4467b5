use std::collections::BTreeSet;

use api::distribution::class;
use poem::http::Method;

#[test]
fn every_operation_with_a_key_has_a_class_and_no_other_has() {
    let document = api::openapi::document("/").unwrap();
    let mut classes = BTreeSet::new();
    for (path, operations) in document["paths"].as_object().unwrap() {
        for (method, operation) in operations.as_object().unwrap() {
            let security = operation["security"].as_array().unwrap();
            let takes_key = security.iter().any(|choice| choice.get("apiKey").is_some());
            let method = Method::from_bytes(method.to_uppercase().as_bytes()).unwrap();
            let class = class::of(&method, path);
            assert_eq!(class.is_some(), takes_key, "{method} {path}");
            let responses = &operation["responses"];
            assert_eq!(
                responses.get("429").is_some_and(|r| r["$ref"].is_string()),
                takes_key,
                "{method} {path}"
            );
            let success = responses
                .as_object()
                .unwrap()
                .iter()
                .find(|(status, _)| status.starts_with('2'));
            let headers = &success.unwrap().1["headers"];
            for name in ["ratelimit", "ratelimit-policy"] {
                assert_eq!(headers.get(name).is_some(), takes_key, "{method} {path} {name}");
            }
            classes.extend(class);
        }
    }
    assert_eq!(classes.len(), 4, "every class has an operation");
}
