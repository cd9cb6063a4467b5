//! A TCP proxy between the platform and a server, such as stand before databases that fail over: pointed elsewhere, it
//! leads new connections there and lets those that it has be, or silences them as a host does that has lost power.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};

use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::JoinHandle;

/// A proxy; it ends with the test, and its connections with it.
#[derive(Debug)]
pub struct TestProxy {
    address: SocketAddr,
    target: Arc<Mutex<SocketAddr>>,
    silenced: watch::Sender<()>,
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
        let accepting = tokio::spawn(async move {
            let mut connections = tokio::task::JoinSet::new();
            while let Ok((mut client, _)) = listener.accept().await {
                let target = *to.lock().unwrap_or_else(PoisonError::into_inner);
                let mut silence = silences.subscribe();
                connections.spawn(async move {
                    if let Ok(mut server) = TcpStream::connect(target).await {
                        tokio::select! {
                            _ = tokio::io::copy_bidirectional(&mut client, &mut server) => {}
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
            accepting,
        }
    }

    /// From now on nothing passes on the connections that there are, nor are they closed; new ones work.
    pub fn silence(&self) {
        self.silenced.send_replace(());
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
