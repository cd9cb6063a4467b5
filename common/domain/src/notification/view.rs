//! A message taken apart into the pieces that every form of it shows: HTML, plain text, Viber and PDF.

use super::format::{clean, money, shortened};
use super::words::{Saying, Words, fill};
use super::{Call, TicketMessage};
use crate::money::Money;
use crate::ticket::Event;

/// The tone of a message, shown as the colour of its headline.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tone {
    /// All is well.
    Good,
    /// The passenger should do or check something.
    Waiting,
    /// The trip does not take place.
    Over,
}

impl Tone {
    /// Colour of the headline, as HTML writes it.
    pub const fn color(self) -> &'static str {
        match self {
            Self::Good => "#0b7a4b",
            Self::Waiting => "#9a5b00",
            Self::Over => "#a3262e",
        }
    }
}

/// Boarding or alighting.
#[derive(Debug)]
pub struct Leg {
    /// Its label.
    pub label: &'static str,
    /// Hours and minutes, on the clock of the place.
    pub time: String,
    /// That clock, where it is not the usual one.
    pub zone: String,
    /// The day.
    pub date: String,
    /// City.
    pub city: String,
    /// Stop and address.
    pub place: String,
    /// Platform of the stop.
    pub platform: Option<String>,
}

/// A value with its label.
#[derive(Debug)]
pub struct Row {
    /// The label.
    pub label: &'static str,
    /// The value.
    pub value: String,
}

/// Everything that is shown, in words.
#[derive(Debug)]
pub struct View {
    /// The words of the language.
    pub words: &'static Words,
    /// The tone.
    pub tone: Tone,
    /// Subject of the mail.
    pub subject: String,
    /// A notice that the trip is invented, if it is.
    pub notice: Option<&'static str>,
    /// Headline.
    pub title: &'static str,
    /// Greeting.
    pub greeting: String,
    /// What happened, in a sentence or two.
    pub lead: String,
    /// Boarding.
    pub departure: Leg,
    /// Alighting.
    pub arrival: Leg,
    /// Seat number.
    pub seat: i16,
    /// Name of the passenger.
    pub passenger: String,
    /// Further data, such as the carrier and the price.
    pub rows: Vec<Row>,
    /// Phones of the carrier.
    pub phones: Vec<String>,
    /// Id of the ticket, which the QR code contains.
    pub order: String,
    /// The reference of the ticket.
    pub reference: String,
    /// The reference of its booking.
    pub booking: String,
    /// Whether the ticket is attached.
    pub ticket: bool,
}

/// Most phones of a carrier that are shown.
const PHONES: usize = 5;

/// Characters of a single text in a mail and on a ticket: a page and a half of the latter.
pub const LETTER: usize = 6_000;

/// Characters of a single text in a Viber message, which has 7,000 in all.
pub const SHORT_MESSAGE: usize = 300;

impl View {
    /// The pieces of a message; texts that people typed are cut after `most` characters.
    pub fn new(message: &TicketMessage, most: usize) -> Self {
        let words = Words::of(message.language);
        let (saying, tone) = saying(message, words);
        let clean = |text: &str| shortened(&clean(text), most);
        let departure = leg(words, words.labels.departure, &message.departure, most);
        let arrival = leg(words, words.labels.arrival, &message.arrival, most);
        let passenger = clean(&message.passenger);
        let due = Money::new(message.price.amount - message.prepaid, message.price.currency);
        let sum = |sum: Money| money(words, sum);
        let (pay_by, seat) = (message.pay_by.moment(words), message.seat.to_string());
        let lead = fill(
            saying.lead,
            &[
                ("pay_by", &pay_by),
                ("price", &sum(message.price)),
                ("prepaid", &sum(Money::new(message.prepaid, message.price.currency))),
                ("due", &sum(due)),
                ("refund", &message.refund.map(sum).unwrap_or_default()),
                ("seat", &seat),
            ],
        );
        Self {
            words,
            tone,
            subject: format!(
                "{}: {} – {}, {}",
                saying.subject,
                departure.city,
                arrival.city,
                message.departure.at.short_date(words)
            ),
            notice: Some(words.synthetic_note).filter(|_| message.synthetic),
            title: saying.title,
            greeting: fill(words.greeting, &[("name", &passenger)]),
            lead,
            rows: rows(message, words, due, pay_by, most),
            departure,
            arrival,
            seat: message.seat,
            passenger,
            phones: message
                .carrier_phones
                .iter()
                .take(PHONES)
                .map(|phone| clean(phone))
                .collect(),
            order: message.order_id.to_string(),
            reference: message.reference.to_string(),
            booking: message.booking_reference.to_string(),
            ticket: message.carries_ticket(),
        }
    }

