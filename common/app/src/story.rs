//! Stories, which are events in chronological order: of a booking, a ticket, a message, a report, an upload of a
//! timetable, a job or a request, for platform operators. A story shows why a passenger did not receive a ticket: a
//! provider refused it and with which response, when it is tried again, or that there is no address. Addresses are
//! masked; no other personal data are included.

use chrono::{DateTime, Utc};
use db::audit::{AuditEntry, JobAction};
use db::story::{Anchor, Line, Message, Move, Report, ReportMail, ReportRun, Ticket, Upload};
use domain::id::{ReportId, ReportRunId, TimetableUploadId};
use domain::mask;
use ledger::db::story::JobStory;
use ledger::id::JobId;
use sqlx::{PgConnection, PgPool};
use uuid::Uuid;

use crate::error::{AppError, AppResult, Noun};
use crate::jobs::{report_delivery, report_mail, report_start, timetable_preview};

mod id;
mod job;
mod message;
mod report;
mod schedule;
mod tell;
mod upload;

pub use id::{StoryId, StoryIdError};

/// Maximum number of tickets of one story.
const TICKETS: i64 = 50;

/// Maximum number each of history lines, moves, times of schedules, mails about reports, jobs and entries of the audit
/// trail of one story.
const ROWS: i64 = 500;

/// The subject of an entry.
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
    /// There is no message on a channel; the text says why.
    NoMessage,
    /// Something happened to a report.
    Report,
    /// Something happened to an upload of a timetable.
    Upload,
    /// Something happened to a job.
    Job,
    /// The current state.
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
            Self::Upload => "timetable",
            Self::Job => "job",
            Self::Now => "now",
        }
    }
}

/// One entry of a story.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// When it happened; for the current state, the present instant.
    pub at: DateTime<Utc>,
    /// Its subject.
    pub kind: Kind,
    /// Id of the ticket, message, report, upload, job or request that it is about.
    pub id: String,
    /// What happened.
    pub text: String,
    /// Other ids involved: the actor, the request, bookings.
    pub ids: Vec<String>,
}

/// The events of an object, oldest first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Story {
    /// Id of the object.
    pub id: StoryId,
    /// The entries.
    pub entries: Vec<Entry>,
    /// Whether a limit of a story was reached: 50 tickets, 500 history lines, 500 moves, 500 times of schedules, 500
    /// mails about reports, 500 jobs or 500 entries of the audit trail.
    pub is_cut: bool,
}

/// The data of a story.
#[derive(Debug, Default)]
struct Known {
    tickets: Vec<Ticket>,
    lines: Vec<Line>,
    messages: Vec<Message>,
    /// Messages of the same lines that the story is not about.
    other_messages: Vec<Message>,
    moves: Vec<Move>,
    reports: Vec<Report>,
    /// The times of schedules for which the reports were made.
    runs: Vec<ReportRun>,
    /// The mails about them.
    report_mails: Vec<ReportMail>,
    uploads: Vec<Upload>,
    jobs: Vec<JobStory>,
    job_actions: Vec<JobAction>,
    /// What the request did, of a story about one.
    acts: Vec<AuditEntry>,
}

impl Known {
    fn is_empty(&self) -> bool {
        self.tickets.is_empty()
            && self.reports.is_empty()
            && self.uploads.is_empty()
            && self.jobs.is_empty()
            && self.acts.is_empty()
    }

    fn is_cut(&self) -> bool {
        is_full(self.tickets.len(), TICKETS)
            || is_full(self.lines.len(), ROWS)
            || is_full(self.moves.len(), ROWS)
            || is_full(self.runs.len(), ROWS)
            || is_full(self.report_mails.len(), ROWS)
            || is_full(self.acts.len(), ROWS)
            || self.lacks_jobs()
    }

    /// Whether there may be jobs that were not read.
    fn lacks_jobs(&self) -> bool {
        is_full(self.jobs.len(), ROWS)
    }

    /// The job that sends a message.
    fn job_of(&self, message: &Message) -> Option<&JobStory> {
        self.job_with(&message.id.to_string())
    }

    fn job_with(&self, key: &str) -> Option<&JobStory> {
        self.jobs.iter().find(|job| job.dedupe_key.as_deref() == Some(key))
    }
}

fn is_full(rows: usize, limit: i64) -> bool {
    i64::try_from(rows).is_ok_and(|rows| rows >= limit)
}

