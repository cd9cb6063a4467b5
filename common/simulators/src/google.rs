//! An OpenID Connect provider without authentication: a page that asks for an e-mail address and no password,
//! authorization codes that are exchanged once, and ID tokens with a real RSA signature.

use std::collections::HashMap;
use std::io;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use aws_lc_rs::encoding::{AsDer, Pkcs8V1Der};
use aws_lc_rs::rsa::{KeyPair, KeySize};
use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use jsonwebtoken::jwk::Jwk;
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use kernel::clock::Clock;
use poem::http::{StatusCode, header};
use poem::listener::{Acceptor, Listener, TcpListener};
use poem::web::{Data, Form, Html, Json, Query};
use poem::{Endpoint, EndpointExt, IntoResponse, Response, Route, Server, get, handler, post};
use reqwest::Url;
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use tokio::task::JoinHandle;
use uuid::Uuid;

mod page;

use page::{Asked, page};

/// The client that may use the provider.
#[derive(Debug, Clone)]
pub struct Client {
    /// Its id.
    pub id: String,
    /// Its secret.
    pub secret: SecretString,
}

/// A fault to inject into the next exchange.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// Writes another nonce into the ID token.
    Nonce,
    /// Says that the address is not verified.
    Unverified,
    /// Answers with this HTTP status.
    Status(u16),
}

/// A sign-in whose code has not been exchanged yet.
#[derive(Debug, Clone)]
struct Granted {
    asked: Asked,
    email: String,
}

struct State {
    client: Client,
    issuer: String,
    clock: Clock,
    signing: EncodingKey,
    public: Value,
    granted: Mutex<HashMap<String, Granted>>,
    fault: Mutex<Option<Fault>>,
}

impl State {
    fn granted(&self) -> MutexGuard<'_, HashMap<String, Granted>> {
        self.granted.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A running provider; it ends when it is dropped.
pub struct GoogleSimulator {
    state: Arc<State>,
    task: JoinHandle<()>,
}

impl std::fmt::Debug for GoogleSimulator {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("GoogleSimulator")
            .field("issuer", &self.state.issuer)
            .finish_non_exhaustive()
    }
}

impl GoogleSimulator {
    /// Starts the provider.
    ///
    /// # Errors
    /// When the address is taken, or no key can be made.
    pub async fn start(listen: SocketAddr, client: Client, clock: Clock) -> io::Result<Self> {
        let acceptor = TcpListener::bind(listen).into_acceptor().await?;
        let mut addresses = acceptor.local_addr().into_iter();
        let address = addresses.find_map(|a| a.0.as_socket_addr().copied());
        let (signing, public) = key().map_err(io::Error::other)?;
        let state = Arc::new(State {
            client,
            issuer: format!("http://{}", address.unwrap_or(listen)),
            clock,
            signing,
            public,
            granted: Mutex::default(),
            fault: Mutex::default(),
        });
        let routes = routes(Arc::clone(&state));
        let task = tokio::spawn(async move {
            if let Err(error) = Server::new_with_acceptor(acceptor).run(routes).await {
                tracing::error!(%error, "Google simulator ended");
            }
        });
        Ok(Self { state, task })
    }

    /// Its issuer name, the `iss` of its tokens. Below it are `/authorize`, `/token` and `/keys`.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.state.issuer
    }

    /// Makes the next exchange fail.
    pub fn fail_next(&self, fault: Fault) {
        *self.state.fault.lock().unwrap_or_else(PoisonError::into_inner) = Some(fault);
    }
}

