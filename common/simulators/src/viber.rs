//! A Viber provider that lists the messages that it accepted: `GET /messages`. A message with known `tracking_data` is
//! a repeat: it is answered like the first one and not listed twice.

use std::collections::VecDeque;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::io;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use clients::viber::{SEND_PATH, TOKEN_HEADER, ViberMessage};
use poem::http::StatusCode;
use poem::listener::{Acceptor, Listener, TcpListener};
use poem::web::{Data, Json};
use poem::{Endpoint, EndpointExt, IntoResponse, Request, Response, Route, Server, get, handler, post};
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};
use tokio::sync::watch;
use tokio::task::JoinHandle;

/// Messages that it remembers; older ones are forgotten.
const MEMORY: usize = 100_000;

/// A fault to inject into the next message.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(
    tag = "kind",
    rename_all = "camelCase",
    rename_all_fields = "camelCase",
    deny_unknown_fields
)]
pub enum Fault {
    /// Answers with this HTTP status and does not accept the message.
    Status {
        /// The status.
        status: u16,
        /// `Retry-After`, in seconds.
        retry_after: Option<u64>,
    },
    /// Answers 200 with this status in the body and does not accept the message.
    Body {
        /// The provider's own status, not 0.
        status: i64,
    },
    /// Answers with this and does not accept the message.
    Answer {
        /// The HTTP status.
        status: u16,
        /// `Retry-After`, as it is sent.
        retry_after: Option<String>,
        /// The whole body.
        body: String,
    },
    /// Accepts the message and never answers.
    Hang,
}

/// A message that it accepted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Received {
    /// The message, as it first arrived.
    #[serde(flatten)]
    pub message: ViberMessage,
    /// How often it arrived.
    pub times: u32,
    /// How many of these times it got no response.
    pub unanswered: u32,
    /// The header `traceparent`, as it first arrived.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub traceparent: Option<String>,
}

#[derive(Debug)]
struct State {
    token: SecretString,
    faults: Mutex<VecDeque<Fault>>,
    outage: watch::Sender<Option<Fault>>,
    messages: Mutex<VecDeque<Received>>,
}

impl State {
    fn faults(&self) -> MutexGuard<'_, VecDeque<Fault>> {
        self.faults.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn messages(&self) -> MutexGuard<'_, VecDeque<Received>> {
        self.messages.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The fault of the next message, and whether it is that of an outage.
    fn next_fault(&self) -> (Option<Fault>, bool) {
        let asked = self.faults().pop_front();
        let is_outage = asked.is_none();
        let fault = asked.or_else(|| self.outage.borrow().clone());
        (fault, is_outage)
    }

    fn take(&self, message: ViberMessage, traceparent: Option<&str>, is_answered: bool) {
        let unanswered = u32::from(!is_answered);
        let mut messages = self.messages();
        let known = messages
            .iter_mut()
            .find(|m| m.message.tracking_data == message.tracking_data);
        if let Some(known) = known {
            known.times += 1;
            known.unanswered += unanswered;
            return;
        }
        messages.push_back(Received {
            message,
            times: 1,
            unanswered,
            traceparent: traceparent.map(str::to_owned),
        });
        if messages.len() > MEMORY {
            messages.pop_front();
        }
    }
}

/// A running provider; it ends when it is dropped.
#[derive(Debug)]
pub struct ViberSimulator {
    address: SocketAddr,
    state: Arc<State>,
    task: JoinHandle<()>,
}

impl ViberSimulator {
    /// Starts the provider.
    ///
    /// # Errors
    /// When the address is taken.
    pub async fn start(listen: SocketAddr, token: SecretString) -> io::Result<Self> {
        let acceptor = TcpListener::bind(listen).into_acceptor().await?;
        let address = acceptor
            .local_addr()
            .into_iter()
            .find_map(|a| a.0.as_socket_addr().copied());
        let state = Arc::new(State {
            token,
            faults: Mutex::default(),
            outage: watch::Sender::new(None),
            messages: Mutex::default(),
        });
        let routes = routes(Arc::clone(&state));
        let task = tokio::spawn(async move {
            if let Err(error) = Server::new_with_acceptor(acceptor).run(routes).await {
                tracing::error!(%error, "Viber simulator ended");
            }
        });
        Ok(Self {
            address: address.unwrap_or(listen),
            state,
            task,
        })
    }

