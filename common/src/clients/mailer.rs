//! Mail over SMTP: plain, STARTTLS or TLS from the first byte.

mod smtp;

use std::time::SystemTime;

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use lettre::message::header::ContentType;
use lettre::message::{Attachment, Mailbox, MultiPart, SinglePart};
use lettre::{Address, Message};
use secrecy::{ExposeSecret, SecretString};

use super::{DeliveryError, SettingError, Timeouts};
use smtp::{SendError, Server};

/// Replies of a server that does not accept our credentials (RFC 4954, section 6). It is our configuration that is
/// wrong, not the mail: it must wait, not be given up.
const CREDENTIALS: [u16; 4] = [530, 534, 535, 538];

/// A mail to one person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mail {
    /// Left part of the Message-ID: the same id is the same mail, however often it is sent.
    pub id: String,
    /// When it was written.
    pub date: DateTime<Utc>,
    /// Name of the receiver.
    pub to_name: String,
    /// Address of the receiver.
    pub to_address: String,
    /// Subject line.
    pub subject: String,
    /// Plain text.
    pub plain: String,
    /// The same as HTML.
    pub html: String,
    /// A picture that the HTML shows.
    pub picture: Option<Picture>,
    /// A file that comes along.
    pub attachment: Option<Pdf>,
}

/// A PNG inside a mail.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Picture {
    /// What the HTML calls it after `cid:`.
    pub content_id: String,
    /// The file.
    pub png: Vec<u8>,
}

/// An attached PDF.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pdf {
    /// Its file name.
    pub name: String,
    /// The file.
    pub bytes: Vec<u8>,
}

/// Sends mails.
#[async_trait]
pub trait Mailer: Send + Sync {
    /// Hands a mail to the mail system and waits until that has taken it.
    ///
    /// # Errors
    /// See [`DeliveryError`].
    async fn send(&self, mail: Mail) -> Result<(), DeliveryError>;
}

/// The SMTP server of the settings.
pub struct SmtpMailer {
    server: Server,
    from: Mailbox,
}

impl SmtpMailer {
    /// A mailer for `SMTP_URL` and `MAIL_FROM` (see [`crate::config::Settings`]); it connects when it sends.
    ///
    /// # Errors
    /// When one of the two is malformed.
    pub fn new(smtp_url: &SecretString, mail_from: &str, timeouts: Timeouts) -> Result<Self, SettingError> {
        let from: Mailbox = mail_from.parse().map_err(|e| SettingError {
            setting: "MAIL_FROM",
            problem: format!("is not a sender such as `Name <name@example.com>`: {e}"),
        })?;
        let server =
            Server::new(smtp_url.expose_secret(), from.email.domain(), timeouts).map_err(|e| SettingError {
                setting: "SMTP_URL",
                problem: e.to_string(),
            })?;
        Ok(Self { server, from })
    }

    fn message(&self, mail: Mail) -> Result<Message, DeliveryError> {
        let address: Address = mail
            .to_address
            .parse()
            .map_err(|_| DeliveryError::permanent("the address is malformed"))?;
        let mut html = MultiPart::related().singlepart(SinglePart::html(mail.html));
        if let Some(Picture { content_id, png }) = mail.picture {
            html = html.singlepart(Attachment::new_inline(content_id).body(png, content_type("image/png")?));
        }
        let mut body = MultiPart::mixed().multipart(
            MultiPart::alternative()
                .singlepart(SinglePart::plain(mail.plain))
                .multipart(html),
        );
        if let Some(Pdf { name, bytes }) = mail.attachment {
            body = body.singlepart(Attachment::new(name).body(bytes, content_type("application/pdf")?));
        }
        Message::builder()
            .message_id(Some(format!("<{}@{}>", mail.id, self.from.email.domain())))
            .date(SystemTime::from(mail.date))
            .from(self.from.clone())
            .to(Mailbox::new(
                Some(mail.to_name).filter(|name| !name.is_empty()),
                address,
            ))
            .subject(mail.subject)
            .multipart(body)
            .map_err(|e| DeliveryError::permanent(format!("the mail cannot be put together: {e}")))
    }
}

fn content_type(text: &str) -> Result<ContentType, DeliveryError> {
    ContentType::parse(text).map_err(|e| DeliveryError::permanent(format!("{text}: {e}")))
}

#[async_trait]
impl Mailer for SmtpMailer {
    async fn send(&self, mail: Mail) -> Result<(), DeliveryError> {
        let message = self.message(mail)?;
        let sent = self.server.send(message.envelope(), &message.formatted()).await;
        sent.map_err(judged)
    }
}

/// What an answer of the server means for the mail.
fn judged(error: SendError) -> DeliveryError {
    let answer = match &error {
        SendError::Smtp(answer) => answer,
        SendError::Connect(_) => return DeliveryError::retry_from("the mail server cannot be reached", error),
        SendError::Late(_) => return DeliveryError::retry("the mail server does not answer"),
    };
    let Some(code) = answer.status().map(u16::from) else {
        return DeliveryError::retry_from("the mail server cannot be talked to", error);
    };
    let reason = format!("SMTP {code}");
    if answer.is_permanent() && !CREDENTIALS.contains(&code) {
        DeliveryError::permanent(reason)
    } else {
        DeliveryError::retry(reason)
    }
}
