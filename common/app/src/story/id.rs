//! What a story can be about.

use std::fmt;
use std::str::FromStr;

use domain::id::{BookingId, NotificationId, ReportId, TicketId, TimetableUploadId};
use domain::reference::Reference;
use kernel::id::ParseIdError;
use ledger::id::JobId;

/// What a story is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum StoryId {
    /// A booking.
    Booking(BookingId),
    /// A ticket.
    Ticket(TicketId),
    /// A message to a passenger.
    Message(NotificationId),
    /// A report.
    Report(ReportId),
    /// An upload of a timetable.
    Upload(TimetableUploadId),
    /// A job.
    Job(JobId),
    /// A booking or a ticket, by its reference.
    Reference(Reference),
    /// A request, by its `x-request-id`.
    Request(String),
}

/// A text that is not an id of something that has a story.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum StoryIdError {
    /// It begins like an id but is not one.
    #[error("{prefix}_ must be followed by 32 hexadecimal digits in lower case")]
    Malformed {
        /// The prefix, without the underscore.
        prefix: &'static str,
    },
    /// It is not even the id of a request.
    #[error(
        "must be an id of a booking (bkg_), an order (ord_), a message (ntf_), a report (rpt_), a timetable (tup_), a job (job_) or a request, or a reference"
    )]
    Unknown,
}

impl From<ParseIdError> for StoryIdError {
    fn from(error: ParseIdError) -> Self {
        Self::Malformed { prefix: error.prefix }
    }
}

impl FromStr for StoryId {
    type Err = StoryIdError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Ok(match text.split_once('_').map(|(prefix, _)| prefix) {
            Some(BookingId::PREFIX) => Self::Booking(text.parse()?),
            Some(TicketId::PREFIX) => Self::Ticket(text.parse()?),
            Some(NotificationId::PREFIX) => Self::Message(text.parse()?),
            Some(ReportId::PREFIX) => Self::Report(text.parse()?),
            Some(TimetableUploadId::PREFIX) => Self::Upload(text.parse()?),
            Some(JobId::PREFIX) => Self::Job(text.parse()?),
            _ if let Ok(reference) = text.parse() => Self::Reference(reference),
            _ if is_request_id(text) => Self::Request(text.to_owned()),
            _ => return Err(StoryIdError::Unknown),
        })
    }
}

/// Whether the API accepts it as a request id: 1 to 128 letters, digits, dots, dashes and underscores.
fn is_request_id(text: &str) -> bool {
    (1..=128).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_alphanumeric() || b"._-".contains(&b))
}

impl fmt::Display for StoryId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Booking(id) => id.fmt(f),
            Self::Ticket(id) => id.fmt(f),
            Self::Message(id) => id.fmt(f),
            Self::Report(id) => id.fmt(f),
            Self::Upload(id) => id.fmt(f),
            Self::Job(id) => id.fmt(f),
            Self::Reference(reference) => reference.fmt(f),
            Self::Request(id) => f.write_str(id),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{StoryId, StoryIdError};

    #[test]
    fn ids_are_distinguished_and_malformed_ones_refused() {
        let id = "0190a1b2c3d4e5f60718293a4b5c6d7e";
        for prefix in ["bkg", "ord", "ntf", "rpt", "tup", "job"] {
            let text = format!("{prefix}_{id}");
            assert_eq!(text.parse::<StoryId>().unwrap().to_string(), text);
            let short = format!("{prefix}_{}", &id[1..]);
            assert!(
                matches!(short.parse::<StoryId>(), Err(StoryIdError::Malformed { .. })),
                "{short}"
            );
        }
        assert_eq!("tour-pay_1".parse(), Ok(StoryId::Request("tour-pay_1".to_owned())));
        assert_eq!("k7m-2qxc".parse::<StoryId>().unwrap().to_string(), "K7M2QXC");
        for text in ["", "a b", "ą", "'; drop"] {
            assert_eq!(text.parse::<StoryId>(), Err(StoryIdError::Unknown), "{text}");
        }
    }
}
