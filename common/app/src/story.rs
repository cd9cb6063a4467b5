//! What happened, in the order of time: one account of a booking, an order, a message, a report, a job or a request,
//! for people of the platform. It answers why a passenger has no ticket: with which words a provider refused it, when
//! it is tried again, or that there is no address. Addresses are masked; nothing else of a passenger is in it.

use std::fmt;
use std::str::FromStr;

use chrono::{DateTime, Utc};
use db::story::{Anchor, Line, Message, Move, Report, Ticket};
use domain::id::{BookingId, NotificationId, ReportId, TicketId};
use domain::reference::Reference;
use kernel::id::ParseIdError;
use ledger::db::story::JobStory;
use ledger::id::JobId;
use sqlx::{PgConnection, PgPool};
use uuid::Uuid;

use crate::error::{AppError, AppResult, Noun};

mod job;
mod mask;
mod message;
mod tell;

/// Tickets of one story.
const TICKETS: i64 = 50;

/// Lines of history, moves and jobs of one story, each.
const ROWS: i64 = 500;

/// What a story is asked about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum StoryId {
    /// A booking.
    Booking(BookingId),
    /// A ticket.
    Order(TicketId),
    /// A message to a passenger.
    Message(NotificationId),
    /// A report.
    Report(ReportId),
    /// A job.
    Job(JobId),
    /// A booking or a ticket, by what people call it.
    Reference(Reference),
    /// A request, by its `x-request-id`.
    Request(String),
}

/// A text that is not an id of something that has a story.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum StoryIdError {
    /// It begins like an id and does not go on like one.
    #[error("{prefix}_ must be followed by 32 hexadecimal digits in lower case")]
    Malformed {
        /// The prefix, without the underscore.
        prefix: &'static str,
    },
    /// It is not even the id of a request.
    #[error(
        "must be an id of a booking (bkg_), an order (ord_), a message (ntf_), a report (rpt_), a job (job_) or a request, or a reference"
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
            Some(TicketId::PREFIX) => Self::Order(text.parse()?),
            Some(NotificationId::PREFIX) => Self::Message(text.parse()?),
            Some(ReportId::PREFIX) => Self::Report(text.parse()?),
            Some(JobId::PREFIX) => Self::Job(text.parse()?),
            _ if let Ok(reference) = text.parse() => Self::Reference(reference),
            _ if is_request_id(text) => Self::Request(text.to_owned()),
            _ => return Err(StoryIdError::Unknown),
        })
    }
}

/// As the API takes it: 1 to 128 letters, digits, dots, dashes and underscores.
fn is_request_id(text: &str) -> bool {
    (1..=128).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_alphanumeric() || b"._-".contains(&b))
}

impl fmt::Display for StoryId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Booking(id) => id.fmt(f),
            Self::Order(id) => id.fmt(f),
            Self::Message(id) => id.fmt(f),
            Self::Report(id) => id.fmt(f),
            Self::Job(id) => id.fmt(f),
            Self::Reference(reference) => reference.fmt(f),
            Self::Request(id) => f.write_str(id),
        }
    }
}

/// What an entry tells of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// A request arrived and changed something.
    Request,
    /// Something happened to a ticket.
    Event,
    /// A ticket went to another booking.
    Move,
    /// A message was recorded or sent.
    Message,
    /// There is no message on a channel, and why.
    NoMessage,
    /// Something happened to a report.
    Report,
    /// Something happened to a job.
    Job,
    /// How things stand now.
    Now,
}

impl Kind {
    /// The word for it.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Request => "request",
            Self::Event => "event",
            Self::Move => "move",
            Self::Message => "message",
            Self::NoMessage => "no message",
            Self::Report => "report",
            Self::Job => "job",
            Self::Now => "now",
        }
    }
}

/// One entry of a story.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// When it was; an entry about now has the present instant.
    pub at: DateTime<Utc>,
    /// What it tells of.
    pub kind: Kind,
    /// Id of the ticket, message, report, job or request that it is about.
    pub id: String,
    /// What happened.
    pub text: String,
    /// Other ids that play a part: of who did it, the request, bookings.
    pub ids: Vec<String>,
}

/// An account of what happened, oldest first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Story {
    /// What it is about.
    pub id: StoryId,
    /// The entries.
    pub entries: Vec<Entry>,
    /// Whether there is more than a story holds: 50 tickets, 500 lines of history, 500 jobs.
    pub is_cut: bool,
}

/// All that is known.
#[derive(Debug, Default)]
struct Known {
    tickets: Vec<Ticket>,
    lines: Vec<Line>,
    messages: Vec<Message>,
    moves: Vec<Move>,
    reports: Vec<Report>,
    jobs: Vec<JobStory>,
}

