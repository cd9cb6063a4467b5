//! The socket: HTTP/1.1 connections, with or without TLS, each with a minimum transfer rate, and a graceful shutdown.
//!
//! poem's own server has no limits for slow clients: the head of a request may take any time, and a client that does
//! not read keeps its connection even past the idle time-out. HTTP/2 is not supported: between the API and a proxy it
//! only adds ways to overload a server, and a proxy can offer it to browsers.

mod certificate;
mod pace;
mod sent;
pub mod tls;

use std::convert::Infallible;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use poem::http::uri::Scheme;
use poem::web::{LocalAddr, RemoteAddr};
use poem::{Addr, Endpoint, EndpointExt, Response};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpSocket, TcpStream};
use tokio::sync::Semaphore;
use tokio::time::{Instant, MissedTickBehavior, interval_at, timeout};
use tokio_rustls::TlsAcceptor;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use pace::{Pace, Paced};
use sent::Sent;
use tls::Tls;

use crate::server::ServerLimits;

/// Largest head of a request in bytes: request line and headers. To a larger one hyper responds with 431 without a
/// body.
const MAX_HEAD: usize = 32 * 1024;

/// Largest read buffer of a connection in bytes; hyper's default is 400 KiB.
const MAX_BUFFER: usize = 2 * MAX_HEAD;

/// Connections that may wait to be accepted; the operating system may allow fewer (`net.core.somaxconn`). A client that
/// does not fit retries only after a second, and when a bus goes on sale, thousands connect at once.
const BACKLOG: u32 = 8192;

/// How long to wait after accepting a connection failed, which is for lack of file handles.
const ACCEPT_AGAIN: Duration = Duration::from_millis(500);

/// A socket that listens for connections.
#[derive(Debug)]
pub struct Listener {
    tcp: TcpListener,
    tls: Option<Arc<Tls>>,
}

impl Listener {
    /// Binds an address; with `tls` all connections are encrypted.
    ///
    /// # Errors
    /// When the address cannot be bound.
    pub async fn bind(address: SocketAddr, tls: Option<Arc<Tls>>) -> io::Result<Self> {
        let socket = match address {
            SocketAddr::V4(_) => TcpSocket::new_v4()?,
            SocketAddr::V6(_) => TcpSocket::new_v6()?,
        };
        // So that a restarted process can use its port at once.
        #[cfg(unix)]
        socket.set_reuseaddr(true)?;
        socket.bind(address)?;
        let tcp = socket.listen(BACKLOG)?;
        Ok(Self { tcp, tls })
    }

    /// The address that it listens on.
    ///
    /// # Errors
    /// Those of the operating system.
    pub fn address(&self) -> io::Result<SocketAddr> {
        self.tcp.local_addr()
    }
}

/// What all connections share.
struct Server<E> {
    app: E,
    limits: ServerLimits,
    local: LocalAddr,
    tls: Option<Arc<Tls>>,
    /// Cancelled when no more requests are accepted.
    shutdown: CancellationToken,
    /// Cancelled when requests in flight are not waited for any longer.
    late: CancellationToken,
}

/// Serves until `shutdown`, then finishes requests in flight within `drain`.
///
/// # Errors
/// When the socket fails.
pub async fn serve(
    app: impl Endpoint + 'static,
    listener: Listener,
    limits: ServerLimits,
    shutdown: CancellationToken,
    drain: Duration,
) -> io::Result<()> {
    let Listener { tcp, tls } = listener;
    let address = tcp.local_addr()?;
    tracing::info!(%address, tls = tls.is_some(), "listening");
    let server = Arc::new(Server {
        app: app.map_to_response(),
        limits,
        local: LocalAddr(Addr::SocketAddr(address)),
        tls,
        shutdown: shutdown.clone(),
        late: CancellationToken::new(),
    });
    let places = Arc::new(Semaphore::new(limits.connections));
    let connections = TaskTracker::new();
    let mut full = false;
    loop {
        let accepted = tokio::select! {
            () = shutdown.cancelled() => break,
            accepted = tcp.accept() => accepted,
        };
        let (stream, peer) = match accepted {
            Ok(accepted) => accepted,
            Err(error) => {
                tracing::warn!(%error, "could not accept connections");
                tokio::time::sleep(ACCEPT_AGAIN).await;
                continue;
            }
        };
        let Ok(place) = Arc::clone(&places).try_acquire_owned() else {
            if !full {
                tracing::warn!(connections = limits.connections, "connection limit reached");
            }
            full = true;
            continue;
        };
        full = false;
        let server = Arc::clone(&server);
        connections.spawn(async move {
            server.welcome(stream, peer).await;
            drop(place);
        });
    }
    drop(tcp);
    connections.close();
    if timeout(drain, connections.wait()).await.is_err() {
        server.late.cancel();
        connections.wait().await;
    }
    Ok(())
}

