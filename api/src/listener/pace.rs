//! How slow a client may be: in sending the head of a request, in reading a response, and between the two. (The time
//! for the body of a request is limited in [`crate::middleware::body`], the time of handlers in
//! [`crate::middleware::envelope`].)

use std::io;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::time::Instant;

use crate::server::ServerLimits;

/// Bytes that a client must read within [`ServerLimits::send`] while a response waits for it: a client that reads
/// single bytes blocks a connection as long as one that reads nothing.
const LEAST: usize = 16 * 1024;

/// The state of a connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Phase {
    /// Between two requests.
    Idle,
    /// A request has begun and its head is not complete.
    Head,
    /// A request is being answered.
    Answer,
}

/// The pace of one connection.
#[derive(Debug)]
pub struct Pace {
    limits: ServerLimits,
    state: Mutex<State>,
}

#[derive(Debug)]
struct State {
    phase: Phase,
    since: Instant,
    /// Since when output waits for the client, and how many bytes it has read since.
    window: Option<(Instant, usize)>,
    /// Whether the last write was blocked.
    stuck: bool,
}

impl Pace {
    /// A connection that begins now; the head of its first request is due.
    #[must_use]
    pub fn new(limits: ServerLimits) -> Self {
        Self {
            limits,
            state: Mutex::new(State {
                phase: Phase::Head,
                since: Instant::now(),
                window: None,
                stuck: false,
            }),
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// How often to check [`Self::fault`].
    #[must_use]
    pub fn tick(&self) -> Duration {
        let ServerLimits { head, send, idle, .. } = self.limits;
        (head.min(send).min(idle) / 4).max(Duration::from_millis(1))
    }

    /// The head of a request is complete.
    pub fn asked(&self) {
        self.enter(Phase::Answer);
    }

    /// The response has been passed to the connection, though perhaps not sent completely.
    pub fn answered(&self) {
        self.enter(Phase::Idle);
    }

    fn enter(&self, phase: Phase) {
        let mut state = self.state();
        state.phase = phase;
        state.since = Instant::now();
    }

    /// The client has sent something.
    fn received(&self) {
        let mut state = self.state();
        if state.phase == Phase::Idle {
            state.phase = Phase::Head;
            state.since = Instant::now();
        }
    }

    /// Records how much could be written, or that writing was blocked.
    fn wrote(&self, bytes: Option<usize>) {
        let mut state = self.state();
        state.stuck = bytes.is_none();
        match (&mut state.window, bytes) {
            (Some((_, taken)), Some(bytes)) => *taken += bytes,
            (window @ None, None) => *window = Some((Instant::now(), 0)),
            _ => {}
        }
        if state.phase == Phase::Idle {
            state.since = Instant::now();
        }
    }

    /// The operation that the client has delayed for too long, if any.
    pub fn fault(&self, now: Instant) -> Option<&'static str> {
        let ServerLimits { head, send, idle, .. } = self.limits;
        let mut state = self.state();
        if let Some((since, taken)) = state.window
            && now - since >= send
        {
            if state.stuck && taken < LEAST {
                return Some("the client does not read");
            }
            state.window = state.stuck.then_some((now, 0));
        }
        let spent = now - state.since;
        match state.phase {
            Phase::Idle if spent >= idle => Some("nothing happens"),
            Phase::Head if spent >= head => Some("the head of a request does not come"),
            _ => None,
        }
    }
}

/// A stream that measures its transfer rate.
#[derive(Debug)]
pub struct Paced<S> {
    stream: S,
    pace: Arc<Pace>,
}

impl<S> Paced<S> {
    /// Measures the transfer rate of a stream.
    pub const fn new(stream: S, pace: Arc<Pace>) -> Self {
        Self { stream, pace }
    }

    fn written(&self, outcome: Poll<io::Result<usize>>) -> Poll<io::Result<usize>> {
        match &outcome {
            Poll::Ready(Ok(bytes)) => self.pace.wrote(Some(*bytes)),
            Poll::Ready(Err(_)) => {}
            Poll::Pending => self.pace.wrote(None),
        }
        outcome
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Paced<S> {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let before = buf.filled().len();
        let outcome = Pin::new(&mut self.stream).poll_read(cx, buf);
        if buf.filled().len() > before {
            self.pace.received();
        }
        outcome
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Paced<S> {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        let outcome = Pin::new(&mut self.stream).poll_write(cx, buf);
        self.written(outcome)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bufs: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let outcome = Pin::new(&mut self.stream).poll_write_vectored(cx, bufs);
        self.written(outcome)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    /// A TLS stream holds bytes back until it is flushed, so being stuck shows here as well.
    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let outcome = Pin::new(&mut self.stream).poll_flush(cx);
        if outcome.is_pending() {
            self.pace.wrote(None);
        }
        outcome
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}
