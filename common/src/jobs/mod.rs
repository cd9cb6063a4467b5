//! Job contracts: what is in a job, which queue carries it, how often and how long it may run.
//!
//! One table of all jobs. How a job runs is the worker's business (`worker/src/handlers`), how it gets there the
//! scheduler's (`scheduler/src/relay`). Payloads are ids; a payload written by an older release still decodes.

use std::str::FromStr;

use chrono::TimeDelta;
use serde::{Deserialize, Serialize};

use crate::error::{AppError, AppResult, chain, is_blameless};
use crate::id::{FmsAccountId, NotificationId, ReportId};

pub mod delivery;
pub mod effect;
pub mod geolocation;

/// A queue: one list in Redis, one worker binary.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Queue {
    /// Mail to passengers.
    Email,
    /// Viber messages to passengers.
    Viber,
    /// Unpaid orders, and what else is swept out of the database.
    Sweep,
    /// Reports, and the removal of their files.
    Report,
    /// Positions of buses.
    Geo,
}

impl Queue {
    /// Every queue.
    pub const ALL: [Self; 5] = [Self::Email, Self::Viber, Self::Sweep, Self::Report, Self::Geo];

    /// Its name in the ledger, in Redis and in logs.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Email => "email",
            Self::Viber => "viber",
            Self::Sweep => "sweep",
            Self::Report => "report",
            Self::Geo => "geo",
        }
    }

    /// How long a job of it may run, from the start of its handler: the longest time-out among its kinds, and half a minute for the worker
    /// to notice and to write the outcome. Past it the worker is taken to be stuck.
    #[must_use]
    pub const fn lease(self) -> TimeDelta {
        match self {
            Self::Email | Self::Sweep => TimeDelta::seconds(90),
            Self::Viber | Self::Geo => TimeDelta::seconds(60),
            Self::Report => TimeDelta::minutes(31),
        }
    }
}

/// A name that is no queue's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("no such queue")]
pub struct UnknownQueue;

impl FromStr for Queue {
    type Err = UnknownQueue;

    fn from_str(name: &str) -> Result<Self, Self::Err> {
        Self::ALL
            .into_iter()
            .find(|queue| queue.name() == name)
            .ok_or(UnknownQueue)
    }
}

/// A job with its payload.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", content = "payload", rename_all = "snake_case")]
pub enum Job {
    /// Send one mail.
    EmailNotification {
        /// What to send.
        notification_id: NotificationId,
    },
    /// Send one Viber message.
    ViberNotification {
        /// What to send.
        notification_id: NotificationId,
    },
    /// Close unpaid orders whose time is over, in bounded batches.
    OrderSweep {},
    /// Write the file of a report.
    ReportGenerate {
        /// Which.
        report_id: ReportId,
    },
    /// Remove files of reports that are past their retention, in bounded batches.
    ReportCleanup {},
    /// Fetch the positions of the tracked buses of an account at a fleet provider.
    GeolocationPoll {
        /// Whose.
        account_id: FmsAccountId,
    },
    /// Fetch the list of objects of such an account.
    GeolocationSync {
        /// Whose.
        account_id: FmsAccountId,
    },
    /// Drop positions that are past their retention.
    PositionCleanup {},
    /// Delete sessions that ended long ago, in bounded batches.
    SessionCleanup {},
    /// Delete finished jobs that are past their retention, in bounded batches.
    JobCleanup {},
    /// Delete answers to idempotency keys that are not replayed any more, in bounded batches.
    IdempotencyCleanup {},
}

/// The terms on which a kind of job runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Terms {
    /// The queue that carries it.
    pub queue: Queue,
    /// Claims after which it is parked as dead, crashes included.
    pub max_attempts: i16,
    /// How long one attempt may take.
    pub timeout: TimeDelta,
    /// Wait after the first failed attempt; it doubles with each further one, up to an hour.
    pub backoff: TimeDelta,
    /// How long somebody else's trouble may hold it up before it is parked.
    pub patience: TimeDelta,
}

/// The wait of a job that failed with trouble of the database.
const DATABASE_TROUBLE: TimeDelta = TimeDelta::seconds(3);

/// How an attempt ended, as its handler sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// The effect is there.
    Done,
    /// It may work later: a time-out, a busy provider.
    Retry {
        /// For people; no personal data.
        reason: String,
        /// How long the other side asked to be left alone.
        after: Option<TimeDelta>,
    },
    /// Somebody else's trouble (a provider is away, our account there is refused): the attempt does not count, and it is
    /// tried again for as long as [`Terms::patience`] says.
    Held {
        /// For people; no personal data.
        reason: String,
        /// How long the other side asked to be left alone.
        after: Option<TimeDelta>,
    },
    /// Nothing was done, because nothing could have come of it: once more after so long. The attempt does not count.
    Postponed {
        /// For people; no personal data.
        reason: String,
        /// When.
        after: TimeDelta,
    },
    /// It will never work: the provider refuses it for good. The reason is for people; no personal data.
    Fail(String),
}

impl Outcome {
    /// A failure that may mend by itself.
    pub fn retry(reason: impl Into<String>) -> Self {
        Self::Retry {
            reason: reason.into(),
            after: None,
        }
    }