    /// Its base URL.
    #[must_use]
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Makes one of the next messages fail; several faults are used up in order.
    pub fn fail_next(&self, fault: Fault) {
        self.state.faults().push_back(fault);
    }

    /// Makes every message fail like this until the next call. When an outage ends, requests that hang are answered
    /// with 503.
    pub fn outage(&self, fault: Option<Fault>) {
        self.state.outage.send_replace(fault);
    }

    /// The accepted messages, oldest first.
    #[must_use]
    pub fn messages(&self) -> Vec<Received> {
        self.state.messages().iter().cloned().collect()
    }
}

impl Drop for ViberSimulator {
    fn drop(&mut self) {
        self.task.abort();
    }
}

fn routes(state: Arc<State>) -> impl Endpoint {
    Route::new()
        .at("/healthz", get(healthz))
        .at("/messages", get(list_messages))
        .at("/faults", post(add_faults))
        .at(SEND_PATH, post(send_message))
        .data(state)
}

#[handler]
fn healthz() -> &'static str {
    "ok"
}

#[handler]
fn list_messages(Data(state): Data<&Arc<State>>) -> Json<Vec<Received>> {
    Json(state.messages().iter().cloned().collect())
}

/// `POST /faults` with a list of faults: what [`ViberSimulator::fail_next`] does in tests.
#[handler]
fn add_faults(Data(state): Data<&Arc<State>>, Json(faults): Json<Vec<Fault>>) -> StatusCode {
    state.faults().extend(faults);
    StatusCode::NO_CONTENT
}

#[handler]
async fn send_message(
    Data(state): Data<&Arc<State>>,
    request: &Request,
    Json(message): Json<ViberMessage>,
) -> Response {
    if request.header(TOKEN_HEADER) != Some(state.token.expose_secret()) {
        return answer(2, "invalidAuthToken")
            .with_status(StatusCode::UNAUTHORIZED)
            .into_response();
    }
    let (fault, is_outage) = state.next_fault();
    match fault {
        Some(Fault::Status { status, retry_after }) => {
            let retry_after = retry_after.map(|seconds| seconds.to_string());
            wrong(status, retry_after.as_deref(), "")
        }
        Some(Fault::Answer {
            status,
            retry_after,
            body,
        }) => wrong(status, retry_after.as_deref(), &body),
        Some(Fault::Body { status }) => answer(status, "failed as asked").into_response(),
        Some(Fault::Hang) => {
            state.take(message, request.header("traceparent"), false);
            if !is_outage {
                return std::future::pending().await;
            }
            // It may have ended already. The channel cannot close: the state holds the sender.
            let mut outage = state.outage.subscribe();
            let _ = outage.wait_for(Option::is_none).await;
            wrong(503, None, "")
        }
        None => {
            let message_token = token(&message.tracking_data);
            state.take(message, request.header("traceparent"), true);
            let answer = serde_json::json!({ "status": 0, "status_message": "ok", "message_token": message_token });
            Json(answer).into_response()
        }
    }
}

fn wrong(status: u16, retry_after: Option<&str>, body: &str) -> Response {
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let response = Response::builder().status(status);
    match retry_after {
        Some(retry_after) => response.header("retry-after", retry_after).body(body.to_owned()),
        None => response.body(body.to_owned()),
    }
}

/// The provider's id of a message: a number of 19 digits, the same for a repeat.
fn token(tracking_data: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    tracking_data.hash(&mut hasher);
    5_000_000_000_000_000_000 + hasher.finish() % 1_000_000_000_000_000_000
}

fn answer(status: i64, message: &str) -> Json<serde_json::Value> {
    Json(serde_json::json!({ "status": status, "status_message": message }))
}
