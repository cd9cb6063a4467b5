//! A small but real SMTP server (RFC 5321): it keeps each mail as `<message id>.eml` in a folder.
//!
//! A mail with the same Message-ID replaces the file, so the folder shows what a passenger would read after mail
//! programs have dropped repeats; [`MailSimulator::received`] counts every one.

use std::collections::{HashMap, VecDeque};
use std::io;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::net::TcpListener;
use tokio::sync::{Semaphore, watch};
use tokio::task::JoinHandle;

mod session;

use session::Session;

/// Largest mail, as announced by `SIZE` (RFC 1870).
const MAX_BYTES: usize = 10 * 1024 * 1024;
/// Longest line that is kept; the RFC asks for 512 in commands and 1000 in texts.
const MAX_LINE: u64 = 8 * 1024;
/// Connections at a time.
const CONNECTIONS: usize = 256;
/// Mails whose arrivals are counted; when there are more, the counts begin anew.
const COUNTED: usize = 100_000;

/// A fault to inject into the next mail.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// Answers `RCPT` with this code.
    Reject(u16),
    /// Answers `RCPT` with this code and text.
    Say(u16, &'static str),
    /// Never answers `RCPT`.
    HangAtReceiver,
    /// Keeps the mail, then drops the connection without an answer.
    DropAfterData,
    /// Keeps the mail, then never answers.
    Hang,
}

/// How often a mail arrived.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Arrivals {
    /// Times that it was kept.
    pub kept: u32,
    /// How many of these times the sender got no response.
    pub unanswered: u32,
}

#[derive(Debug)]
struct State {
    folder: PathBuf,
    faults: Mutex<VecDeque<Fault>>,
    outage: watch::Sender<Option<Fault>>,
    arrivals: Mutex<HashMap<String, Arrivals>>,
    received: AtomicU64,
    hanging: AtomicU64,
}

impl State {
    fn faults(&self) -> MutexGuard<'_, VecDeque<Fault>> {
        self.faults.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The fault of the next mail, and whether it is that of an outage.
    fn next_fault(&self) -> (Option<Fault>, bool) {
        let asked = self.faults().pop_front();
        let outage = *self.outage.borrow();
        (asked.or(outage), asked.is_none() && outage.is_some())
    }

    fn count(&self, message_id: String, is_answered: bool) {
        let mut arrivals = self.arrivals.lock().unwrap_or_else(PoisonError::into_inner);
        if arrivals.len() >= COUNTED && !arrivals.contains_key(&message_id) {
            arrivals.clear();
        }
        let mail = arrivals.entry(message_id).or_default();
        mail.kept += 1;
        mail.unanswered += u32::from(!is_answered);
    }
}

/// A running server; it ends when it is dropped.
#[derive(Debug)]
pub struct MailSimulator {
    address: SocketAddr,
    state: Arc<State>,
    task: JoinHandle<()>,
}

impl MailSimulator {
    /// Starts the server, and creates the folder when it is missing.
    ///
    /// # Errors
    /// When the address is taken or the folder cannot be created.
    pub async fn start(listen: SocketAddr, folder: &Path) -> io::Result<Self> {
        tokio::fs::create_dir_all(folder).await?;
        let listener = TcpListener::bind(listen).await?;
        let address = listener.local_addr()?;
        let state = Arc::new(State {
            folder: folder.to_owned(),
            faults: Mutex::default(),
            outage: watch::Sender::new(None),
            arrivals: Mutex::default(),
            received: AtomicU64::new(0),
            hanging: AtomicU64::new(0),
        });
        let task = tokio::spawn(accept(listener, Arc::clone(&state)));
        Ok(Self { address, state, task })
    }

    /// Where it listens.
    #[must_use]
    pub const fn address(&self) -> SocketAddr {
        self.address
    }

    /// Makes one of the next mails fail; several faults are used up in order.
    pub fn fail_next(&self, fault: Fault) {
        self.state.faults().push_back(fault);
    }

    /// Makes every mail fail like this until the next call. When an outage ends, connections that hang are closed, as
    /// by a server that restarts.
    pub fn outage(&self, fault: Option<Fault>) {
        self.state.outage.send_replace(fault);
    }

    /// How often each mail arrived, by Message-ID as in the names of the files.
    #[must_use]
    pub fn arrivals(&self) -> HashMap<String, Arrivals> {
        let arrivals = self.state.arrivals.lock().unwrap_or_else(PoisonError::into_inner);
        arrivals.clone()
    }

    /// Mails that it kept, repeats included.
    #[must_use]
    pub fn received(&self) -> u64 {
        self.state.received.load(Ordering::SeqCst)
    }
}

impl MailSimulator {
    /// Receivers that were never answered, as [`Fault::HangAtReceiver`] asks.
    #[must_use]
    pub fn hanging(&self) -> u64 {
        self.state.hanging.load(Ordering::SeqCst)
    }
}

impl Drop for MailSimulator {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn accept(listener: TcpListener, state: Arc<State>) {
    let room = Arc::new(Semaphore::new(CONNECTIONS));
    let mut sessions = tokio::task::JoinSet::new();
    loop {
        while sessions.try_join_next().is_some() {}
        let Ok(place) = Arc::clone(&room).acquire_owned().await else {
            return;
        };
        match listener.accept().await {
            Ok((stream, _)) => {
                let state = Arc::clone(&state);
                sessions.spawn(async move {
                    if let Err(error) = Session::serve(stream, state).await {
                        tracing::debug!(%error, "mail connection ended");
                    }
                    drop(place);
                });
            }
            Err(error) => tracing::warn!(%error, "mail connection not accepted"),
        }
    }
}
