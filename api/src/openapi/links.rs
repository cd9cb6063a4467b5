//! OpenAPI links: from an operation to the operations that take a value out of its response.

use serde_json::{Map, Value, json};

use crate::route::Link;

/// The links of an operation's success, if it has any.
pub(super) fn of(links: &[Link]) -> Result<Option<Value>, serde_json::Error> {
    let mut all = Map::new();
    for link in links {
        let mut written = json!({ "operationId": link.to });
        if let Some((name, pointer)) = link.parameter {
            written["parameters"] = json!({ name: format!("$response.body#{pointer}") });
        }
        if let Some(body) = link.body {
            written["requestBody"] = serde_json::from_str(body)?;
        }
        all.insert(link.to.to_owned(), written);
    }
    Ok((!all.is_empty()).then(|| all.into()))
}
