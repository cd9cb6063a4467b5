//! A user's browser: it keeps cookies and sends the origin of its requests.

use std::sync::{Arc, Mutex};

use serde_json::Value;

use super::answer::Seen;

/// A browser at a page of this origin.
#[derive(Debug, Clone)]
pub struct Browser {
    pub http: reqwest::Client,
    pub base: Arc<str>,
    /// The value of `Origin`; `None` sends none.
    pub origin: Option<String>,
    /// Name and value of each cookie.
    pub cookies: Arc<Mutex<Vec<(String, String)>>>,
}

impl Browser {
    pub async fn get(&self, path: &str) -> Seen {
        self.send(self.http.get(format!("{}{path}", self.base))).await
    }

    pub async fn post(&self, path: &str, body: &Value) -> Seen {
        self.send(self.http.post(format!("{}{path}", self.base)).json(body))
            .await
    }

    /// A POST without a body.
    pub async fn press(&self, path: &str) -> Seen {
        self.send(self.http.post(format!("{}{path}", self.base))).await
    }

    pub async fn put(&self, path: &str, body: &Value) -> Seen {
        self.send(self.http.put(format!("{}{path}", self.base)).json(body))
            .await
    }

    pub async fn delete(&self, path: &str) -> Seen {
        self.send(self.http.delete(format!("{}{path}", self.base))).await
    }

    /// The value of a cookie.
    pub fn cookie(&self, name: &str) -> Option<String> {
        let cookies = self.cookies.lock().unwrap();
        cookies
            .iter()
            .find(|(key, _)| key == name)
            .map(|(_, value)| value.clone())
    }

    pub fn set_cookie(&self, name: &str, value: &str) {
        let mut cookies = self.cookies.lock().unwrap();
        cookies.retain(|(key, _)| key != name);
        cookies.push((name.to_owned(), value.to_owned()));
    }

    /// A browser with a copy of the cookies, which change independently from then on.
    pub fn copy(&self) -> Self {
        Self {
            cookies: Arc::new(Mutex::new(self.cookies.lock().unwrap().clone())),
            ..self.clone()
        }
    }

    pub async fn send(&self, request: reqwest::RequestBuilder) -> Seen {
        let response = self.fetch(request).await;
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        let body = serde_json::from_slice(&response.bytes().await.unwrap()).unwrap_or(Value::Null);
        assert!(status < 500, "{status} {body}");
        Seen { status, headers, body }
    }

    /// The response, whatever its status; its cookies are kept.
    pub async fn fetch(&self, request: reqwest::RequestBuilder) -> reqwest::Response {
        let response = self.with_session(request).send().await.unwrap();
        for header in response.headers().get_all("set-cookie") {
            let (name, rest) = header.to_str().unwrap().split_once('=').unwrap();
            let value = rest.split(';').next().unwrap();
            if rest.contains("Max-Age=0") {
                self.cookies.lock().unwrap().retain(|(key, _)| key != name);
            } else {
                self.set_cookie(name, value);
            }
        }
        response
    }

    /// The request with the cookies and the origin that a browser adds.
    pub fn with_session(&self, mut request: reqwest::RequestBuilder) -> reqwest::RequestBuilder {
        let cookies: Vec<String> = {
            let cookies = self.cookies.lock().unwrap();
            cookies.iter().map(|(name, value)| format!("{name}={value}")).collect()
        };
        if !cookies.is_empty() {
            request = request.header("cookie", cookies.join("; "));
        }
        if let Some(origin) = &self.origin {
            request = request.header("origin", origin);
        }
        request
    }
}
