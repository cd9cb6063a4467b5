//! The error type of all use cases: typed, independent of the transport, with its cause. Programs convert it at the
//! last step (`api/src/error.rs` to the envelope of contract section 1) and log it once.

use std::fmt;

use connect::postgres::{Trouble, trouble};
pub use domain::error::FieldError;
use domain::id::{CompanyId, PartnerId, TicketId};
use domain::vault::VaultError;
pub use kernel::chain;

/// Result of a use case.
pub type AppResult<T> = Result<T, AppError>;

/// What was not found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Noun {
    /// A city.
    City,
    /// A stop.
    Stop,
    /// A booking.
    Booking,
    /// A ticket.
    Ticket,
    /// A bus company.
    Company,
    /// A report.
    Report,
    /// A tracker of a bus.
    Tracker,
    /// A job of the ledger.
    Job,
    /// A queue of jobs.
    Queue,
    /// Anything else.
    Resource,
}

impl fmt::Display for Noun {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::City => "city",
            Self::Stop => "stop",
            Self::Booking => "booking",
            Self::Ticket => "ticket",
            Self::Company => "company",
            Self::Report => "report",
            Self::Tracker => "tracker",
            Self::Job => "job",
            Self::Queue => "queue",
            Self::Resource => "resource",
        })
    }
}

/// Why a use case refused or failed.
#[derive(Debug, thiserror::Error)]
pub enum AppError {
    /// The request breaks a rule of its shape; at least one field.
    #[error("these fields are not valid: {}", .0.iter().map(|f| f.field.as_str()).collect::<Vec<_>>().join(", "))]
    Validation(Vec<FieldError>),
    /// No or unknown credential.
    #[error("the credential is missing or unknown")]
    Unauthorized,
    /// No session, or a token that we did not issue.
    #[error("there is no session")]
    NoSession,
    /// The access token or the session has ended.
    #[error("the session has expired")]
    SessionExpired,
    /// A refresh token was used long after it was superseded; the session is revoked.
    #[error("the refresh token was reused, and the session is revoked")]
    SessionReplayed,
    /// Unknown user or wrong password; the response does not say which.
    #[error("the credentials are not valid")]
    InvalidCredentials,
    /// The user has no access to a company or partner.
    #[error("the user has no workplace")]
    NoAccess,
    /// The user has access to several companies or partners and must choose one: ids and names.
    #[error("the user has several workplaces and must choose one")]
    CompanyRequired {
        /// The companies.
        companies: Vec<(CompanyId, String)>,
        /// The partners.
        partners: Vec<(PartnerId, String)>,
    },
    /// Too many attempts; seconds until the next one is allowed.
    #[error("too many attempts were made; the next one is allowed in {0} s")]
    RateLimited(u32),
    /// The credential is known but may not do this.
    #[error("forbidden: {0}")]
    Forbidden(&'static str),
    /// Unknown, or it belongs to another partner or company.
    #[error("the {0} was not found")]
    NotFound(Noun),
    /// The offer token has outlived its 20 minutes.
    #[error("the offer has expired")]
    OfferExpired,
    /// The carrier's cancellation cutoff has passed.
    #[error("the cancellation cutoff has passed")]
    CancellationClosed,
    /// These tickets do not allow the action in their current state.
    #[error("the tickets do not allow the action in their current state")]
    TicketConflict(Vec<TicketId>),
    /// A job whose state does not allow the action, or the number of matching jobs differs from `count`.
    #[error("the action is allowed for {jobs} of the matching jobs")]
    JobConflict {
        /// How many jobs allow the action.
        jobs: usize,
    },
    /// The timetables of the company do not allow it at present.
    #[error("the timetable is in a conflicting state: {0}")]
    TimetableConflict(&'static str),
    /// The company or the partner would have no administrator.
    #[error("the workplace would have no administrator")]
    LastAdministrator,
    /// Not enough seats on the segment.
    #[error("too few seats are left: {seats_left}")]
    SeatsUnavailable {
        /// How many could still be sold.
        seats_left: u32,
    },
    /// The departure has left, was closed or withdrawn.
    #[error("the departure is closed")]
    DepartureClosed,
    /// A request with the same idempotency key is being served.
    #[error("a request with this idempotency key is in progress")]
    IdempotencyInFlight,
    /// The idempotency key came with another request before.
    #[error("this idempotency key was used for another request")]
    IdempotencyKeyReused,
    /// The request was handled before; the stored response (`app::idempotency`) is sent instead of this error.
    #[error("a response to this request is already stored")]
    Answered,
    /// The report has no file yet, or it failed.
    #[error("the report is not ready")]
    ReportNotReady,
    /// The resource no longer exists, such as a file past its retention.
    #[error("gone: {0}")]
    Gone(&'static str),
    /// A database error that the caller cannot fix.
    #[error("a database operation failed")]
    Database(#[source] sqlx::Error),
    /// The database is temporarily unavailable; a retry may succeed.
    #[error("unavailable: {trouble}")]
    DatabaseUnavailable {
        /// The kind of failure.
        trouble: Trouble,
        /// The error of the driver.
        #[source]
        source: sqlx::Error,
    },
    /// Another dependency is temporarily unavailable.
    #[error("unavailable: {0}")]
    Unavailable(&'static str),
    /// An internal error.
    #[error("internal: {0}")]
    Internal(String),
}

impl AppError {
    /// A single offending field.
    pub fn field(field: impl Into<String>, constraint: impl Into<String>, message: impl Into<String>) -> Self {
        Self::Validation(vec![FieldError::new(field, constraint, message)])
    }
}

impl From<ledger::Error> for AppError {
    fn from(error: ledger::Error) -> Self {
        match error {
            ledger::Error::Database(source) => source.into(),
            ledger::Error::NotFound => Self::NotFound(Noun::Job),
            other => Self::Internal(chain(&other)),
        }
    }
}

impl From<VaultError> for AppError {
    fn from(error: VaultError) -> Self {
        Self::Internal(error.to_string())
    }
}

impl From<sqlx::Error> for AppError {
    fn from(source: sqlx::Error) -> Self {
        match trouble(&source) {
            Some(trouble) => Self::DatabaseUnavailable { trouble, source },
            None if is_reference_taken(&source) => Self::Unavailable("the same reference was assigned concurrently"),
            None => Self::Database(source),
        }
    }
}

/// Whether two transactions assigned the same reference at the same moment (`migrations/0041_references.sql`).
fn is_reference_taken(error: &sqlx::Error) -> bool {
    let constraint = error.as_database_error().and_then(|error| error.constraint());
    constraint.is_some_and(|name| name == "bookings_reference_key" || name == "tickets_reference_key")
}
