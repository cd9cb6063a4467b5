//! Extractors for handlers.

use apalis_core::task::Task;
use apalis_core::task::data::MissingDataError;
use apalis_core::task::from_request::FromRequest;

use super::Held;
use crate::Cause;

/// The cause of the job.
impl<J: Sync> FromRequest<Task<J>> for Cause {
    type Error = MissingDataError;

    async fn from_request(task: &Task<J>) -> Result<Self, Self::Error> {
        task.data()
            .get_checked::<Held>()
            .map(|held| held.claimed().cause.clone())
    }
}
