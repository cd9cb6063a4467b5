//! How an attempt ended, as its handler sees it.

use std::error::Error;
use std::time::Duration;

use apalis_core::error::{AbortError, BoxDynError, DeferredError, RetryAfterError};
use apalis_core::task::into_response::IntoResponse;
use chrono::TimeDelta;
use kernel::chain;

use crate::error::is_blameless;

/// The wait of a job that failed because of the database.
const DATABASE_TROUBLE: TimeDelta = TimeDelta::seconds(3);

/// How an attempt ended. A handler may also return `()` or a `Result`, whose errors mean what they mean in apalis: see
/// [`Outcome::of_error`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// It succeeded.
    Done,
    /// It may succeed later: a time-out, a busy provider.
    Retry {
        /// For people; no personal data.
        reason: String,
        /// The wait that the provider asked for.
        after: Option<TimeDelta>,
    },
    /// An external failure (a provider is unavailable, our account there is refused): the attempt does not count, and
    /// it is tried again until [`Terms::hold_limit`](crate::Terms::hold_limit).
    Held {
        /// For people; no personal data.
        reason: String,
        /// The wait that the provider asked for.
        after: Option<TimeDelta>,
    },
    /// Nothing was tried, because it could not have succeeded. The job is tried again after a wait, and the attempt
    /// does not count.
    Postponed {
        /// For people; no personal data.
        reason: String,
        /// The wait.
        after: TimeDelta,
    },
    /// It will never succeed: the provider refuses it permanently. The reason is for people; no personal data.
    Fail(String),
}

impl Outcome {
    /// A failure that may pass by itself.
    pub fn retry(reason: impl Into<String>) -> Self {
        Self::Retry {
            reason: reason.into(),
            after: None,
        }
    }

    /// The outcome of an attempt that ended with an error that does not concern the job's content: a failure of the
    /// database uses up no attempt, any other may pass by itself.
    #[must_use]
    pub fn of_failure(error: &(dyn Error + 'static)) -> Self {
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

    /// What an error of a handler means: [`AbortError`] that the job will never succeed, [`RetryAfterError`] when to
    /// try again, [`DeferredError`] that the attempt does not count. Any other is judged by
    /// [`of_failure`](Self::of_failure).
    #[must_use]
    pub fn of_error(error: &BoxDynError) -> Self {
        let error: &(dyn Error + 'static) = error.as_ref();
        if error.is::<AbortError>() {
            return Self::Fail(chain(error));
        }
        if let Some(retry) = error.downcast_ref::<RetryAfterError>() {
            return Self::Retry {
                reason: chain(error),
                after: Some(span(retry.get_duration())),
            };
        }
        if error.is::<DeferredError>() {
            return Self::Postponed {
                reason: chain(error),
                after: DATABASE_TROUBLE,
            };
        }
        Self::of_failure(error)
    }
}

fn span(duration: Duration) -> TimeDelta {
    TimeDelta::from_std(duration).unwrap_or(TimeDelta::MAX)
}

impl From<()> for Outcome {
    fn from((): ()) -> Self {
        Self::Done
    }
}

/// What apalis requires of a handler's response.
impl IntoResponse for Outcome {
    type Output = Self;

    fn into_response(self) -> Result<Self, BoxDynError> {
        Ok(self)
    }
}
