//! A response, as a client sees it.

use poem::http::HeaderMap;
use serde_json::Value;

/// A response.
pub struct Seen {
    pub status: u16,
    pub headers: HeaderMap,
    pub body: Value,
}

impl Seen {
    /// Asserts the status.
    #[track_caller]
    pub fn status(&self, expected: u16) -> &Self {
        assert_eq!(self.status, expected, "{}", self.body);
        self
    }

    /// Asserts that it is an error with this status and code.
    #[track_caller]
    pub fn refused(&self, status: u16, code: &str) -> &Self {
        assert_eq!((self.status, self.code()), (status, code), "{}", self.body);
        self
    }

    /// The `data` of a success.
    #[track_caller]
    pub fn data(&self) -> &Value {
        assert!(self.status < 300, "{} {}", self.status, self.body);
        &self.body["data"]
    }

    pub fn header(&self, name: &str) -> &str {
        self.headers
            .get(name)
            .map(|value| value.to_str().unwrap())
            .unwrap_or_default()
    }

    /// `errorCode` of the first item; every error has both keys and a message.
    pub fn code(&self) -> &str {
        for item in self.body["errors"].as_array().expect("an envelope") {
            assert_eq!(item["errorCode"], item["code"]);
            assert!(!item["message"].as_str().unwrap().is_empty());
        }
        self.body["errors"][0]["code"].as_str().expect("a code")
    }

    /// `field constraint` of every item.
    pub fn fields(&self) -> Vec<String> {
        assert_eq!((self.status, self.code()), (400, "VALIDATION_ERROR"));
        let text = |item: &Value, name: &str| item["details"][name].as_str().unwrap().to_owned();
        let items = self.body["errors"].as_array().unwrap();
        items
            .iter()
            .map(|item| format!("{} {}", text(item, "field"), text(item, "constraint")))
            .collect()
    }
}
