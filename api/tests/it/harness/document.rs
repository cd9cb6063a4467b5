//! Both OpenAPI documents as one: tests walk the operations of the public API and those for platform operators alike.

use std::sync::LazyLock;

use serde_json::Value;

/// The operations, schemas and responses of both documents.
pub static DOCUMENT: LazyLock<Value> = LazyLock::new(|| {
    let mut whole = api::openapi::document("/").unwrap();
    let ops = api::openapi::ops_document("/").unwrap();
    merge(&mut whole["paths"], &ops["paths"], "paths");
    for (kind, parts) in ops["components"].as_object().unwrap() {
        merge(&mut whole["components"][kind], parts, kind);
    }
    whole
});

fn merge(whole: &mut Value, part: &Value, what: &str) {
    let whole = whole.as_object_mut().unwrap();
    for (name, value) in part.as_object().unwrap() {
        let known = whole.insert(name.clone(), value.clone());
        assert!(
            known.is_none_or(|known| known == *value),
            "{what} {name} is something else in the other document"
        );
    }
}
