//! Defines a job: a payload with a kind, the queue that carries it and the terms on which it runs.
//!
//! Payloads are ids: what they identify is read when the job runs. A payload that an older release wrote must still
//! decode, so fields are added with a default and never change their meaning.

use chrono::{DateTime, TimeDelta, Utc};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use trace::TraceParent;
use uuid::Uuid;

use crate::error::{Error, Result};

/// Which jobs of a queue come first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Priority {
    /// A user is waiting for it, or it delays something else. It is taken before normal jobs.
    Urgent,
    /// Everything else: bulk work and upkeep.
    Normal,
}

impl Priority {
    /// Both, in the order in which workers take their jobs.
    pub const ALL: [Self; 2] = [Self::Urgent, Self::Normal];

    /// Whether it is [`Priority::Urgent`]; the ledger stores it so.
    #[must_use]
    pub const fn is_urgent(self) -> bool {
        matches!(self, Self::Urgent)
    }

    /// The priority that the ledger stores as this flag.
    #[must_use]
    pub const fn of(is_urgent: bool) -> Self {
        if is_urgent { Self::Urgent } else { Self::Normal }
    }
}

/// A queue: a list in Redis for each priority, and a worker binary that runs what is in them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Queue(&'static str);

impl Queue {
    /// A queue with this name. It is written in the ledger, in Redis and in logs, so it never changes.
    #[must_use]
    pub const fn new(name: &'static str) -> Self {
        Self(name)
    }

    /// Its name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        self.0
    }

    /// Key of its list of this priority in Redis: pushed at the tail, popped at the head. The braces put both lists of
    /// a queue into one slot of a cluster, so that one command may wait for both.
    #[must_use]
    pub fn list(self, priority: Priority) -> String {
        match priority {
            Priority::Urgent => format!("jobs:urgent:{{jobs:{}}}", self.0),
            // The key from releases that had one list per queue.
            Priority::Normal => format!("jobs:{}", self.0),
        }
    }
}

/// The terms on which a kind of job runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Terms {
    /// Claims after which it is dead, crashes included.
    pub max_attempts: i16,
    /// How long one attempt may take.
    pub timeout: TimeDelta,
    /// Wait after the first failed attempt; it doubles with each further one, up to an hour.
    pub backoff: TimeDelta,
    /// How long external failures may hold it up before it is dead.
    pub hold_limit: TimeDelta,
    /// Its priority, unless the job is given another ([`NewJob::with_priority`]).
    pub priority: Priority,
}

impl Terms {
    /// How long a job may hold its claim, from the start of its handler: its time-out, and half a minute for the worker
    /// to notice and to write the outcome. After that the worker counts as stuck.
    #[must_use]
    pub fn lease(&self) -> TimeDelta {
        self.timeout + TimeDelta::seconds(30)
    }
}

/// A kind of job. The type is the payload.
pub trait Job: Serialize + DeserializeOwned + Send + Sync + 'static {
    /// Its name in the ledger. It never changes.
    const KIND: &'static str;

    /// The queue that carries it.
    const QUEUE: Queue;

    /// The terms on which it runs.
    const TERMS: Terms;

    /// Dependencies of its handler: the extractor `Data<Self::Data>` yields it.
    type Data: Clone + Send + Sync + 'static;
}

/// A job to write into the ledger with [`enqueue`](crate::enqueue).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewJob {
    /// Its kind.
    pub kind: &'static str,
    /// The queue that carries it.
    pub queue: Queue,
    /// Its payload as JSON.
    pub payload: serde_json::Value,
    /// Claims after which it is dead.
    pub max_attempts: i16,
    /// It does not run before this instant.
    pub run_at: DateTime<Utc>,
    /// A second job with the same key is not written as long as the ledger has the first, waiting or (in the same
    /// queue) done.
    pub dedupe_key: Option<String>,
    /// Whether no finished job can have the key, so that the lookup is left out.
    pub is_key_new: bool,
    /// Whether it is taken before others of its queue.
    pub priority: Priority,
    /// The id of the partner or company that the job is for; zeros for the platform itself. Within a priority tenants
    /// take turns, so that none waits for another's flood of jobs.
    pub tenant: Uuid,
}

impl NewJob {
    /// A job that is due at `run_at`.
    ///
    /// # Errors
    /// [`Error::Encode`] when the payload cannot be encoded as JSON; ids always can.
    pub fn new<J: Job>(job: &J, run_at: DateTime<Utc>) -> Result<Self> {
        let payload = serde_json::to_value(job).map_err(|source| Error::Encode { kind: J::KIND, source })?;
        Ok(Self {
            kind: J::KIND,
            queue: J::QUEUE,
            payload,
            max_attempts: J::TERMS.max_attempts,
            run_at,
            dedupe_key: None,
            is_key_new: false,
            priority: J::TERMS.priority,
            tenant: Uuid::nil(),
        })
    }

    /// Sets the dedupe key: the job is written once for it.
    #[must_use]
    pub fn with_key(self, key: impl Into<String>) -> Self {
        Self {
            dedupe_key: Some(key.into()),
            ..self
        }
    }

    /// Sets a dedupe key that no other job can have, because part of it was generated just now, such as the id of what
    /// it is about.
    #[must_use]
    pub fn with_new_key(self, key: impl Into<String>) -> Self {
        Self {
            is_key_new: true,
            ..self.with_key(key)
        }
    }

    /// Sets the tenant.
    #[must_use]
    pub fn with_tenant(self, tenant: Uuid) -> Self {
        Self { tenant, ..self }
    }

    /// Sets another priority than that of its kind.
    #[must_use]
    pub fn with_priority(self, priority: Priority) -> Self {
        Self { priority, ..self }
    }
}

/// The cause of a job; carried from the request through the ledger into the worker's log lines.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cause {
    /// `x-request-id` of the request.
    pub request_id: Option<String>,
    /// Id of its trace (W3C Trace Context). Alone, without a `traceparent`, it comes from a release that kept only the
    /// id.
    pub trace_id: Option<String>,
    /// The span that it continues.
    pub traceparent: Option<TraceParent>,
}

impl Cause {
    /// A request, with the span that serves it.
    #[must_use]
    pub fn new(request_id: Option<String>, traceparent: Option<TraceParent>) -> Self {
        Self {
            request_id,
            trace_id: traceparent.map(|parent| parent.trace_id()),
            traceparent,
        }
    }

    /// A cause as it was stored. A malformed `traceparent` is ignored.
    #[must_use]
    pub fn stored(request_id: Option<String>, trace_id: Option<String>, traceparent: Option<&str>) -> Self {
        Self {
            request_id,
            trace_id,
            traceparent: traceparent.and_then(|text| text.parse().ok()),
        }
    }
}
