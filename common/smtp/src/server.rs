//! Connections to the SMTP server of the settings, kept for the next mail.
//!
//! lettre's own pool is not used: its time-out covers connecting only, and a mail that is canceled half-way returns its
//! connection to the pool, so that the next mail reads the replies of the last one (lettre issue 1027). Here a
//! connection is kept only after a successful mail, and dropping a mail closes its connection.

use std::sync::{Mutex, MutexGuard, PoisonError};

use clients::{BoxError, Timeouts};
use domain::provider::smtp::Stage;
use lettre::address::Envelope;
use lettre::transport::smtp::Error;
use lettre::transport::smtp::authentication::{Credentials, Mechanism};
use lettre::transport::smtp::client::{AsyncSmtpConnection, TlsParameters};
use lettre::transport::smtp::commands::{Data, Mail as MailCommand, Rcpt};
use lettre::transport::smtp::extension::{ClientId, Extension, MailBodyParameter, MailParameter};
use lettre::transport::smtp::response::{Response, Severity};
use percent_encoding::percent_decode_str;
use reqwest::Url;
use tokio::net::TcpStream;
use tokio::time::Instant;
use tracing::Instrument;

/// Idle connections that are kept.
const IDLE: usize = 16;

const FORMS: &str = "is not smtp://host:port, smtp://host:port?tls=required or smtps://host:port";

/// Whether and when a connection is encrypted.
enum Tls {
    Off,
    /// After the `STARTTLS` command, which the server must know.
    Upgraded(TlsParameters),
    /// From the first byte.
    Wrapped(TlsParameters),
}

/// Why a mail was not sent.
#[derive(Debug, thiserror::Error)]
#[error("{cause}")]
pub(super) struct SendError {
    /// How far it got.
    pub stage: Stage,
    /// The failure.
    #[source]
    pub cause: Cause,
}

