//! Which methods a path has, for the `Allow` header of a 405 and of the answer to OPTIONS (poem does not say).

use poem::http::HeaderValue;
use serde_json::Value;

/// Path patterns and the methods of each.
#[derive(Debug, Default)]
pub struct Methods(Vec<(String, HeaderValue)>);

impl Methods {
    /// The operations of an OpenAPI document. GET brings HEAD with it, and every path has OPTIONS.
    #[must_use]
    pub fn of_document(document: &Value) -> Self {
        let paths = document["paths"].as_object().into_iter().flatten();
        let methods = |operations: &Value| {
            let names = operations
                .as_object()
                .into_iter()
                .flatten()
                .map(|(name, _)| name.to_uppercase());
            let mut list: Vec<_> = names.collect();
            if list.iter().any(|name| name == "GET") {
                list.push("HEAD".to_owned());
            }
            list.push("OPTIONS".to_owned());
            HeaderValue::try_from(list.join(", ")).ok()
        };
        Self(
            paths
                .filter_map(|(path, operations)| Some((path.clone(), methods(operations)?)))
                .collect(),
        )
    }

    /// The methods of the path of a request; pages that are not in the document can only be read.
    #[must_use]
    pub fn of(&self, path: &str) -> HeaderValue {
        let fits = |pattern: &str| {
            let mut parts = path.split('/');
            pattern.split('/').all(|wanted| {
                parts
                    .next()
                    .is_some_and(|part| wanted.starts_with('{') || wanted == part)
            }) && parts.next().is_none()
        };
        self.0
            .iter()
            .find(|(pattern, _)| fits(pattern))
            .map_or(HeaderValue::from_static("GET, HEAD, OPTIONS"), |(_, methods)| {
                methods.clone()
            })
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::Methods;

    #[test]
    fn finds_the_pattern_of_a_path() {
        let methods = Methods::of_document(&json!({ "paths": {
            "/v2/bookings": { "get": {}, "post": {} },
            "/v2/bookings/{id}/pay": { "post": {} },
        }}));
        assert_eq!(methods.of("/v2/bookings"), "GET, POST, HEAD, OPTIONS");
        assert_eq!(methods.of("/v2/bookings/bkg_1/pay"), "POST, OPTIONS");
        assert_eq!(methods.of("/docs"), "GET, HEAD, OPTIONS");
    }
}
