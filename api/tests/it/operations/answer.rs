//! Requests and responses, byte for byte.

use poem::http::{HeaderMap, Method};
use serde_json::Value;

use crate::harness::operation::ZIP;

/// A request.
#[derive(Debug, Clone)]
pub struct Call {
    pub method: Method,
    /// Path and query.
    pub path: String,
    pub headers: Vec<(&'static str, String)>,
    pub body: Vec<u8>,
}

impl Call {
    /// A request without headers and body.
    pub fn new(method: Method, path: &str) -> Self {
        Self {
            method,
            path: path.to_owned(),
            headers: Vec::new(),
            body: Vec::new(),
        }
    }

    /// The request with this header, instead of one of the same name.
    pub fn with(mut self, name: &'static str, value: &str) -> Self {
        self = self.without(name);
        self.headers.push((name, value.to_owned()));
        self
    }

    /// The request with these headers in addition to the others.
    pub fn and(mut self, headers: &[(&'static str, String)]) -> Self {
        self.headers.extend_from_slice(headers);
        self
    }

    /// The request without this header.
    pub fn without(mut self, name: &str) -> Self {
        self.headers.retain(|(known, _)| *known != name);
        self
    }

    /// The request to another path.
    pub fn to(mut self, path: String) -> Self {
        self.path = path;
        self
    }

    /// The request with this body, as JSON.
    pub fn json(self, body: &Value) -> Self {
        self.text(body.to_string())
    }

    /// The request with this text, declared as JSON.
    pub fn text(mut self, body: impl Into<Vec<u8>>) -> Self {
        self.body = body.into();
        self.with("content-type", "application/json")
    }

    /// The request with this body, declared as an archive.
    pub fn archive(mut self, body: Vec<u8>) -> Self {
        self.body = body;
        self.with("content-type", ZIP)
    }
}

/// A response.
#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    pub headers: HeaderMap,
    pub text: String,
}

impl Answer {
    /// The body; null if it is not JSON.
    pub fn body(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or(Value::Null)
    }

    /// A header; empty if it does not exist.
    pub fn header(&self, name: &str) -> &str {
        self.headers
            .get(name)
            .map(|value| value.to_str().unwrap())
            .unwrap_or_default()
    }

    /// `code` of the first error; empty without one.
    pub fn code(&self) -> String {
        self.body()["errors"][0]["code"].as_str().unwrap_or_default().to_owned()
    }

    /// `field constraint` of every error.
    pub fn fields(&self) -> Vec<String> {
        let body = self.body();
        let text = |item: &Value, name: &str| item["details"][name].as_str().unwrap_or_default().to_owned();
        let items = body["errors"].as_array().into_iter().flatten();
        items
            .map(|item| format!("{} {}", text(item, "field"), text(item, "constraint")))
            .collect()
    }

    /// Status, body and headers, except headers that differ for each request.
    pub fn essence(&self) -> String {
        let mut headers: Vec<String> = self
            .headers
            .iter()
            .filter(|(name, _)| *name != "x-request-id")
            .map(|(name, value)| format!("{name}: {}", value.to_str().unwrap()))
            .collect();
        headers.sort();
        format!("{}\n{}\n\n{}", self.status, headers.join("\n"), self.text)
    }
}
