//! Mail over SMTP: plain, STARTTLS or TLS from the first byte.

mod server;

use std::time::SystemTime;

use async_trait::async_trait;
use clients::breaker::{BreakerSlot, Breakers};
use clients::mailer::{Mail, Mailer, Pdf, Picture};
use clients::metrics::{Provider, timed};
use clients::{BoxError, DeliveryError, SLOTS, Timeouts};
use connect::SettingError;
use domain::email;
use domain::mask;
use domain::provider::Fault;
use domain::provider::smtp::{Stage, enhanced, reply};
use lettre::address::Envelope;
use lettre::message::header::{ContentType, HeaderName, HeaderValue};
use lettre::message::{Attachment, Mailbox, MultiPart, SinglePart};
use lettre::transport::smtp::response::Response;
use lettre::{Address, Message};
use secrecy::{ExposeSecret, SecretString};

use server::{Cause, SendError, Server};

/// The SMTP server of the settings.
///
/// The server can hang, and so can the domain of a receiver, if the server asks it while we wait. Both are guarded by
/// breakers, so that neither one domain nor an unreachable server takes all slots.
pub struct SmtpMailer {
    server: Server,
    from: Mailbox,
    servers: Breakers,
    domains: Breakers,
}

impl SmtpMailer {
    /// A mailer for `SMTP_URL` and `MAIL_FROM` (see the settings of the process); it connects when it sends.
    ///
    /// # Errors
    /// When one of the two is malformed.
    pub fn new(smtp_url: &SecretString, mail_from: &str, timeouts: Timeouts) -> Result<Self, SettingError> {
        let from = sender(mail_from).map_err(|problem| SettingError {
            setting: "MAIL_FROM",
            problem: format!("is not a sender such as `Name <name@example.com>`: {problem}"),
        })?;
        let server =
            Server::new(smtp_url.expose_secret(), from.email.domain(), timeouts).map_err(|e| SettingError {
                setting: "SMTP_URL",
                problem: e.to_string(),
            })?;
        Ok(Self {
            server,
            from,
            servers: Breakers::new("mail server", SLOTS).alone(),
            domains: Breakers::new("mail domain", SLOTS).unnamed(),
        })
    }

    /// The same in a worker with this number of slots.
    #[must_use]
    pub fn with_slots(self, slots: usize) -> Self {
        Self {
            servers: Breakers::new("mail server", slots).alone(),
            domains: Breakers::new("mail domain", slots).unnamed(),
            ..self
        }
    }

    fn message(&self, mail: Mail) -> Result<Message, DeliveryError> {
        // Addresses that were stored before they were normalised are used as well, if possible.
        let address = email::normal(&mail.to_address).unwrap_or(mail.to_address);
        let address: Address = address
            .parse()
            .map_err(|_| DeliveryError::permanent("the address is malformed"))?;
        let envelope = Envelope::new(Some(self.from.email.clone()), vec![address.clone()])
            .map_err(|e| DeliveryError::permanent(format!("the mail cannot be put together: {e}")))?;
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
        let mut message = Message::builder()
            .message_id(Some(format!("<{}@{}>", mail.id, self.from.email.domain())))
            .date(SystemTime::from(mail.date))
            .from(self.from.clone())
            // RFC 3834: suppresses automatic replies such as absence notes.
            .raw_header(HeaderValue::new(
                HeaderName::new_from_ascii_str("Auto-Submitted"),
                "auto-generated".to_owned(),
            ));
        // An invalid address of a company must not prevent the ticket from being sent.
        if let Some((name, address)) = mail.reply_to
            && address.is_ascii()
            && let Ok(address) = address.trim().parse()
        {
            message = message.reply_to(Mailbox::new(Some(name).filter(|name| !name.is_empty()), address));
        }
        message
            .to(Mailbox::new(
                Some(mail.to_name).filter(|name| !name.is_empty()),
                address,
            ))
            // Otherwise lettre would parse it from the header again, where it does not find every address that it
            // wrote.
            .envelope(envelope)
            .subject(mail.subject)
            .multipart(body)
            .map_err(|e| DeliveryError::permanent(format!("the mail cannot be put together: {e}")))
    }
}

/// The mailbox of `MAIL_FROM`, with its address normalised.
fn sender(text: &str) -> Result<Mailbox, BoxError> {
    let mailbox: Mailbox = text.parse()?;
    let address = email::normal(mailbox.email.as_ref())?;
    Ok(Mailbox::new(mailbox.name, address.parse()?))
}