    /// What becomes of an attempt that ended with an error which is not about the job's content: trouble with the
    /// database uses up no attempt, any other failure may mend.
    #[must_use]
    pub fn of_failure(error: &(dyn std::error::Error + 'static)) -> Self {
        let reason = chain(error);
        if is_blameless(error) {
            Self::Postponed {
                reason,
                after: DATABASE_TROUBLE,
            }
        } else {
            Self::retry(reason)
        }
    }
}

impl Job {
    /// Kind and payload as the ledger stores them.
    ///
    /// # Errors
    /// Never for the kinds of this table; serde's signature asks for it.
    pub fn encode(&self) -> AppResult<(String, serde_json::Value)> {
        let internal = |e: serde_json::Error| AppError::Internal(format!("job does not encode: {e}"));
        let serde_json::Value::Object(mut object) = serde_json::to_value(self).map_err(internal)? else {
            return Err(AppError::Internal("job does not encode as an object".to_owned()));
        };
        let payload = object.remove("payload").unwrap_or_default();
        match object.remove("kind") {
            Some(serde_json::Value::String(kind)) => Ok((kind, payload)),
            _ => Err(AppError::Internal("job encodes without a kind".to_owned())),
        }
    }

    /// The job of a ledger row.
    ///
    /// # Errors
    /// When the kind is unknown to this release or the payload is not of its shape.
    pub fn decode(kind: &str, payload: &serde_json::Value) -> Result<Self, serde_json::Error> {
        serde_json::from_value(serde_json::json!({ "kind": kind, "payload": payload }))
    }

    /// The table of all jobs.
    #[must_use]
    pub const fn terms(&self) -> Terms {
        match self {
            Self::EmailNotification { .. } => Terms {
                queue: Queue::Email,
                max_attempts: 10,
                timeout: TimeDelta::seconds(60),
                backoff: TimeDelta::seconds(5),
                patience: MESSAGE_PATIENCE,
            },
            Self::ViberNotification { .. } => Terms {
                queue: Queue::Viber,
                max_attempts: 8,
                timeout: TimeDelta::seconds(30),
                backoff: TimeDelta::seconds(5),
                patience: MESSAGE_PATIENCE,
            },
            Self::OrderSweep {} => Terms {
                queue: Queue::Sweep,
                max_attempts: 5,
                timeout: TimeDelta::seconds(60),
                backoff: TimeDelta::seconds(1),
                patience: PATIENCE,
            },
            Self::ReportGenerate { .. } => Terms {
                queue: Queue::Report,
                // Two hours and a half, should the store be away.
                max_attempts: 12,
                timeout: TimeDelta::minutes(30),
                backoff: TimeDelta::seconds(5),
                patience: PATIENCE,
            },
            Self::GeolocationPoll { .. } | Self::GeolocationSync { .. } => Terms {
                queue: Queue::Geo,
                max_attempts: 3,
                timeout: TimeDelta::seconds(30),
                backoff: TimeDelta::seconds(1),
                patience: PATIENCE,
            },
            Self::ReportCleanup {} => Terms {
                queue: Queue::Report,
                max_attempts: 5,
                timeout: TimeDelta::minutes(5),
                backoff: TimeDelta::seconds(30),
                patience: PATIENCE,
            },
            Self::PositionCleanup {} | Self::SessionCleanup {} | Self::JobCleanup {} | Self::IdempotencyCleanup {} => {
                Terms {
                    queue: Queue::Sweep,
                    max_attempts: 5,
                    timeout: TimeDelta::seconds(60),
                    backoff: TimeDelta::seconds(30),
                    patience: PATIENCE,
                }
            }
        }
    }
}

/// How long a message to a passenger is worth sending.
const MESSAGE_PATIENCE: TimeDelta = TimeDelta::days(3);

/// How long other jobs are held up at most.
const PATIENCE: TimeDelta = TimeDelta::hours(6);

/// Whose doing a job is; carried from the request through the ledger into the worker's log lines.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cause {
    /// `x-request-id` of the request.
    pub request_id: Option<String>,
    /// Trace id (W3C Trace Context).
    pub trace_id: Option<String>,
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{Job, Queue};
    use crate::id::{FmsAccountId, NotificationId, ReportId};

    fn all() -> [Job; 11] {
        let notification_id = NotificationId::new();
        let account_id = FmsAccountId::new();
        [
            Job::EmailNotification { notification_id },
            Job::ViberNotification { notification_id },
            Job::OrderSweep {},
            Job::ReportGenerate {
                report_id: ReportId::new(),
            },
            Job::ReportCleanup {},
            Job::GeolocationPoll { account_id },
            Job::GeolocationSync { account_id },
            Job::PositionCleanup {},
            Job::SessionCleanup {},
            Job::JobCleanup {},
            Job::IdempotencyCleanup {},
        ]
    }

    #[test]
    fn decodes_what_it_encodes() {
        for job in all() {
            let (kind, payload) = job.encode().unwrap();
            assert_eq!(Job::decode(&kind, &payload).unwrap(), job);
        }
    }

    #[test]
    fn a_payload_of_another_release_decodes() {
        let notification_id = NotificationId::new();
        let newer = json!({ "notification_id": notification_id, "priority": 1 });
        assert_eq!(
            Job::decode("email_notification", &newer).unwrap(),
            Job::EmailNotification { notification_id }
        );
        assert_eq!(Job::decode("order_sweep", &json!({})).unwrap(), Job::OrderSweep {});
        assert!(Job::decode("email_notification", &json!({})).is_err());
        assert!(Job::decode("unheard_of", &json!({})).is_err());
    }

    #[test]
    fn a_lease_outlasts_every_timeout_of_its_queue() {
        for job in all() {
            let terms = job.terms();
            assert!(terms.queue.lease() > terms.timeout, "{job:?}");
        }
        assert_eq!(
            Queue::ALL.map(Queue::list),
            ["jobs:email", "jobs:viber", "jobs:sweep", "jobs:report", "jobs:geo"]
        );
    }
}
