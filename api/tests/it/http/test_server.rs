//! The API behind its own listener, and raw connections to it.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use api::listener::tls::Tls;
use api::listener::{self, Listener};
use api::server::ServerLimits;
use app::api_key;
use serde_json::Value;
use testing::database::TestDb;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use crate::http::support::{build, limits, partner};

/// The limits of the listener here: short enough that a test need not wait, long enough that no correct client is cut
/// off.
pub fn hasty() -> ServerLimits {
    ServerLimits {
        head: Duration::from_millis(300),
        send: Duration::from_millis(300),
        idle: Duration::from_millis(900),
        ..limits()
    }
}

/// A running API.
pub struct TestServer {
    db: TestDb,
    pub address: SocketAddr,
    pub shutdown: CancellationToken,
    server: Option<JoinHandle<()>>,
}

impl Drop for TestServer {
    fn drop(&mut self) {
        if let Some(server) = &self.server {
            server.abort();
        }
    }
}

impl TestServer {
    pub async fn open(limits: ServerLimits) -> Self {
        Self::open_with(&[], limits, None).await
    }

    pub async fn open_with(settings: &[(&str, Value)], limits: ServerLimits, tls: Option<Arc<Tls>>) -> Self {
        let (db, _, app) = build(settings, limits).await;
        let listener = Listener::bind("127.0.0.1:0".parse().unwrap(), tls).await.unwrap();
        let address = listener.address().unwrap();
        let shutdown = CancellationToken::new();
        let (end, drain) = (shutdown.clone(), Duration::from_millis(300));
        let server = tokio::spawn(async move {
            listener::serve(app, listener, limits, end, drain).await.unwrap();
        });
        Self {
            db,
            address,
            shutdown,
            server: Some(server),
        }
    }

    /// A live key of the partner.
    pub async fn key(&self) -> String {
        let mut conn = self.db.pool.acquire().await.unwrap();
        let now = "2026-06-10T03:30:00Z".parse().unwrap();
        let text = api_key::key_text("local", rand::random());
        api_key::create(&mut conn, partner(), "local", "test", &text, now)
            .await
            .unwrap();
        text
    }

    /// Waits until the server has ended.
    pub async fn ended(&mut self) {
        self.server.take().unwrap().await.unwrap();
    }

    pub async fn connect(&self) -> TcpStream {
        TcpStream::connect(self.address).await.unwrap()
    }

    /// Sends a text on a new connection and reads until the server closes it.
    pub async fn say(&self, text: &str) -> String {
        String::from_utf8_lossy(&self.say_bytes(text).await).into_owned()
    }

    /// Like [`TestServer::say`], for a response that is not text.
    pub async fn say_bytes(&self, text: &str) -> Vec<u8> {
        let mut stream = self.connect().await;
        stream.write_all(text.as_bytes()).await.unwrap();
        rest_bytes(&mut stream).await
    }
}

/// The bytes received until the other side closes or resets the connection.
pub async fn rest(stream: &mut TcpStream) -> String {
    String::from_utf8_lossy(&rest_bytes(stream).await).into_owned()
}

async fn rest_bytes(stream: &mut TcpStream) -> Vec<u8> {
    let mut bytes = Vec::new();
    // A connection that is closed with unread data ends with a reset; what arrived before counts.
    let _ = stream.read_to_end(&mut bytes).await;
    bytes
}

/// The bytes received until the head and the whole body have arrived.
pub async fn answer(stream: &mut TcpStream) -> String {
    let mut bytes = Vec::new();
    loop {
        let text = String::from_utf8_lossy(&bytes);
        if let Some((head, body)) = text.split_once("\r\n\r\n") {
            let length = head.lines().find_map(|line| line.strip_prefix("content-length: "));
            if body.len() >= length.map_or(0, |length| length.parse().unwrap()) {
                return text.into_owned();
            }
        }
        assert_ne!(
            stream.read_buf(&mut bytes).await.unwrap(),
            0,
            "the connection was closed"
        );
    }
}