fn content_type(text: &str) -> Result<ContentType, DeliveryError> {
    ContentType::parse(text).map_err(|e| DeliveryError::permanent(format!("{text}: {e}")))
}

#[async_trait]
impl Mailer for SmtpMailer {
    async fn send(&self, mail: Mail) -> Result<String, DeliveryError> {
        let message = self.message(mail)?;
        let domain = message.envelope().to().first().map(|to| to.domain().to_lowercase());
        let domain = self.domains.enter(&domain.unwrap_or_default()).await?;
        let server = match self.servers.enter("").await {
            Ok(server) => server,
            Err(turned_away) => {
                domain.unsaid();
                return Err(turned_away.into());
            }
        };
        let text = message.formatted();
        let sending = async {
            let sent = self.server.send(message.envelope(), &text).await;
            note(sent.as_ref().err(), server, domain);
            sent.map(|reply| kept(&reply)).map_err(judged)
        };
        timed(Provider::Smtp, Box::pin(sending)).await
    }
}

/// The reply to an accepted mail, as it is kept: it often has the server's own id of the mail.
fn kept(reply: &Response) -> String {
    let lines: Vec<&str> = reply.message().collect();
    mask::reply(&format!("{} {}", reply.code(), lines.join(" ")))
}

/// Whose fault a failure is.
fn fault(error: &SendError) -> Fault {
    let answer = match &error.cause {
        Cause::Smtp(answer) => answer,
        Cause::Connect(_) | Cause::Late(_) | Cause::OutOfTurn => return Fault::Provider,
        Cause::Unsupported => return Fault::Request,
    };
    match answer.status() {
        Some(code) => reply(error.stage, code.into(), enhanced(&text(answer))),
        // For example no STARTTLS, no usable login method, or a certificate that does not match.
        None if answer.is_client() || answer.is_tls() => Fault::Setup,
        None => Fault::Provider,
    }
}

/// The text after the code of a reply. It may contain the address of the receiver, so it must not be logged.
fn text(answer: &lettre::transport::smtp::Error) -> String {
    std::error::Error::source(answer).map_or_else(String::new, ToString::to_string)
}

/// Reports the outcome of a mail to the breakers of its server and of its receiver's domain.
fn note(error: Option<&SendError>, server: BreakerSlot<'_>, domain: BreakerSlot<'_>) {
    let Some(error) = error else {
        server.answered();
        domain.answered();
        return;
    };
    let code = match &error.cause {
        Cause::Smtp(answer) => answer.status().map(u16::from),
        _ => None,
    };
    match (error.stage, code) {
        // 421: the server closes the connection after any command.
        (Stage::Session | Stage::Sender, _) | (_, Some(421)) => {
            domain.unsaid();
            server.ended(Some(fault(error)), None);
        }
        // Any response shows that the server works. A refusal of the sender applies to every mail.
        (Stage::Receiver | Stage::Text, Some(_)) => {
            domain.answered();
            server.ended(Some(fault(error)).filter(|fault| *fault == Fault::Setup), None);
        }
        // Which of the two hangs is seen when mails to others get through.
        (Stage::Receiver | Stage::Text, None) => {
            domain.failed(Fault::Provider, None);
            server.failed(Fault::Provider, None);
        }
    }
}

/// What a failure means for the mail.
fn judged(error: SendError) -> DeliveryError {
    let fault = fault(&error);
    match &error.cause {
        Cause::Unsupported => DeliveryError::permanent(error.to_string()),
        Cause::Connect(_) => DeliveryError::away("the mail server cannot be reached", error),
        Cause::Late(_) => DeliveryError::of(fault, "the mail server does not answer", None),
        Cause::OutOfTurn => DeliveryError::of(fault, error.to_string(), None),
        Cause::Smtp(answer) => match answer.status().map(u16::from) {
            Some(code) => DeliveryError::of(fault, reason(code, &text(answer)), None),
            None => DeliveryError::Retry {
                fault,
                reason: "the connection to the mail server failed".to_owned(),
                after: None,
                source: Some(error.into()),
            },
        },
    }
}

/// The codes of a reply, which contain no personal data.
fn reason(code: u16, text: &str) -> String {
    match enhanced(text) {
        Some((class, subject, detail)) => format!("SMTP {code} {class}.{subject}.{detail}"),
        None => format!("SMTP {code}"),
    }
}
