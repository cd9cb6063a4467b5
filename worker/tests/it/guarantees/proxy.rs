//! A proxy between a process and the database, which a test can slow down, freeze and close.

use std::sync::Arc;
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream, tcp};
use tokio::sync::watch;
use tokio::task::JoinHandle;

/// What the proxy does with connections.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    /// Everything passes.
    Open,
    /// Nothing passes, and nothing breaks.
    Frozen,
    /// Open connections work; a new one takes this long.
    Slow(Duration),
    /// Open connections are broken, and so are new ones.
    Closed,
}

/// Forwards connections to a database server.
pub struct Proxy {
    /// The URL of the database through the proxy.
    pub url: String,
    way: Arc<watch::Sender<Way>>,
    task: JoinHandle<()>,
}

impl Proxy {
    /// Starts a proxy to the database at this URL.
    pub async fn start(url: &str) -> Self {
        let (head, rest) = url.split_once('@').unwrap();
        let (server, database) = rest.split_once('/').unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("{head}@{}/{database}", listener.local_addr().unwrap());
        let (way, server) = (Arc::new(watch::Sender::new(Way::Open)), server.to_owned());
        let task = tokio::spawn({
            let way = Arc::clone(&way);
            async move {
                while let Ok((client, _)) = listener.accept().await {
                    tokio::spawn(forward(client, server.clone(), way.subscribe()));
                }
            }
        });
        Self { url, way, task }
    }

    pub fn set(&self, way: Way) {
        self.way.send_replace(way);
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.task.abort();
        self.set(Way::Closed);
    }
}

async fn forward(client: TcpStream, server: String, mut way: watch::Receiver<Way>) {
    let start = *way.borrow_and_update();
    match start {
        Way::Closed => return,
        Way::Slow(time) => tokio::time::sleep(time).await,
        Way::Open | Way::Frozen => {}
    }
    let Ok(server) = TcpStream::connect(server).await else {
        return;
    };
    let (from_client, to_client) = client.into_split();
    let (from_server, to_server) = server.into_split();
    tokio::select! {
        () = pass(from_client, to_server, way.clone()) => {}
        () = pass(from_server, to_client, way.clone()) => {}
        _ = way.wait_for(|way| *way == Way::Closed) => {}
    }
}

async fn pass(mut from: tcp::OwnedReadHalf, mut to: tcp::OwnedWriteHalf, mut way: watch::Receiver<Way>) {
    let mut bytes = vec![0; 16 * 1024];
    while let Ok(read @ 1..) = from.read(&mut bytes).await {
        if way.wait_for(|way| *way != Way::Frozen).await.is_err() || to.write_all(&bytes[..read]).await.is_err() {
            return;
        }
    }
}
