//! A small, honest SMTP server (RFC 5321): it keeps each mail as `<message id>.eml` in a folder.
//!
//! A mail with the same Message-ID replaces the file, so the folder shows what a passenger would read after mail
//! programs have dropped repeats; [`MailSimulator::received`] counts every one.

use std::collections::VecDeque;
use std::io;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::io::{AsyncBufRead, AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;
use tokio::task::JoinHandle;

/// Largest mail, as announced by `SIZE` (RFC 1870).
const MAX_BYTES: usize = 10 * 1024 * 1024;
/// Longest line that is kept; the RFC asks for 512 in commands and 1000 in texts.
const MAX_LINE: u64 = 8 * 1024;
/// Connections at a time.
const CONNECTIONS: usize = 256;

/// What the server does wrong with the next mail.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// Answers `RCPT` with this code.
    Reject(u16),
    /// Answers `RCPT` with this code and text.
    Say(u16, &'static str),
    /// Answers `RCPT` never.
    HangAtReceiver,
    /// Keeps the mail, then drops the connection without an answer.
    DropAfterData,
    /// Keeps the mail, then never answers.
    Hang,
}

#[derive(Debug)]
struct State {
    folder: PathBuf,
    faults: Mutex<VecDeque<Fault>>,
    received: AtomicU64,
    hanging: AtomicU64,
}

impl State {
    fn faults(&self) -> MutexGuard<'_, VecDeque<Fault>> {
        self.faults.lock().unwrap_or_else(PoisonError::into_inner)
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
    /// Listens, and creates the folder when it is missing.
    ///
    /// # Errors
    /// When the address is taken or the folder cannot be made.
    pub async fn start(listen: SocketAddr, folder: &Path) -> io::Result<Self> {
        tokio::fs::create_dir_all(folder).await?;
        let listener = TcpListener::bind(listen).await?;
        let address = listener.local_addr()?;
        let state = Arc::new(State {
            folder: folder.to_owned(),
            faults: Mutex::default(),
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

    /// Makes one of the next mails fail; several faults are used up in their order.
    pub fn fail_next(&self, fault: Fault) {
        self.state.faults().push_back(fault);
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

/// One connection.
struct Session {
    stream: BufReader<TcpStream>,
    state: Arc<State>,
    sender: bool,
    receivers: usize,
    fault: Option<Fault>,
}

impl Session {
    async fn serve(stream: TcpStream, state: Arc<State>) -> io::Result<()> {
        stream.set_nodelay(true)?;
        let mut session = Self {
            stream: BufReader::new(stream),
            state,
            sender: false,
            receivers: 0,
            fault: None,
        };
        session.reply("220 simulator ready").await?;
        while let Some(line) = read_line(&mut session.stream).await? {
            if !session.command(&String::from_utf8_lossy(&line)).await? {
                break;
            }
        }
        Ok(())
    }

    async fn reply(&mut self, text: &str) -> io::Result<()> {
        self.stream.get_mut().write_all(format!("{text}\r\n").as_bytes()).await
    }

    fn reset(&mut self) {
        self.sender = false;
        self.receivers = 0;
        self.fault = None;
    }

    /// Obeys one command; answers whether the connection goes on.
    async fn command(&mut self, line: &str) -> io::Result<bool> {
        let verb = line.split_whitespace().next().unwrap_or_default().to_ascii_uppercase();
        match verb.as_str() {
            "EHLO" => {
                self.reset();
                let size =
                    format!("250-simulator\r\n250-PIPELINING\r\n250-8BITMIME\r\n250-SMTPUTF8\r\n250 SIZE {MAX_BYTES}");
                self.reply(&size).await?;
            }
            "HELO" => {
                self.reset();
                self.reply("250 simulator").await?;
            }
            "MAIL" if self.sender => self.reply("503 a mail has begun already").await?,
            "MAIL" => {
                self.sender = true;
                self.fault = self.state.faults().pop_front();
                self.reply("250 sender taken").await?;
            }
            "RCPT" if !self.sender => self.reply("503 MAIL first").await?,
            "RCPT" => match self.fault {
                Some(Fault::Reject(code)) => self.reply(&format!("{code} rejected as asked")).await?,
                Some(Fault::Say(code, text)) => self.reply(&format!("{code} {text}")).await?,
                Some(Fault::HangAtReceiver) => {
                    self.state.hanging.fetch_add(1, Ordering::SeqCst);
                    while self.stream.read(&mut [0; 512]).await? > 0 {}
                    return Ok(false);
                }
                _ => {
                    self.receivers += 1;
                    self.reply("250 receiver taken").await?;
                }
            },
            "DATA" if self.receivers == 0 => self.reply("503 RCPT first").await?,
            "DATA" => return self.data().await,
            "RSET" => {
                self.reset();
                self.reply("250 forgotten").await?;
            }
            "NOOP" => self.reply("250 still here").await?,
            "QUIT" => {
                self.reply("221 goodbye").await?;
                return Ok(false);
            }
            _ => self.reply("502 not known here").await?,
        }
        Ok(true)
    }

    async fn data(&mut self) -> io::Result<bool> {
        self.reply("354 go on, end with a dot").await?;
        let mut mail = Vec::new();
        let mut fits = true;
        loop {
            let Some(line) = read_line(&mut self.stream).await? else {
                return Ok(false);
            };
            if line == b"." {
                break;
            }
            let line = line.strip_prefix(b".").unwrap_or(&line);
            fits = fits && mail.len() + line.len() + 2 <= MAX_BYTES;
            if fits {
                mail.extend_from_slice(line);
                mail.extend_from_slice(b"\r\n");
            }
        }
        if !fits {
            self.reset();
            self.reply("552 larger than announced").await?;
            return Ok(true);
        }
        keep(&self.state.folder, &mail).await?;
        self.state.received.fetch_add(1, Ordering::SeqCst);
        match self.fault {
            Some(Fault::DropAfterData) => return Ok(false),
            Some(Fault::Hang) => {
                while self.stream.read(&mut [0; 512]).await? > 0 {}
                return Ok(false);
            }
            _ => {}
        }
        self.reset();
        self.reply("250 kept").await?;
        Ok(true)
    }
}

/// One line without its end; `None` when the peer is gone. What is longer than a line may be is an error.
async fn read_line(stream: &mut (impl AsyncBufRead + Unpin)) -> io::Result<Option<Vec<u8>>> {
    let mut line = Vec::new();
    stream.take(MAX_LINE).read_until(b'\n', &mut line).await?;
    match line.pop() {
        None => return Ok(None),
        Some(b'\n') => {}
        Some(_) => return Err(io::Error::new(io::ErrorKind::InvalidData, "line without an end")),
    }
    if line.last() == Some(&b'\r') {
        line.pop();
    }
    Ok(Some(line))
}

/// Writes a mail under its Message-ID: whole or not at all.
async fn keep(folder: &Path, mail: &[u8]) -> io::Result<()> {
    let name = message_id(mail).unwrap_or_else(|| uuid::Uuid::now_v7().to_string());
    let part = folder.join(format!(".{}.part", uuid::Uuid::now_v7()));
    tokio::fs::write(&part, mail).await?;
    tokio::fs::rename(&part, folder.join(format!("{name}.eml"))).await
}

/// The Message-ID as a file name, without its angle brackets.
fn message_id(mail: &[u8]) -> Option<String> {
    let safe = |c: &char| c.is_ascii_alphanumeric() || matches!(c, '@' | '.' | '-' | '_' | '+');
    let headers = mail
        .split(|byte| *byte == b'\n')
        .map(<[u8]>::trim_ascii)
        .take_while(|line| !line.is_empty());
    let lines: Vec<String> = headers.map(|line| String::from_utf8_lossy(line).into_owned()).collect();
    let start = lines
        .iter()
        .position(|line| line.to_ascii_lowercase().starts_with("message-id:"))?;
    let unfolded = lines[start..].iter().take(2).map(String::as_str).collect::<String>();
    let value = unfolded.split(['<', '>']).nth(1)?;
    let name: String = value.chars().filter(safe).take(200).collect();
    Some(name.trim_start_matches('.').to_owned()).filter(|name| !name.is_empty())
}