/// What went wrong with a mail.
#[derive(Debug, thiserror::Error)]
pub(super) enum Cause {
    /// The server did not accept, or violated the protocol.
    #[error(transparent)]
    Smtp(#[from] Error),
    /// No connection.
    #[error(transparent)]
    Connect(#[from] std::io::Error),
    /// No reply in time.
    #[error("the mail server did not reply in time")]
    Late(#[from] tokio::time::error::Elapsed),
    /// A positive reply to something else: 354 is the reply to `DATA` alone.
    #[error("the mail server sent an unexpected reply")]
    OutOfTurn,
    /// The mail needs an extension that the server does not support.
    #[error("the mail server does not support the characters of the address")]
    Unsupported,
}

impl Cause {
    /// What it is, in few words: the code of the reply where there is one. The text of a reply may name the receiver.
    fn kind(&self) -> String {
        let kind = match self {
            Self::Smtp(answer) => match answer.status() {
                Some(code) => return code.to_string(),
                None => "smtp",
            },
            Self::Connect(_) => "connect",
            Self::Late(_) => "timeout",
            Self::OutOfTurn => "out_of_turn",
            Self::Unsupported => "unsupported",
        };
        kind.to_owned()
    }

    const fn at(self, stage: Stage) -> SendError {
        SendError { stage, cause: self }
    }
}

/// A server and the idle connections to it.
pub(super) struct Server {
    host: String,
    port: u16,
    tls: Tls,
    credentials: Option<Credentials>,
    hello: ClientId,
    timeouts: Timeouts,
    idle: Mutex<Vec<AsyncSmtpConnection>>,
}

impl Server {
    /// The server of an `SMTP_URL`; `domain` is the name for `EHLO`. Errors never contain the URL.
    pub(super) fn new(url: &str, domain: &str, timeouts: Timeouts) -> Result<Self, BoxError> {
        let url = Url::parse(url).map_err(|_| FORMS)?;
        let host = url.host_str().filter(|host| !host.is_empty()).ok_or(FORMS)?.to_owned();
        let query: Vec<_> = url.query_pairs().collect();
        let starttls = match query.as_slice() {
            [] => false,
            [(name, value)] if name == "tls" && value == "required" => true,
            _ => return Err(FORMS.into()),
        };
        let parameters = || TlsParameters::new(host.clone());
        let (tls, port) = match (url.scheme(), starttls) {
            ("smtp", false) => (Tls::Off, 25),
            ("smtp", true) => (Tls::Upgraded(parameters()?), 587),
            ("smtps", false) => (Tls::Wrapped(parameters()?), 465),
            _ => return Err(FORMS.into()),
        };
        let decode = |text| percent_decode_str(text).decode_utf8().map(String::from);
        let credentials = match (url.username(), url.password()) {
            ("", None) => None,
            (user, Some(password)) => Some(Credentials::new(decode(user)?, decode(password)?)),
            (_, None) => return Err("names a user but no password".into()),
        };
        Ok(Self {
            port: url.port().unwrap_or(port),
            host,
            tls,
            credentials,
            hello: ClientId::Domain(domain.to_owned()),
            timeouts,
            idle: Mutex::default(),
        })
    }

    /// Sends a mail, and returns the last reply. When the future is dropped, the connection is closed with it.
    pub(super) async fn send(&self, envelope: &Envelope, mail: &[u8]) -> Result<Response, SendError> {
        let span = tracing::info_span!(
            target: "otel",
            "SMTP",
            otel.kind = "client",
            otel.name = "SMTP send",
            "network.protocol.name" = "smtp",
            "server.address" = self.host,
            "server.port" = self.port,
            "prexsell.mail.bytes" = mail.len(),
        );
        let sent = self.converse(envelope, mail).instrument(span.clone()).await;
        if let Err(error) = &sent {
            trace::fail(&span, error.cause.kind());
        }
        sent
    }

    async fn converse(&self, envelope: &Envelope, mail: &[u8]) -> Result<Response, SendError> {
        let deadline = Instant::now() + self.timeouts.total;
        // Not lettre's own `send`, which does not report which command was refused.
        let session = async {
            match self.reuse().await {
                Some(connection) => Ok(connection),
                None => self.connect().await,
            }
        };
        let mut connection = step(deadline, Stage::Session, session).await?;
        let sender = sender(&connection, envelope, mail).map_err(|cause| cause.at(Stage::Sender))?;
        step(deadline, Stage::Sender, done(connection.command(sender))).await?;
        for receiver in envelope.to() {
            let receiver = Rcpt::new(receiver.clone(), Vec::new());
            step(deadline, Stage::Receiver, done(connection.command(receiver))).await?;
        }
        step(deadline, Stage::Text, connection.command(Data)).await?;
        let reply = step(deadline, Stage::Text, done(connection.message(mail))).await?;
        self.keep(connection);
        Ok(reply)
    }

    fn idle(&self) -> MutexGuard<'_, Vec<AsyncSmtpConnection>> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// An idle connection that still works; those that do not are closed.
    async fn reuse(&self) -> Option<AsyncSmtpConnection> {
        loop {
            let mut connection = self.idle().pop()?;
            let test = tokio::time::timeout(self.timeouts.step, connection.test_connected());
            if test.await == Ok(true) {
                return Some(connection);
            }
        }
    }

    fn keep(&self, connection: AsyncSmtpConnection) {
        let mut idle = self.idle();
        if idle.len() < IDLE {
            idle.push(connection);
        }
    }

    async fn connect(&self) -> Result<AsyncSmtpConnection, Cause> {
        let address = (self.host.as_str(), self.port);
        let mut connection = if let Tls::Wrapped(parameters) = &self.tls {
            let (step, parameters) = (Some(self.timeouts.step), Some(parameters.clone()));
            AsyncSmtpConnection::connect_tokio1(address, step, &self.hello, parameters, None).await?
        } else {
            let stream = tokio::time::timeout(self.timeouts.step, TcpStream::connect(address)).await??;
            // A mail is written in several pieces: without this each waits 40 ms for the other side's delayed ACK.
            stream.set_nodelay(true)?;
            AsyncSmtpConnection::connect_with_transport(Box::new(stream), &self.hello).await?
        };
        if let Tls::Upgraded(parameters) = &self.tls {
            connection.starttls(parameters.clone(), &self.hello).await?;
        }
        if let Some(credentials) = &self.credentials {
            connection
                .auth(&[Mechanism::Plain, Mechanism::Login], credentials)
                .await?;
        }
        Ok(connection)
    }
}

async fn step<T, E: Into<Cause>>(
    deadline: Instant,
    stage: Stage,
    work: impl Future<Output = Result<T, E>>,
) -> Result<T, SendError> {
    let ended = match tokio::time::timeout_at(deadline, work).await {
        Ok(ended) => ended.map_err(Into::into),
        Err(late) => Err(Cause::Late(late)),
    };
    ended.map_err(|cause| cause.at(stage))
}

/// Accepts only 2yz as success.
async fn done(answer: impl Future<Output = Result<Response, Error>>) -> Result<Response, Cause> {
    let reply = answer.await?;
    match reply.code().severity {
        Severity::PositiveCompletion => Ok(reply),
        _ => Err(Cause::OutOfTurn),
    }
}

/// `MAIL FROM` with what the mail needs (RFC 6531, RFC 6152).
fn sender(connection: &AsyncSmtpConnection, envelope: &Envelope, mail: &[u8]) -> Result<MailCommand, Cause> {
    let mut parameters = Vec::new();
    let knows = |extension| connection.server_info().supports_feature(extension);
    let addresses = envelope.from().into_iter().chain(envelope.to());
    if !addresses.into_iter().all(|address| address.to_string().is_ascii()) {
        if !knows(Extension::SmtpUtfEight) {
            return Err(Cause::Unsupported);
        }
        parameters.push(MailParameter::SmtpUtfEight);
    }
    if !mail.is_ascii() {
        if !knows(Extension::EightBitMime) {
            return Err(Cause::Unsupported);
        }
        parameters.push(MailParameter::Body(MailBodyParameter::EightBitMime));
    }
    Ok(MailCommand::new(envelope.from().cloned(), parameters))
}