/// Returns the story of something.
///
/// # Errors
/// Not found, when nothing is known about it.
pub async fn tell(pool: &PgPool, now: DateTime<Utc>, id: &StoryId) -> AppResult<Story> {
    let mut snapshot = db::snapshot(pool).await?;
    let known = load(&mut snapshot, id).await?;
    snapshot.commit().await?;
    if known.is_empty() {
        return Err(AppError::NotFound(match id {
            StoryId::Booking(_) => Noun::Booking,
            StoryId::Ticket(_) => Noun::Ticket,
            StoryId::Report(_) => Noun::Report,
            StoryId::Message(_)
            | StoryId::Upload(_)
            | StoryId::Job(_)
            | StoryId::Reference(_)
            | StoryId::Request(_) => Noun::Resource,
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
        if let Some(id) = job.as_ref().and_then(job::scheduled) {
            about = db::story::report_of(conn, id).await?.map(StoryId::Report);
        }
    }
    if let StoryId::Reference(reference) = id {
        let (booking, ticket) = db::story::of_reference(conn, reference).await?;
        // A request may have an id that looks like one.
        let request = || StoryId::Request(reference.to_string());
        let booking = booking.map(StoryId::Booking);
        about = Some(booking.or(ticket.map(StoryId::Ticket)).unwrap_or_else(request));
    }
    let mut known = Known::default();
    let mut request_id = None;
    match &about {
        Some(StoryId::Booking(id)) => load_tickets(conn, Anchor::Booking(*id), &mut known).await?,
        Some(StoryId::Ticket(id)) => load_tickets(conn, Anchor::Ticket(*id), &mut known).await?,
        Some(StoryId::Message(id)) => {
            load_tickets(conn, Anchor::Message(*id), &mut known).await?;
            let messages = std::mem::take(&mut known.messages).into_iter();
            (known.messages, known.other_messages) = messages.partition(|message| message.id == *id);
        }
        Some(StoryId::Report(id)) => known.reports = db::story::reports(conn, Some(*id), None, 1).await?,
        Some(StoryId::Upload(id)) => known.uploads = db::story::uploads(conn, &[*id], 1).await?,
        Some(StoryId::Request(id)) => {
            load_tickets(conn, Anchor::Request(id), &mut known).await?;
            known.reports = db::story::reports(conn, None, Some(id), ROWS).await?;
            known.acts = db::audit::of_request(conn, id, ROWS).await?;
            request_id = Some(id.as_str());
        }
        Some(StoryId::Job(_) | StoryId::Reference(_)) | None => {}
    }
    load_schedules(conn, &mut known).await?;
    known.jobs = ledger::db::story::jobs(conn, &job_ids, &keys(&known), request_id, ROWS).await?;
    let found: Vec<JobId> = known.jobs.iter().map(|job| job.id).collect();
    known.job_actions = db::audit::on_jobs(conn, &found, ROWS).await?;
    if request_id.is_some() {
        // An upload does not store its requests, since its preview and its publication have different ones. Its jobs
        // do.
        let ids = known.jobs.iter().filter_map(|job| match job::about(job) {
            Some(StoryId::Upload(id)) => Some(id),
            _ => None,
        });
        let ids: Vec<TimetableUploadId> = ids.collect();
        known.uploads = db::story::uploads(conn, &ids, ROWS).await?;
    }
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

/// Loads the times of schedules for which the reports were made, and the mails about them.
async fn load_schedules(conn: &mut PgConnection, known: &mut Known) -> AppResult<()> {
    let reports: Vec<ReportId> = known.reports.iter().map(|report| report.id).collect();
    if !reports.is_empty() {
        known.runs = db::story::report_runs(conn, &reports, ROWS).await?;
        let runs: Vec<ReportRunId> = known.runs.iter().map(|run| run.id).collect();
        known.report_mails = db::story::report_mails(conn, &runs, ROWS).await?;
    }
    Ok(())
}

/// The keys of the jobs.
fn keys(known: &Known) -> Vec<String> {
    let mut keys: Vec<String> = known.messages.iter().map(|message| message.id.to_string()).collect();
    keys.extend(known.reports.iter().map(|report| format!("report:{}", report.id)));
    for run in &known.runs {
        keys.extend([report_start::key(run.id), report_delivery::key(run.id)]);
    }
    keys.extend(known.report_mails.iter().map(|mail| report_mail::key(mail.id)));
    for upload in &known.uploads {
        keys.push(timetable_preview::key(upload.id));
        keys.extend(upload.job_key.clone());
    }
    keys
}