impl<E: Endpoint<Output = Response> + 'static> Server<E> {
    /// Serves one connection, from its first byte to its last.
    async fn welcome(self: Arc<Self>, stream: TcpStream, peer: SocketAddr) {
        // A response is sent in one piece; waiting for more to send would only delay it.
        let _ = stream.set_nodelay(true);
        let acceptor = self.tls.as_ref().map(|tls| tls.acceptor());
        match acceptor {
            None => self.converse(stream, peer, Scheme::HTTP).await,
            // In a box, so that a connection without TLS does not take the memory of one with it.
            Some(acceptor) => Box::pin(self.encrypt(acceptor, stream, peer)).await,
        }
    }

    async fn encrypt(self: Arc<Self>, acceptor: TlsAcceptor, stream: TcpStream, peer: SocketAddr) {
        let handshake = timeout(self.limits.head, acceptor.accept(stream));
        let handshake = tokio::select! {
            () = self.shutdown.cancelled() => return,
            handshake = handshake => handshake,
        };
        match handshake {
            Ok(Ok(stream)) => self.converse(stream, peer, Scheme::HTTPS).await,
            Ok(Err(error)) => tracing::debug!(%error, "TLS handshake failed"),
            Err(_) => tracing::debug!("TLS handshake timed out"),
        }
    }

    async fn converse<S>(self: Arc<Self>, stream: S, peer: SocketAddr, scheme: Scheme)
    where
        S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
    {
        let pace = Arc::new(Pace::new(self.limits));
        let service = service_fn(|request: hyper::Request<Incoming>| {
            pace.asked();
            let pace = Arc::clone(&pace);
            let (server, scheme) = (Arc::clone(&self), scheme.clone());
            // In a box that is freed with the response: hyper keeps the memory of a future as long as the connection
            // lasts, that of a request has 12 KB, and most of thousands of connections have no request under way.
            Box::pin(async move {
                let remote = RemoteAddr(Addr::SocketAddr(peer));
                let request = poem::Request::from((request, server.local.clone(), remote, scheme));
                let answer: hyper::Response<_> = server.app.get_response(request).await.into();
                Ok::<_, Infallible>(answer.map(|body| Sent::new(body, pace)))
            })
        });
        let stream = TokioIo::new(Paced::new(stream, Arc::clone(&pace)));
        let mut connection = std::pin::pin!(
            http1::Builder::new()
                .max_header_size(MAX_HEAD)
                .max_buf_size(MAX_BUFFER)
                .serve_connection(stream, service)
        );
        let tick = pace.tick();
        let mut ticks = interval_at(Instant::now() + tick, tick);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut ending = false;
        loop {
            tokio::select! {
                _ = connection.as_mut() => return,
                () = self.shutdown.cancelled(), if !ending => {
                    ending = true;
                    connection.as_mut().graceful_shutdown();
                }
                () = self.late.cancelled() => return,
                _ = ticks.tick() => if let Some(fault) = pace.fault(Instant::now()) {
                    tracing::debug!(%peer, fault, "connection closed by the server");
                    return;
                },
            }
        }
    }
}
