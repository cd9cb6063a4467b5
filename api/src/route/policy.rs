//! What a route declares about its requests and responses, as types.

use domain::rate_limit::Class;
use domain::role::Right;

/// How the requests of a route are treated. Every field is read by one layer or extractor, which its comment names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Policy {
    /// Who may call it (`crate::auth`, `crate::middleware::rate_limit`, `crate::middleware::body`).
    pub caller: Caller,
    /// The rate limit that a request counts against, if any (`crate::middleware::rate_limit`). Its class says whether the
    /// request may change something ([`Policy::may_write`]).
    pub rate: Option<Class>,
    /// Which pages of other origins may read the response (`crate::middleware::cors`).
    pub cors: Cors,
    /// How a success may be cached (`crate::middleware::conditional`).
    pub cache: Cache,
    /// What an `Idempotency-Key` does (`crate::middleware::idempotency`).
    pub idempotency: Idempotency,
    /// What its body is (`crate::middleware::body`, `crate::middleware::envelope`, `crate::middleware::idempotency`).
    pub body: Body,
    /// What a success may have changed in memory (`crate::middleware::noted`).
    pub change: Change,
    /// Whether it belongs to the deprecated API (`crate::legacy::header`).
    pub deprecated: bool,
    /// Whether it is a probe: never queued behind requests, and not logged at the usual level
    /// (`crate::middleware::concurrency_limit`, `crate::middleware::trace`).
    pub probe: bool,
}

impl Policy {
    /// For paths that are not in the table: no rate limit, CORS, caching or change marking.
    pub const NONE: Self = Self {
        caller: Caller::Guest,
        rate: None,
        cors: Cors::Own,
        cache: Cache::Never,
        idempotency: Idempotency::Ignored,
        body: Body::Json,
        change: Change::Nothing,
        deprecated: false,
        probe: false,
    };

    /// Reading requests of users who are signed in and have a right.
    #[must_use]
    pub const fn staff_reads(right: Right) -> Self {
        Self {
            caller: Caller::Staff(right),
            rate: Some(Class::Read),
            ..Self::NONE
        }
    }

    /// Requests of the same users that change something.
    #[must_use]
    pub const fn staff_writes(right: Right, change: Change) -> Self {
        Self {
            rate: Some(Class::Write),
            idempotency: Idempotency::Kept,
            change,
            ..Self::staff_reads(right)
        }
    }

    /// Whether its requests may change something and write jobs.
    #[must_use]
    pub fn may_write(&self) -> bool {
        self.rate == Some(Class::Write)
    }

    /// The response to a large body without a credential.
    #[must_use]
    pub fn large_body(&self) -> LargeBody {
        match self.caller {
            Caller::Partner if self.may_write() => LargeBody::NeedsKey,
            Caller::Staff(_) => LargeBody::NeedsSession,
            _ => LargeBody::Refused,
        }
    }
}

/// Who may call a route.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Caller {
    /// Anyone. Only requests from pages of other sites are refused where a session starts or ends.
    Guest,
    /// Any caller; a key that is sent is checked. With `CATALOGUE_REQUIRES_KEY`, callers with a key or a session.
    Visitor,
    /// A partner with a key.
    Partner,
    /// A partner with a key, or one of its people who has this right.
    PartnerOrStaff(Right),
    /// A caller with a refresh token.
    Refresh,
    /// A user who is signed in, in any workplace and role.
    Person,
    /// A user who is signed in and whose role has this right in the workplace. The right says whether that is a
    /// company, a partner or the platform.
    Staff(Right),
}

impl Caller {
    /// Whether requests are counted by their key, if it is valid; otherwise they are counted by the client's address.
    #[must_use]
    pub const fn has_key(self) -> bool {
        matches!(self, Self::Visitor | Self::Partner | Self::PartnerOrStaff(_))
    }

    /// The corresponding security schemes of the document.
    #[must_use]
    pub const fn schemes(self) -> &'static [&'static str] {
        match self {
            Self::Guest => &[],
            Self::Visitor | Self::PartnerOrStaff(_) => &["apiKey", "session"],
            Self::Partner => &["apiKey"],
            Self::Refresh => &["refresh"],
            Self::Person | Self::Staff(_) => &["session"],
        }
    }
}

/// Which pages of other origins may read a response in a browser.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cors {
    /// Those of the settings, or all: no key is needed.
    Open,
    /// Those that the settings name.
    Partners,
    /// None: only pages of our own origin.
    Own,
}

/// How a success may be cached.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cache {
    /// Not at all.
    Never,
    /// It changes with the publication, a few times a day.
    Catalogue,
    /// It changes with every sale.
    Timetable,
    /// It is the caller's own: kept by the caller, and asked for again each time.
    Own,
    /// It has its own tag and its own `Cache-Control`.
    Page,
}

/// What the body of a request is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Body {
    /// JSON of at most 1 MiB, read before the handler is called.
    Json,
    /// A zip archive of at most 256 MiB, read by the handler as it arrives. It requires a credential.
    Archive,
}

/// The effect of an `Idempotency-Key`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Idempotency {
    /// The header is ignored.
    Ignored,
    /// The header is validated and has no effect: the responses contain sessions, which are not stored.
    Unused,
    /// The operation is carried out once.
    Kept,
}

/// What a success may have changed, as far as this process keeps it in memory.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Change {
    /// Nothing.
    Nothing,
    /// Tickets, and nothing else that is in memory.
    Tickets,
    /// Anything.
    Anything,
}

/// The response to a large body without a credential.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LargeBody {
    /// It is too large: a credential would not change that.
    Refused,
    /// A key is missing.
    NeedsKey,
    /// A session is missing.
    NeedsSession,
}
