//! A provider of ID tokens with real RSA keys on a real socket; tests can rotate its keys, make it fail and stop it.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex, OnceLock};

use aws_lc_rs::encoding::{AsDer, Pkcs8V1Der};
use aws_lc_rs::rsa::{KeyPair, KeySize};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use chrono::{DateTime, Utc};
use jsonwebtoken::jwk::Jwk;
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use poem::http::StatusCode;
use poem::listener::{Acceptor, Listener, TcpListener};
use poem::{Response, Route, Server};
use serde_json::{Value, json};
use tokio::task::JoinHandle;

/// The client that its tokens are for, by default.
pub const CLIENT: &str = "backoffice.apps.example";

/// Keys are made once a process: each takes a tenth of a second.
static KEYS: [OnceLock<(EncodingKey, Value)>; 2] = [const { OnceLock::new() }; 2];

/// The response to a request for its keys.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    /// The keys with these numbers.
    Keys(Vec<usize>),
    /// This text.
    Text(String),
    /// This status.
    Status(u16),
    /// 503 with this `Retry-After`.
    Later(String),
}

#[derive(Debug)]
struct State {
    answer: Answer,
    cache_control: Option<String>,
    asked: usize,
}

/// A running provider; it ends when it is dropped.
#[derive(Debug)]
pub struct Issuer {
    address: SocketAddr,
    state: Arc<Mutex<State>>,
    server: Option<JoinHandle<()>>,
}

impl Drop for Issuer {
    fn drop(&mut self) {
        self.close();
    }
}

#[expect(clippy::expect_used, reason = "a test harness may panic")]
fn key(number: usize) -> &'static (EncodingKey, Value) {
    KEYS[number].get_or_init(|| {
        let pair = KeyPair::generate(KeySize::Rsa2048).expect("a key");
        let der = AsDer::<Pkcs8V1Der<'_>>::as_der(&pair).expect("its form");
        let pem = format!(
            "-----BEGIN PRIVATE KEY-----\n{}\n-----END PRIVATE KEY-----\n",
            STANDARD.encode(der.as_ref())
        );
        let signing = EncodingKey::from_rsa_pem(pem.as_bytes()).expect("a key that signs");
        let jwk = Jwk::from_encoding_key(&signing, Algorithm::RS256).expect("its public half");
        let mut jwk = serde_json::to_value(jwk).expect("JSON");
        jwk["kid"] = json!(name(number));
        jwk["use"] = json!("sig");
        (signing, jwk)
    })
}

/// The id of a key.
#[must_use]
pub fn name(number: usize) -> String {
    format!("key-{number}")
}

#[expect(clippy::expect_used, reason = "a test harness may panic")]
impl Issuer {
    /// A provider that publishes its first key for ten minutes.
    pub async fn start() -> Self {
        let mut issuer = Self {
            address: ([127, 0, 0, 1], 0).into(),
            state: Arc::new(Mutex::new(State {
                answer: Answer::Keys(vec![0]),
                cache_control: Some("public, max-age=600".to_owned()),
                asked: 0,
            })),
            server: None,
        };
        issuer.open().await;
        issuer
    }

    /// Listens, on the same port as before if it listened before.
    pub async fn open(&mut self) {
        let listener = TcpListener::bind(self.address).into_acceptor().await;
        let acceptor = listener.expect("the port is free");
        let address = acceptor.local_addr().remove(0);
        self.address = *address.as_socket_addr().expect("a TCP address");
        let state = Arc::clone(&self.state);
        let keys = poem::endpoint::make_sync(move |_| respond(&state));
        let routes = Route::new().at("/keys", poem::get(keys));
        self.server = Some(tokio::spawn(async move {
            let _ = Server::new_with_acceptor(acceptor).run(routes).await;
        }));
    }

    /// Stops listening.
    pub fn close(&mut self) {
        if let Some(server) = self.server.take() {
            server.abort();
        }
    }

    fn state(&self) -> std::sync::MutexGuard<'_, State> {
        self.state.lock().expect("no test panics while it holds the state")
    }

    /// Its issuer name, the `iss` of its tokens.
    #[must_use]
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Where its keys are.
    #[must_use]
    pub fn keys_url(&self) -> String {
        format!("{}/keys", self.url())
    }

    /// Sets the response from now on.
    pub fn answer(&self, answer: Answer) {
        self.state().answer = answer;
    }

    /// Sets the `Cache-Control` of the responses from now on.
    pub fn cache_control(&self, value: Option<&str>) {
        self.state().cache_control = value.map(str::to_owned);
    }

    /// How often it was asked for its keys.
    #[must_use]
    pub fn asked(&self) -> usize {
        self.state().asked
    }

    /// Valid claims for an hour from `now`.
    #[must_use]
    pub fn claims(&self, email: &str, now: DateTime<Utc>) -> Value {
        json!({
            "iss": self.url(),
            "aud": CLIENT,
            "azp": CLIENT,
            "sub": "104",
            "email": email,
            "email_verified": true,
            "iat": now.timestamp(),
            "exp": now.timestamp() + 3600,
        })
    }

    /// A token with valid claims, signed with the first key.
    #[must_use]
    pub fn token(&self, email: &str, now: DateTime<Utc>) -> String {
        sign(0, &self.claims(email, now))
    }
}

/// A token that is signed with a key.
///
/// # Panics
/// When there is no such key.
#[must_use]
#[expect(clippy::expect_used, reason = "a test harness may panic")]
pub fn sign(number: usize, claims: &Value) -> String {
    let mut header = Header::new(Algorithm::RS256);
    header.kid = Some(name(number));
    jsonwebtoken::encode(&header, claims, &key(number).0).expect("a token")
}

/// The public half of a key, as a JWK.
#[must_use]
pub fn public(number: usize) -> Value {
    key(number).1.clone()
}

#[expect(clippy::expect_used, reason = "a test harness may panic")]
fn respond(state: &Mutex<State>) -> Response {
    let mut state = state.lock().expect("no test panics while it holds the state");
    state.asked += 1;
    let (status, body) = match &state.answer {
        Answer::Keys(numbers) => {
            let keys: Vec<Value> = numbers.iter().map(|number| public(*number)).collect();
            (200, json!({ "keys": keys }).to_string())
        }
        Answer::Text(text) => (200, text.clone()),
        Answer::Status(status) => (*status, String::new()),
        Answer::Later(_) => (503, String::new()),
    };
    let status = StatusCode::from_u16(status).expect("a status");
    let mut response = Response::builder().status(status);
    if let Some(value) = &state.cache_control {
        response = response.header("cache-control", value);
    }
    if let Answer::Later(asked) = &state.answer {
        response = response.header("retry-after", asked);
    }
    response.body(body)
}
