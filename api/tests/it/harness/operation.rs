//! The operations of the document, as tests walk them: they are read from it, so none can be forgotten.

use std::collections::BTreeSet;

use poem::http::Method;
use serde_json::Value;

use super::document::DOCUMENT;

/// The smallest zip archive, with nothing in it.
pub const ARCHIVE: [u8; 22] = *b"PK\x05\x06\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0";

/// The media type of archives.
pub const ZIP: &str = "application/zip";

/// An operation, ready to be called.
#[derive(Debug, Clone)]
pub struct Operation {
    pub name: String,
    pub method: Method,
    /// Its path, with parameters in braces.
    pub path: String,
    /// The examples of the parameters in its path, in their order.
    pub examples: Vec<String>,
    /// The required query parameters, with their examples.
    pub query: String,
    /// The example of its body.
    pub body: Option<Value>,
    /// Whether its body is an archive.
    pub takes_archive: bool,
    /// Its security requirements: alternatives, each with the schemes that it needs. Empty if the operation is open to
    /// all.
    pub schemes: Vec<BTreeSet<String>>,
}

impl Operation {
    /// All operations of both documents.
    pub fn all() -> Vec<Self> {
        let mut operations = Vec::new();
        for (path, methods) in DOCUMENT["paths"].as_object().unwrap() {
            for (method, operation) in methods.as_object().unwrap() {
                let method = Method::from_bytes(method.to_uppercase().as_bytes()).unwrap();
                operations.push(Self::read(path, method, operation));
            }
        }
        operations
    }

    fn read(path: &str, method: Method, operation: &Value) -> Self {
        let parameters = operation["parameters"].as_array().cloned().unwrap_or_default();
        let needed = parameters
            .iter()
            .filter(|p| p["in"] == "query" && p["required"] == true);
        let text = |example: &Value| example.as_str().map_or_else(|| example.to_string(), str::to_owned);
        let in_path = parameters.iter().filter(|p| p["in"] == "path");
        let examples = in_path.map(|p| text(&p["schema"]["example"])).collect();
        let query: Vec<String> = needed
            .map(|p| format!("{}={}", p["name"].as_str().unwrap(), text(&p["schema"]["example"])))
            .collect();
        let alternatives = operation["security"].as_array().cloned().unwrap_or_default();
        let names = |alternative: &Value| alternative.as_object().unwrap().keys().cloned().collect();
        let schemes: Vec<BTreeSet<String>> = alternatives.iter().map(names).collect();
        let is_open = schemes.iter().all(BTreeSet::is_empty);
        Self {
            name: operation["operationId"].as_str().unwrap().to_owned(),
            method,
            path: path.to_owned(),
            examples,
            query: query.join("&"),
            body: operation
                .pointer("/requestBody/content/application~1json/example")
                .cloned(),
            takes_archive: operation.pointer("/requestBody/content/application~1zip").is_some(),
            schemes: if is_open { Vec::new() } else { schemes },
        }
    }

    /// Path and query, with this id as the first parameter of the path, and the examples as the others.
    pub fn at(&self, id: &str) -> String {
        let others = self.examples.iter().skip(1).map(String::as_str);
        let mut path = self.path.clone();
        for value in std::iter::once(id).chain(others) {
            if let (Some(start), Some(end)) = (path.find('{'), path.find('}')) {
                path.replace_range(start..=end, value);
            }
        }
        format!("{path}?{}", self.query)
    }

    /// Whether it changes something.
    pub fn changes(&self) -> bool {
        self.method != Method::GET
    }
}
