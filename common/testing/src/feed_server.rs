//! A server of feeds on a real socket, whose responses, also faulty ones, the test sets.

use std::collections::HashMap;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard};

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

/// The response at a path.
#[derive(Debug, Clone, Default)]
pub struct Answer {
    /// Status code.
    pub status: u16,
    /// Further headers. If they have an `ETag` or `Last-Modified` that the client already knows, the response is a 304.
    pub headers: Vec<(&'static str, String)>,
    /// What follows the head.
    pub body: Body,
}

/// What follows the head of an answer.
#[derive(Debug, Clone, Default)]
pub enum Body {
    /// Nothing.
    #[default]
    Empty,
    /// These bytes, with their length.
    Whole(Vec<u8>),
    /// A length, and fewer bytes than that.
    CutOff,
    /// Bytes without an end, and without a length.
    Endless,
    /// A length, and no bytes; the connection stays open.
    Stalled,
}

impl Answer {
    /// A body that is what the client asked for.
    #[must_use]
    pub fn ok(body: Vec<u8>) -> Self {
        Self {
            status: 200,
            body: Body::Whole(body),
            ..Self::default()
        }
    }

    /// A status without a body.
    #[must_use]
    pub fn status(status: u16) -> Self {
        Self {
            status,
            ..Self::default()
        }
    }

    /// A redirect.
    #[must_use]
    pub fn redirect(status: u16, location: &str) -> Self {
        Self::status(status).header("Location", location)
    }

    /// With a header.
    #[must_use]
    pub fn header(mut self, name: &'static str, value: &str) -> Self {
        self.headers.push((name, value.to_owned()));
        self
    }
}

#[derive(Debug, Default)]
struct State {
    answers: HashMap<String, Answer>,
    asked: Vec<String>,
}

/// A running server; it ends when it is dropped.
#[derive(Debug)]
pub struct FeedServer {
    address: SocketAddr,
    state: Arc<Mutex<State>>,
    task: JoinHandle<()>,
}

impl Drop for FeedServer {
    fn drop(&mut self) {
        self.task.abort();
    }
}

#[expect(clippy::expect_used, reason = "a test harness may panic")]
impl FeedServer {
    /// A server without any answer: everything is 404.
    ///
    /// # Panics
    /// When there is no port.
    pub async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("its address");
        let state = Arc::<Mutex<State>>::default();
        let shared = Arc::clone(&state);
        let task = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(serve(stream, Arc::clone(&shared)));
            }
        });
        Self { address, state, task }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        lock(&self.state)
    }

    /// The address of a path, which begins with a slash.
    #[must_use]
    pub fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    /// Sets the response at a path from now on.
    pub fn answer(&self, path: &str, answer: Answer) {
        self.state().answers.insert(path.to_owned(), answer);
    }

    /// The heads of all requests, in lower case.
    #[must_use]
    pub fn asked(&self) -> Vec<String> {
        self.state().asked.clone()
    }
}

#[expect(clippy::expect_used, reason = "a test harness may panic")]
fn lock(state: &Mutex<State>) -> MutexGuard<'_, State> {
    state.lock().expect("no test panics while it holds the state")
}

async fn serve(mut stream: TcpStream, state: Arc<Mutex<State>>) {
    // An error means that the client has disconnected.
    let _ = respond(&mut stream, &state).await;
}

async fn respond(stream: &mut TcpStream, state: &Mutex<State>) -> std::io::Result<()> {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        head.push(stream.read_u8().await?);
    }
    let head = String::from_utf8_lossy(&head).into_owned();
    let path = head.split(' ').nth(1).unwrap_or_default().to_owned();
    let answer = {
        let mut state = lock(state);
        state.asked.push(head.to_lowercase());
        let answer = state.answers.get(&path).cloned();
        answer.unwrap_or_else(|| Answer::status(404))
    };
    let is_known = |(name, value): &(&str, String)| {
        let question = match *name {
            "ETag" => "if-none-match",
            "Last-Modified" => "if-modified-since",
            _ => return false,
        };
        head.to_lowercase()
            .contains(&format!("\r\n{question}: {}\r\n", value.to_lowercase()))
    };
    let (status, body) = match answer.headers.iter().any(is_known) {
        true => (304, Body::Empty),
        false => (answer.status, answer.body),
    };
    let mut reply = format!("HTTP/1.1 {status} Test\r\nConnection: close\r\n");
    for (name, value) in &answer.headers {
        reply.push_str(&format!("{name}: {value}\r\n"));
    }
    let length = match &body {
        Body::Empty => Some(0),
        Body::Whole(bytes) => Some(bytes.len()),
        Body::CutOff | Body::Stalled => Some(1_000),
        Body::Endless => None,
    };
    if let Some(length) = length {
        reply.push_str(&format!("Content-Length: {length}\r\n"));
    }
    reply.push_str("\r\n");
    stream.write_all(reply.as_bytes()).await?;
    match body {
        Body::Empty => {}
        Body::Whole(bytes) => stream.write_all(&bytes).await?,
        Body::CutOff => stream.write_all(b"PK").await?,
        Body::Endless => loop {
            stream.write_all(&[b'x'; 16 * 1024]).await?;
        },
        Body::Stalled => std::future::pending().await,
    }
    stream.shutdown().await
}
