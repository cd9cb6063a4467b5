//! A TCP proxy between the platform and a server, like those in front of databases that fail over. Pointed at another
//! server, it leads new connections there and leaves the existing ones alone, or silences them, as when a host has lost
//! power. It can also be slow, or pass no data for a while.

use std::io;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::JoinHandle;

/// How a proxy treats data, on all connections.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Manner {
    /// At once.
    #[default]
    Passing,
    /// Each piece of data is delayed for this time.
    Slow(Duration),
    /// Connections are made and stay open, and no data passes until this ends; then all of it does.
    HalfOpen,
}

/// A proxy; it ends with the test, and its connections with it.
#[derive(Debug)]
pub struct TestProxy {
    address: SocketAddr,
    target: Arc<Mutex<SocketAddr>>,
    silenced: watch::Sender<()>,
    manner: watch::Sender<Manner>,
    accepting: JoinHandle<()>,
}

impl Drop for TestProxy {
    fn drop(&mut self) {
        self.accepting.abort();
    }
}

#[expect(clippy::expect_used, reason = "a test harness may panic")]
impl TestProxy {
    /// Starts one that leads to a port of this machine.
    ///
    /// # Panics
    /// When it cannot listen.
    pub async fn start(port: u16) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let address = listener.local_addr().expect("it listens");
        let target = Arc::new(Mutex::new(SocketAddr::from(([127, 0, 0, 1], port))));
        let to = Arc::clone(&target);
        let silenced = watch::Sender::new(());
        let silences = silenced.clone();
        let manner = watch::Sender::new(Manner::Passing);
        let manners = manner.clone();
        let accepting = tokio::spawn(async move {
            let mut connections = tokio::task::JoinSet::new();
            while let Ok((mut client, _)) = listener.accept().await {
                let target = *to.lock().unwrap_or_else(PoisonError::into_inner);
                let mut silence = silences.subscribe();
                let manner = manners.subscribe();
                connections.spawn(async move {
                    if let Ok(mut server) = TcpStream::connect(target).await {
                        tokio::select! {
                            // Silenced connections stay open, so their sockets are only lent.
                            _ = forward(&mut client, &mut server, manner) => {}
                            Ok(()) = silence.changed() => std::future::pending().await,
                        }
                    }
                });
            }
        });
        Self {
            address,
            target,
            silenced,
            manner,
            accepting,
        }
    }

    /// From now on no data passes on the existing connections, and they are not closed; new ones work.
    pub fn silence(&self) {
        self.silenced.send_replace(());
    }

    /// Sets how it treats data from now on.
    pub fn behave(&self, manner: Manner) {
        self.manner.send_replace(manner);
    }

    /// Leads new connections to another port of this machine.
    pub fn point_at(&self, port: u16) {
        let target = SocketAddr::from(([127, 0, 0, 1], port));
        *self.target.lock().unwrap_or_else(PoisonError::into_inner) = target;
    }

    /// Where it listens.
    #[must_use]
    pub const fn address(&self) -> SocketAddr {
        self.address
    }
}

async fn forward(client: &mut TcpStream, server: &mut TcpStream, manner: watch::Receiver<Manner>) -> io::Result<()> {
    let (from_client, to_client) = client.split();
    let (from_server, to_server) = server.split();
    tokio::try_join!(
        pass(from_client, to_server, manner.clone()),
        pass(from_server, to_client, manner)
    )?;
    Ok(())
}

/// One direction of a connection.
async fn pass(
    mut from: impl AsyncRead + Unpin,
    mut to: impl AsyncWrite + Unpin,
    mut manner: watch::Receiver<Manner>,
) -> io::Result<()> {
    let mut piece = vec![0; 16 * 1024];
    loop {
        let length = from.read(&mut piece).await?;
        if length == 0 {
            return to.shutdown().await;
        }
        let now = *manner.borrow();
        if let Manner::Slow(delay) = now {
            tokio::time::sleep(delay).await;
        }
        let passes = manner.wait_for(|manner| *manner != Manner::HalfOpen).await;
        drop(passes.map_err(|_| io::ErrorKind::BrokenPipe)?);
        to.write_all(piece.get(..length).unwrap_or_default()).await?;
    }
}
