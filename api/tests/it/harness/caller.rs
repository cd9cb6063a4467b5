//! Requests of a program, with or without an API key.

use std::sync::Arc;

use reqwest::{Method, RequestBuilder};
use serde_json::Value;

use super::answer::Seen;

/// What visitors and partners have in common: the URL of the API, and a key if there is one.
#[derive(Debug, Clone)]
pub struct Caller {
    pub http: reqwest::Client,
    pub base: Arc<str>,
    pub key: Option<String>,
}

impl Caller {
    /// A request with the key, to add to.
    pub fn request(&self, method: Method, path: &str) -> RequestBuilder {
        let request = self.http.request(method, format!("{}{path}", self.base));
        match &self.key {
            Some(key) => request.header("x-api-key", key),
            None => request,
        }
    }

    pub async fn get(&self, path: &str) -> Seen {
        send(self.request(Method::GET, path)).await
    }

    pub async fn post(&self, path: &str, body: &Value) -> Seen {
        send(self.request(Method::POST, path).json(body)).await
    }

    pub async fn patch(&self, path: &str, body: &Value) -> Seen {
        send(self.request(Method::PATCH, path).json(body)).await
    }
}

/// Sends a request; fails on a status of 500 or above.
pub async fn send(request: RequestBuilder) -> Seen {
    let response = request.send().await.unwrap();
    let (status, headers) = (response.status().as_u16(), response.headers().clone());
    let body = serde_json::from_slice(&response.bytes().await.unwrap()).unwrap_or(Value::Null);
    assert!(status < 500, "{status} {body}");
    Seen { status, headers, body }
}
