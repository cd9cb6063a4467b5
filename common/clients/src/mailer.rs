//! Mails, and the trait of what sends them. SMTP is in the crate `smtp`.

use async_trait::async_trait;
use chrono::{DateTime, Utc};

use super::DeliveryError;

/// A mail to one person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mail {
    /// Left part of the Message-ID: the same id is the same mail, even if it is sent repeatedly.
    pub id: String,
    /// When it was written.
    pub date: DateTime<Utc>,
    /// Name of the receiver.
    pub to_name: String,
    /// Address of the receiver.
    pub to_address: String,
    /// Name and address for replies; without one, replies go to the sender.
    pub reply_to: Option<(String, String)>,
    /// Subject line.
    pub subject: String,
    /// Plain text.
    pub plain: String,
    /// The same as HTML.
    pub html: String,
    /// A picture that the HTML shows.
    pub picture: Option<Picture>,
    /// An attached file.
    pub attachment: Option<Pdf>,
}

/// A PNG inside a mail.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Picture {
    /// The name by which the HTML refers to it, after `cid:`.
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
    /// Hands a mail to the mail system and waits until that has accepted it; returns its reply, in one line with
    /// addresses masked ([`domain::mask::reply`]).
    ///
    /// # Errors
    /// See [`DeliveryError`].
    async fn send(&self, mail: Mail) -> Result<String, DeliveryError>;
}