    /// A phone as `tel:` links write it (RFC 3966).
    pub fn dial(&self, phone: &str) -> String {
        phone.chars().filter(|c| c.is_ascii_digit() || *c == '+').collect()
    }

    /// Boarding, then alighting.
    pub fn legs(&self) -> [&Leg; 2] {
        [&self.departure, &self.arrival]
    }
}

fn saying<'a>(message: &TicketMessage, words: &'a Words) -> (&'a Saying, Tone) {
    let events = &words.events;
    match message.event {
        Event::Created => (&events.created, Tone::Waiting),
        Event::Booked => (&events.booked, Tone::Good),
        Event::Paid => (&events.paid, Tone::Good),
        Event::Prepaid => (&events.prepaid, Tone::Good),
        Event::Confirmed | Event::Resent => (&events.confirmed, Tone::Good),
        Event::Moved => (&events.moved, Tone::Waiting),
        Event::Uncompleted => (&events.uncompleted, Tone::Over),
        Event::Rejected => (&events.rejected, Tone::Over),
        Event::Canceled => match message.refund {
            Some(refund) if !refund.amount.is_zero() => (&events.refunded, Tone::Over),
            None if message.prepaid.is_zero() => (&events.canceled, Tone::Over),
            _ => (&events.forfeited, Tone::Over),
        },
    }
}

fn leg(words: &Words, label: &'static str, call: &Call, most: usize) -> Leg {
    let clean = |text: &str| shortened(&clean(text), most);
    let (city, stop) = (clean(&call.city), clean(&call.stop));
    let address = call
        .address
        .as_deref()
        .map(&clean)
        .filter(|address| !address.is_empty());
    Leg {
        label,
        time: call.at.time(),
        zone: call.at.zone(),
        date: call.at.long_date(words),
        place: match address {
            None => stop,
            // Many stops have the name of their city, which is printed beside it.
            Some(address) if stop == city => address,
            Some(address) => format!("{stop}, {address}"),
        },
        city,
        platform: call
            .platform
            .as_deref()
            .map(&clean)
            .filter(|platform| !platform.is_empty()),
    }
}

fn rows(message: &TicketMessage, words: &Words, due: Money, pay_by: String, most: usize) -> Vec<Row> {
    let clean = |text: &str| shortened(&clean(text), most);
    let labels = &words.labels;
    let (carrier, company) = (clean(&message.carrier), clean(&message.company));
    let on_board = matches!(message.event, Event::Booked | Event::Prepaid);
    let canceled = message.event == Event::Canceled;
    [
        (labels.route, Some(clean(&message.route))),
        (labels.company, Some(company).filter(|company| *company != carrier)),
        (labels.carrier, Some(carrier)),
        (labels.bus, message.bus.as_deref().map(&clean)),
        (labels.price, Some(money(words, message.price))),
        (labels.due, Some(money(words, due)).filter(|_| on_board)),
        (
            labels.refund,
            message.refund.map(|sum| money(words, sum)).filter(|_| canceled),
        ),
        (labels.pay_by, Some(pay_by).filter(|_| message.event == Event::Created)),
    ]
    .into_iter()
    .filter_map(|(label, value)| Some(Row { label, value: value? }).filter(|row| !row.value.is_empty()))
    .collect()
}
