//! Requests with an `Idempotency-Key`, as partners send them.

mod race;
mod refusal;
mod replay;

use poem::http::{HeaderMap, Method};
use serde_json::Value;

use crate::harness::caller::Caller;

/// A response, byte for byte.
#[derive(Debug)]
pub struct Told {
    pub status: u16,
    pub headers: HeaderMap,
    pub bytes: Vec<u8>,
}

impl Told {
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.bytes).unwrap()
    }

    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    pub fn is_replayed(&self) -> bool {
        self.header("idempotent-replayed") == "true"
    }

    /// The code of a refusal; empty for a success.
    pub fn code(&self) -> String {
        let body = self.json();
        body["errors"][0]["code"].as_str().unwrap_or_default().to_owned()
    }

    /// The result in short: status, code, and whether it is a replay.
    pub fn short(&self) -> (u16, String, bool) {
        (self.status, self.code(), self.is_replayed())
    }

    /// Asserts that this is the first response again.
    pub fn repeats(&self, first: &Self) {
        assert!(self.is_replayed() && !first.is_replayed(), "{self:?}");
        assert_eq!((self.status, &self.bytes), (first.status, &first.bytes));
        assert_eq!(self.header("content-type"), first.header("content-type"));
        assert_eq!(self.header("content-location"), first.header("content-location"));
        assert_ne!(self.header("x-request-id"), first.header("x-request-id"));
    }
}

impl Caller {
    /// Posts a text with an idempotency key.
    pub async fn once(&self, key: &str, path: &str, body: &str) -> Told {
        let request = self.request(Method::POST, path);
        let request = request
            .header("content-type", "application/json")
            .header("idempotency-key", key)
            .body(body.to_owned());
        let response = request.send().await.unwrap();
        Told {
            status: response.status().as_u16(),
            headers: response.headers().clone(),
            bytes: response.bytes().await.unwrap().into(),
        }
    }
}

/// The path of an action.
pub fn action(booking: &str, action: &str) -> String {
    format!("/v2/bookings/{booking}/{action}")
}
