//! Requests as a careful client makes them: a request that gets no response, or one that asks for a retry, is sent
//! again to another API.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use reqwest::{Client, RequestBuilder};
use serde_json::Value;
use tokio::time::Instant;

use crate::error::Result;
use crate::figures::Figures;

/// How long a client keeps retrying.
const TIMEOUT: Duration = Duration::from_secs(90);

/// How long it waits for one response.
const ANSWER: Duration = Duration::from_secs(15);

/// Pause before a retry.
const PAUSE: Duration = Duration::from_millis(200);

/// The APIs, used in turn.
#[derive(Debug)]
pub struct Api {
    http: Client,
    urls: Vec<String>,
    turn: AtomicUsize,
    figures: Arc<Figures>,
}

/// A response that says what happened, so that the request is not retried.
#[derive(Debug, Clone)]
pub struct Answer {
    /// Its HTTP status.
    pub status: u16,
    /// Its body; null when it has none.
    pub body: Value,
    /// `name=value` of its cookies.
    pub cookies: Vec<String>,
}

/// Status and error code.
impl fmt::Display for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.status, self.code())
    }
}

impl Answer {
    /// Whether it is a success.
    pub const fn is_success(&self) -> bool {
        self.status / 100 == 2
    }

    /// The error code; empty when the response has none.
    pub fn code(&self) -> &str {
        self.body["errors"][0]["code"].as_str().unwrap_or_default()
    }

    /// Whether another response says the same.
    pub fn says(&self, other: &Self) -> bool {
        (self.status, &self.body) == (other.status, &other.body)
    }

    /// Whether the request is to be sent again.
    fn asks_for_a_repeat(&self) -> bool {
        self.status >= 500 || self.status == 429 || self.code() == "IDEMPOTENCY_IN_FLIGHT"
    }
}

impl Api {
    /// A client of these APIs.
    ///
    /// # Errors
    /// When the HTTP client cannot be built.
    pub fn new(urls: Vec<String>, figures: Arc<Figures>) -> Result<Self> {
        let http = Client::builder()
            .timeout(ANSWER)
            .connect_timeout(Duration::from_secs(2))
            .build()?;
        Ok(Self {
            http,
            urls,
            turn: AtomicUsize::new(0),
            figures,
        })
    }

    /// A client of each of these APIs alone.
    pub fn each(&self) -> Vec<Self> {
        let alone = |url: &String| Self {
            http: self.http.clone(),
            urls: vec![url.clone()],
            turn: AtomicUsize::new(0),
            figures: Arc::clone(&self.figures),
        };
        self.urls.iter().map(alone).collect()
    }

    /// Sends a request until it gets a response that does not ask for a retry; `None` when the time is over first.
    pub async fn ask(&self, request: impl Fn(&Client, &str) -> RequestBuilder) -> Option<Answer> {
        let ends = Instant::now() + TIMEOUT;
        loop {
            let turn = self.turn.fetch_add(1, Ordering::Relaxed);
            let url = self.urls.get(turn % self.urls.len().max(1))?;
            self.figures.requests.add();
            if let Some(answer) = once(request(&self.http, url)).await
                && !answer.asks_for_a_repeat()
            {
                return Some(answer);
            }
            self.figures.unanswered.add();
            if Instant::now() > ends {
                return None;
            }
            tokio::time::sleep(PAUSE).await;
        }
    }
}

async fn once(request: RequestBuilder) -> Option<Answer> {
    let answer = request.send().await.ok()?;
    let status = answer.status().as_u16();
    let cookies = answer.headers().get_all("set-cookie").iter();
    let cookies = cookies
        .filter_map(|cookie| cookie.to_str().ok()?.split(';').next().map(ToOwned::to_owned))
        .collect();
    let text = answer.text().await.ok()?;
    // A response that was cut off counts as none.
    let body = match text.as_str() {
        "" => Value::Null,
        text => serde_json::from_str(text).ok()?,
    };
    Some(Answer { status, body, cookies })
}