impl Drop for GoogleSimulator {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// A new key: its private half, and its public half as a JWK.
fn key() -> Result<(EncodingKey, Value), Box<dyn std::error::Error + Send + Sync>> {
    let pair = KeyPair::generate(KeySize::Rsa2048)?;
    let der = STANDARD.encode(AsDer::<Pkcs8V1Der<'_>>::as_der(&pair)?.as_ref());
    let pem = format!("-----BEGIN PRIVATE KEY-----\n{der}\n-----END PRIVATE KEY-----\n");
    let signing = EncodingKey::from_rsa_pem(pem.as_bytes())?;
    let mut public = serde_json::to_value(Jwk::from_encoding_key(&signing, Algorithm::RS256)?)?;
    public["kid"] = json!("simulator");
    public["use"] = json!("sig");
    Ok((signing, public))
}

fn routes(state: Arc<State>) -> impl Endpoint {
    Route::new()
        .at("/healthz", get(healthz))
        // Browsers request it, and report an error without it.
        .at("/favicon.ico", get(nothing))
        .at("/keys", get(keys))
        .at("/authorize", get(authorize))
        .at("/token", post(token))
        .data(state)
}

#[handler]
fn healthz() -> &'static str {
    "ok"
}

#[handler]
fn nothing() -> StatusCode {
    StatusCode::NO_CONTENT
}

#[handler]
fn keys(Data(state): Data<&Arc<State>>) -> Json<Value> {
    Json(json!({ "keys": [state.public] }))
}

/// The page, and where it redirects once a person has decided.
#[handler]
fn authorize(Data(state): Data<&Arc<State>>, Query(asked): Query<Asked>) -> Response {
    let is_ours = asked.client_id == state.client.id
        && asked.response_type == "code"
        && asked.scope.split(' ').any(|scope| scope == "openid")
        && asked.code_challenge_method == "S256";
    let Some(mut back) = Url::parse(&asked.redirect_uri).ok().filter(|_| is_ours) else {
        return (StatusCode::BAD_REQUEST, "invalid_request").into_response();
    };
    let mut query = back.query_pairs_mut();
    query.append_pair("state", &asked.state);
    match (asked.decision.as_deref(), &asked.email) {
        (Some("deny"), _) => query.append_pair("error", "access_denied"),
        (Some(_), Some(email)) => {
            let code = Uuid::new_v4().to_string();
            query.append_pair("code", &code);
            let email = email.clone();
            state.granted().insert(code, Granted { asked, email });
            &mut query
        }
        _ => return Html(page(&asked)).into_response(),
    };
    drop(query);
    Response::builder()
        .status(StatusCode::SEE_OTHER)
        .header(header::LOCATION, back.as_str())
        .finish()
}

/// Request body of the token endpoint.
#[derive(Deserialize)]
struct Exchange {
    grant_type: String,
    code: String,
    redirect_uri: String,
    client_id: String,
    client_secret: SecretString,
    code_verifier: String,
}

#[handler]
fn token(Data(state): Data<&Arc<State>>, Form(form): Form<Exchange>) -> Response {
    let refused = |status, error: &str| (status, Json(json!({ "error": error }))).into_response();
    let fault = state.fault.lock().unwrap_or_else(PoisonError::into_inner).take();
    if let Some(Fault::Status(status)) = fault {
        return StatusCode::from_u16(status)
            .unwrap_or(StatusCode::BAD_GATEWAY)
            .into_response();
    }
    let is_ours =
        form.client_id == state.client.id && form.client_secret.expose_secret() == state.client.secret.expose_secret();
    if !is_ours {
        return refused(StatusCode::UNAUTHORIZED, "invalid_client");
    }
    // Any attempt uses the code up, as RFC 6749 requires (section 4.1.2).
    let granted = state.granted().remove(&form.code).filter(|Granted { asked, .. }| {
        let challenge = URL_SAFE_NO_PAD.encode(Sha256::digest(form.code_verifier.as_bytes()));
        asked.redirect_uri == form.redirect_uri && asked.code_challenge == challenge
    });
    let Some(Granted { asked, email }) = granted else {
        return refused(StatusCode::BAD_REQUEST, "invalid_grant");
    };
    if form.grant_type != "authorization_code" {
        return refused(StatusCode::BAD_REQUEST, "unsupported_grant_type");
    }
    let now = state.clock.now().timestamp();
    let mut claims = json!({
        "iss": state.issuer,
        "aud": state.client.id,
        "azp": state.client.id,
        "sub": email,
        "email": email,
        "email_verified": fault != Some(Fault::Unverified),
        "nonce": asked.nonce,
        "iat": now,
        "exp": now + 3600,
    });
    if fault == Some(Fault::Nonce) {
        claims["nonce"] = json!("another");
    }
    let mut head = Header::new(Algorithm::RS256);
    head.kid = Some("simulator".to_owned());
    match jsonwebtoken::encode(&head, &claims, &state.signing) {
        Ok(id_token) => Json(json!({
            "access_token": "none",
            "token_type": "Bearer",
            "expires_in": 3599,
            "scope": asked.scope,
            "id_token": id_token,
        }))
        .into_response(),
        Err(error) => (StatusCode::INTERNAL_SERVER_ERROR, error.to_string()).into_response(),
    }
}
