//! Request bodies of the operations for platform operators.

use app::error::{AppError, AppResult};
use app::jobs::queue::{ALL, QueueName};
use chrono::{DateTime, Utc};
use ledger::handle::Act;
use ledger::inspect::{Filter, State};
use schemars::JsonSchema;
use serde::Deserialize;

use crate::wire::body::bodies;
use crate::wire::value::Word;

/// Reason for an action.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Because {
    /// Reason for the audit trail, in one line.
    #[schemars(length(min = 1, max = 500))]
    #[schemars(example = &"The mail provider is down until 14:00")]
    pub reason: String,
}

/// An action on all jobs that match a filter.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct CreateJobBatch {
    /// What to do.
    pub act: Word<Act>,
    /// State of the jobs. It must allow the action: `dead` or `canceled` to retry, `ready` or `sent` to cancel, `dead`
    /// to discard.
    #[schemars(example = &"dead")]
    pub state: Word<State>,
    /// Only jobs of this queue.
    pub queue: Option<Word<QueueName>>,
    /// Only jobs of this kind.
    #[schemars(length(min = 1, max = 100))]
    #[schemars(example = &"email_notification")]
    pub kind: Option<String>,
    /// Only jobs whose last error contains this text. `#` may stand for ids and numbers, as in the list of errors.
    #[schemars(length(min = 1, max = 500))]
    #[schemars(example = &"mailbox unavailable")]
    pub error: Option<String>,
    /// Only jobs that entered the state before this instant; for waiting jobs, only those due before it.
    #[schemars(regex(pattern = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt ][0-9:.]+([Zz]|[+-][0-9]{2}:[0-9]{2})$"))]
    #[schemars(length(max = 40), extend("format" = "date-time"))]
    #[schemars(example = &"2026-06-10T03:30:00Z")]
    pub before: Option<String>,
    /// Number of jobs that match, as `countJobs` returned it. If it has changed, nothing is done.
    #[schemars(range(min = 1, max = 10_000))]
    #[schemars(example = 37)]
    pub count: u32,
    /// Reason for the audit trail, in one line.
    #[schemars(length(min = 1, max = 500))]
    #[schemars(example = &"The mail provider is back")]
    pub reason: String,
}

bodies!(Because, CreateJobBatch);

impl CreateJobBatch {
    /// The filter of the jobs.
    ///
    /// # Errors
    /// [`AppError::Validation`] when `before` is not an instant.
    pub fn filter(&self) -> AppResult<Filter> {
        let read = |text: &String| {
            let at = DateTime::parse_from_rfc3339(text).map(|at| at.with_timezone(&Utc));
            at.map_err(|_| AppError::field("before", "date-time", "must be an instant such as 2026-06-10T03:30:00Z"))
        };
        let before = self.before.as_ref().map(read).transpose()?;
        let (kind, error) = (self.kind.clone(), self.error.clone());
        Ok(filter(self.state.0, self.queue, kind, error, before))
    }
}

/// Jobs in a state, of one queue or of all, with the further conditions that are given.
pub(super) fn filter(
    state: State,
    queue: Option<Word<QueueName>>,
    kind: Option<String>,
    error: Option<String>,
    before: Option<DateTime<Utc>>,
) -> Filter {
    let all = match queue {
        Some(Word(QueueName(queue))) => Filter::new(state, &[queue]),
        None => Filter::new(state, &ALL),
    };
    Filter {
        kind,
        error,
        before,
        ..all
    }
}
