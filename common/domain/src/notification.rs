//! The content of a message to a passenger: renders a ticket's current data as a mail and a Viber text.
//!
//! Pure: sending is in `app::notification`. Every text that people typed is cleaned of control characters here and
//! escaped by the templates, so nothing can inject a header or markup.

mod channel;
pub mod delivery;
mod format;
pub mod qr;
pub mod view;
pub mod words;

use askama::Template;
use chrono::{DateTime, Utc};
use rust_decimal::Decimal;

use crate::id::TicketId;
use crate::language::Language;
use crate::money::Money;
use crate::payment_window::PAYMENT_WINDOW;
use crate::reference::Reference;
use crate::ticket::{Event, TicketStatus};
use crate::zone::Zone;

pub use channel::Channel;
pub use format::LocalTime;
pub(crate) use format::clean;
use view::View;

/// Content-ID of the QR code that the HTML part shows.
pub const QR_CONTENT_ID: &str = "order-qr@ticket";

/// File name of the attached ticket.
pub const TICKET_FILE_NAME: &str = "ticket.pdf";

/// A stop of the trip as the passenger's language calls it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Call {
    /// City.
    pub city: String,
    /// Stop.
    pub stop: String,
    /// Street address of the stop.
    pub address: Option<String>,
    /// Platform of the stop.
    pub platform: Option<String>,
    /// When the bus leaves or arrives, on the clock of the city.
    pub at: LocalTime,
}

/// A ticket and what happened to it: everything a message can say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TicketMessage {
    /// The event.
    pub event: Event,
    /// Language of the booking.
    pub language: Language,
    /// The ticket, which passengers know as their order.
    pub order_id: TicketId,
    /// Its reference.
    pub reference: Reference,
    /// The reference of its booking.
    pub booking_reference: Reference,
    /// Current status of the ticket.
    pub status: TicketStatus,
    /// First and last name.
    pub passenger: String,
    /// Where and when the passenger boards.
    pub departure: Call,
    /// Where and when the passenger alights.
    pub arrival: Call,
    /// Seat number on the bus.
    pub seat: i16,
    /// Whether the trip is of a synthetic demo feed, which is stated in every form of the message.
    pub synthetic: bool,
    /// Name of the route.
    pub route: String,
    /// Company that sells the trip.
    pub company: String,
    /// Carrier that operates it.
    pub carrier: String,
    /// Phones of the carrier.
    pub carrier_phones: Vec<String>,
    /// Make and registration number, as far as known.
    pub bus: Option<String>,
    /// What the passenger pays, after the discount.
    pub price: Money,
    /// What has been prepaid of it, in the same currency.
    pub prepaid: Decimal,
    /// The refund after a cancellation; `None` if nothing was paid.
    pub refund: Option<Money>,
    /// Until when an unpaid ticket stays open, on the clock of the boarding city.
    pub pay_by: LocalTime,
}

/// A mail, ready to be sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TicketMail {
    /// Name of the receiver, in one line.
    pub to_name: String,
    /// Subject line, in one line.
    pub subject: String,
    /// The text for mail programs without HTML.
    pub plain: String,
    /// The same as HTML; shows [`QR_CONTENT_ID`] when there is a ticket.
    pub html: String,
    /// The attached ticket, once it is confirmed.
    pub ticket: Option<Ticket>,
}

/// A confirmed ticket as files.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ticket {
    /// QR code of the order id, PNG.
    pub qr: Vec<u8>,
    /// The ticket to print or to show, PDF.
    pub pdf: Vec<u8>,
}

/// A message that could not be rendered; a bug, so repeating does not help.
#[derive(Debug, thiserror::Error)]
pub enum RenderError {
    /// A template failed.
    #[error("the template cannot be rendered")]
    Template(#[from] askama::Error),
    /// The QR code could not be drawn.
    #[error("the QR code cannot be drawn: {0}")]
    Qr(String),
    /// The PDF could not be written.
    #[error("the PDF cannot be written: {0}")]
    Pdf(String),
}

/// Draws a ticket as a PDF.
pub type DrawPdf = fn(&View, &qr::Code) -> Result<Vec<u8>, RenderError>;

/// Until when a ticket created at this instant can be paid, on the clock of the boarding city.
#[must_use]
pub fn pay_by(created_at: DateTime<Utc>, zone: &Zone) -> LocalTime {
    LocalTime::new(created_at + PAYMENT_WINDOW, zone)
}

impl TicketMessage {
    /// Whether the ticket is attached: it is confirmed, and the event makes a ticket valid or changes it.
    #[must_use]
    pub fn carries_ticket(&self) -> bool {
        self.event.carries_ticket() && self.status == TicketStatus::Confirmed
    }

    /// The ticket by itself, as it is attached to a mail; `draw_pdf` draws it.
    ///
    /// # Errors
    /// When it cannot be drawn; see [`RenderError`].
    pub fn pdf(&self, draw_pdf: DrawPdf) -> Result<Vec<u8>, RenderError> {
        let view = View::new(self, view::LETTER);
        let code = qr::Code::new(&view.order)?;
        draw_pdf(&view, &code)
    }

    /// The message as a mail; `draw_pdf` draws the ticket.
    ///
    /// # Errors
    /// When a part cannot be drawn; see [`RenderError`].
    pub fn letter(&self, draw_pdf: DrawPdf) -> Result<TicketMail, RenderError> {
        let view = View::new(self, view::LETTER);
        let ticket = if view.ticket {
            let code = qr::Code::new(&view.order)?;
            Some(Ticket {
                qr: code.png()?,
                pdf: draw_pdf(&view, &code)?,
            })
        } else {
            None
        };
        Ok(TicketMail {
            plain: Plain { view: &view }.render()?,
            html: Html {
                view: &view,
                qr: QR_CONTENT_ID,
            }
            .render()?,
            to_name: view.passenger,
            subject: view.subject,
            ticket,
        })
    }

    /// The message as a Viber text.
    ///
    /// # Errors
    /// When the template fails.
    pub fn viber_text(&self) -> Result<String, RenderError> {
        let view = View::new(self, view::SHORT_MESSAGE);
        Ok(Viber { view: &view }.render()?)
    }
}

#[derive(Template)]
#[template(path = "mail.html")]
struct Html<'a> {
    view: &'a View,
    qr: &'static str,
}

#[derive(Template)]
#[template(path = "mail.txt")]
struct Plain<'a> {
    view: &'a View,
}

#[derive(Template)]
#[template(path = "viber.txt")]
struct Viber<'a> {
    view: &'a View,
}