impl Known {
    fn is_empty(&self) -> bool {
        self.tickets.is_empty() && self.reports.is_empty() && self.jobs.is_empty()
    }

    fn is_cut(&self) -> bool {
        let full = |rows: usize, limit: i64| i64::try_from(rows).is_ok_and(|rows| rows >= limit);
        full(self.tickets.len(), TICKETS)
            || full(self.lines.len(), ROWS)
            || full(self.moves.len(), ROWS)
            || full(self.jobs.len(), ROWS)
    }

    /// The job that sends a message.
    fn job_of(&self, message: &Message) -> Option<&JobStory> {
        let key = message.id.to_string();
        self.jobs
            .iter()
            .find(|job| job.dedupe_key.as_deref() == Some(key.as_str()))
    }
}

/// Tells the story of something.
///
/// # Errors
/// Not found, when nothing is known of it.
pub async fn tell(pool: &PgPool, now: DateTime<Utc>, id: &StoryId) -> AppResult<Story> {
    let mut snapshot = db::snapshot(pool).await?;
    let known = load(&mut snapshot, id).await?;
    snapshot.commit().await?;
    if known.is_empty() {
        return Err(AppError::NotFound(match id {
            StoryId::Booking(_) => Noun::Booking,
            StoryId::Order(_) => Noun::Order,
            StoryId::Report(_) => Noun::Report,
            StoryId::Message(_) | StoryId::Job(_) | StoryId::Reference(_) | StoryId::Request(_) => Noun::Resource,
        }));
    }
    let mut entries = tell::entries(&known, now);
    entries.sort_by_key(|entry| (entry.kind == Kind::Now, entry.at, entry.kind));
    Ok(Story {
        id: id.clone(),
        entries,
        is_cut: known.is_cut(),
    })
}

async fn load(conn: &mut PgConnection, id: &StoryId) -> AppResult<Known> {
    let (mut job_ids, mut about) = (Vec::<Uuid>::new(), Some(id.clone()));
    if let StoryId::Job(job_id) = id {
        job_ids.push(job_id.0);
        let job = ledger::db::story::jobs(conn, &job_ids, &[], None, 1).await?.pop();
        about = job.as_ref().and_then(job::about);
    }
    if let StoryId::Reference(reference) = id {
        let (booking, ticket) = db::story::of_reference(conn, reference).await?;
        // A request may have an id that looks like one.
        let request = || StoryId::Request(reference.to_string());
        let booking = booking.map(StoryId::Booking);
        about = Some(booking.or(ticket.map(StoryId::Order)).unwrap_or_else(request));
    }
    let mut known = Known::default();
    let mut request_id = None;
    match &about {
        Some(StoryId::Booking(id)) => load_tickets(conn, Anchor::Booking(*id), &mut known).await?,
        Some(StoryId::Order(id)) => load_tickets(conn, Anchor::Ticket(*id), &mut known).await?,
        Some(StoryId::Message(id)) => {
            load_tickets(conn, Anchor::Message(*id), &mut known).await?;
            known.messages.retain(|message| message.id == *id);
        }
        Some(StoryId::Report(id)) => known.reports = db::story::reports(conn, Some(*id), None, 1).await?,
        Some(StoryId::Request(id)) => {
            load_tickets(conn, Anchor::Request(id), &mut known).await?;
            known.reports = db::story::reports(conn, None, Some(id), ROWS).await?;
            request_id = Some(id.as_str());
        }
        Some(StoryId::Job(_) | StoryId::Reference(_)) | None => {}
    }
    let messages = known.messages.iter().map(|message| message.id.to_string());
    let reports = known.reports.iter().map(|report| format!("report:{}", report.id));
    let keys: Vec<String> = messages.chain(reports).collect();
    known.jobs = ledger::db::story::jobs(conn, &job_ids, &keys, request_id, ROWS).await?;
    Ok(known)
}

async fn load_tickets(conn: &mut PgConnection, anchor: Anchor<'_>, known: &mut Known) -> AppResult<()> {
    let tickets = db::story::ticket_ids(conn, anchor, TICKETS).await?;
    known.tickets = db::story::tickets(conn, &tickets).await?;
    known.lines = db::story::lines(conn, anchor, &tickets, ROWS).await?;
    let lines: Vec<Uuid> = known.lines.iter().map(|line| line.id).collect();
    known.messages = db::story::messages(conn, &lines).await?;
    known.moves = db::story::moves(conn, &tickets, ROWS).await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::{StoryId, StoryIdError};

    #[test]
    fn ids_are_told_apart_and_malformed_ones_refused() {
        let id = "0190a1b2c3d4e5f60718293a4b5c6d7e";
        for prefix in ["bkg", "ord", "ntf", "rpt", "job"] {
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
