//! An API in the process of the tests, behind a real socket.

use std::sync::Arc;
use std::time::Duration;

use api::listener::{self, Listener};
use api::server::{self, ServerLimits};
use api::state::State;
use config::{Needs, Settings};
use figment::Figment;
use kernel::clock::Clock;
use poem::Route;
use sqlx::PgPool;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use super::client::client;

/// The settings of an API.
pub fn read(figment: &Figment) -> Settings {
    Settings::from_figment(figment, Needs::Api).unwrap()
}

/// The state of an API over a database.
pub fn state(pool: PgPool, clock: &Clock, figment: &Figment) -> State {
    State::new(pool, clock.clone(), &read(figment)).unwrap()
}

/// A socket on a free port, on which nothing is served yet.
pub struct Socket {
    listener: Listener,
    pub base: String,
}

impl Socket {
    pub async fn bind() -> Self {
        let listener = Listener::bind("127.0.0.1:0".parse().unwrap(), None).await.unwrap();
        let base = format!("http://{}", listener.address().unwrap());
        Self { listener, base }
    }

    /// Serves an API whose pages are at `public_url`.
    pub fn serve(self, state: State, public_url: &str, limits: ServerLimits) -> Server {
        let Self { listener, base } = self;
        let state = Arc::new(state);
        let app = server::app(Arc::clone(&state), public_url, limits, Route::new()).unwrap();
        let task = tokio::spawn(async move {
            let served = listener::serve(app, listener, limits, CancellationToken::new(), Duration::ZERO);
            served.await.unwrap();
        });
        Server {
            state,
            base: base.into(),
            http: client(),
            task,
        }
    }
}

/// A running API; it ends when dropped.
pub struct Server {
    pub state: Arc<State>,
    pub base: Arc<str>,
    pub http: reqwest::Client,
    task: JoinHandle<()>,
}

impl Server {
    /// An API over a database, with settings, on a socket of its own.
    pub async fn start(pool: PgPool, clock: &Clock, figment: &Figment) -> Self {
        let (state, public_url) = (state(pool, clock, figment), read(figment).public_url);
        Socket::bind().await.serve(state, &public_url, ServerLimits::default())
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.task.abort();
    }
}
