//! A TCP proxy in front of PostgreSQL that counts round trips: how often the server has reported that it waits for the
//! next query (`ReadyForQuery`), once for every statement, including `begin` and `commit`. A `ReadyForQuery` on its own
//! is not counted: then a pool has only checked that the connection is alive.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::{JoinHandle, JoinSet};

/// A counting proxy; it ends with the test, and its connections with it. They must be without TLS.
#[derive(Debug)]
pub struct RoundTrips {
    address: SocketAddr,
    count: Arc<AtomicUsize>,
    accepting: JoinHandle<()>,
}

impl Drop for RoundTrips {
    fn drop(&mut self) {
        self.accepting.abort();
    }
}

#[expect(clippy::expect_used, reason = "a test harness may panic")]
impl RoundTrips {
    /// Starts one in front of a server.
    ///
    /// # Panics
    /// When it cannot listen.
    pub async fn start(host: String, port: u16) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let address = listener.local_addr().expect("it listens");
        let count = Arc::new(AtomicUsize::new(0));
        let counted = Arc::clone(&count);
        let accepting = tokio::spawn(async move {
            let mut connections = JoinSet::new();
            while let Ok((client, _)) = listener.accept().await {
                let (host, count) = (host.clone(), Arc::clone(&counted));
                connections.spawn(async move {
                    if let Ok(server) = TcpStream::connect((host.as_str(), port)).await {
                        let ((mut asked, answers), (answered, mut questions)) =
                            (client.into_split(), server.into_split());
                        tokio::join!(
                            tokio::io::copy(&mut asked, &mut questions),
                            pass(answered, answers, &count)
                        )
                        .0
                        .ok();
                    }
                });
            }
        });
        Self {
            address,
            count,
            accepting,
        }
    }

    /// Where it listens.
    #[must_use]
    pub const fn address(&self) -> SocketAddr {
        self.address
    }

    /// Round trips so far.
    #[must_use]
    pub fn count(&self) -> usize {
        self.count.load(Ordering::SeqCst)
    }
}

/// Forwards the responses of the server, and counts each one first: when a client has a response, it has been counted.
async fn pass(mut from: OwnedReadHalf, mut to: OwnedWriteHalf, count: &AtomicUsize) {
    let mut buffer = [0; 16 * 1024];
    let mut messages = Messages::default();
    while let Ok(read @ 1..) = from.read(&mut buffer).await {
        count.fetch_add(messages.ready(&buffer[..read]), Ordering::SeqCst);
        if to.write_all(&buffer[..read]).await.is_err() {
            break;
        }
    }
}

/// Where one message of the server ends and the next begins: a type, a length that counts itself, a body.
#[derive(Debug, Default)]
struct Messages {
    head: Vec<u8>,
    left: usize,
    /// Whether another message came since the last `ReadyForQuery`.
    has_answered: bool,
}

impl Messages {
    /// The number of `ReadyForQuery` messages in these bytes that end a response.
    fn ready(&mut self, mut bytes: &[u8]) -> usize {
        let mut ready = 0;
        while let Some((first, rest)) = bytes.split_first() {
            if self.left > 0 {
                let skipped = self.left.min(bytes.len());
                self.left -= skipped;
                bytes = &bytes[skipped..];
                continue;
            }
            self.head.push(*first);
            bytes = rest;
            if let [kind, a, b, c, d] = self.head[..] {
                let is_ready = kind == b'Z';
                ready += usize::from(is_ready && self.has_answered);
                self.has_answered = !is_ready;
                self.left = (u32::from_be_bytes([a, b, c, d]) as usize).saturating_sub(4);
                self.head.clear();
            }
        }
        ready
    }
}

#[cfg(test)]
mod tests {
    use super::Messages;

    #[test]
    fn messages_are_separated_wherever_the_bytes_are_cut() {
        let ready = [b'Z', 0, 0, 0, 5, b'I'];
        let row = [b'D', 0, 0, 0, 7, b'Z', b'Z', b'Z'];
        let bytes = [&row[..], &ready, &ready, &row, &row, &ready].concat();
        for cut in 0..bytes.len() {
            let mut messages = Messages::default();
            assert_eq!(
                messages.ready(&bytes[..cut]) + messages.ready(&bytes[cut..]),
                2,
                "cut at {cut}"
            );
        }
    }
}
