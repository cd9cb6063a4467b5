//! Operations on one job: look it up, reschedule it, retry it.

use std::time::Duration;

use apalis_core::backend::{FetchById, Reschedule, ResumeById};
use apalis_core::task::Task;
use apalis_core::task::task_id::TaskId;
use chrono::TimeDelta;

use super::task::{job_id, task};
use super::{Error, LedgerStorage, StoredJob};
use crate::{LONGEST_BACKOFF, db};

/// The job that a task id names.
fn known(id: Option<&TaskId>) -> Result<crate::id::JobId, Error> {
    Ok(id.and_then(job_id).ok_or(crate::Error::NotFound)?)
}

impl<A> FetchById for LedgerStorage<A> {
    async fn fetch_by_id(&mut self, id: &TaskId) -> Result<Option<Task<StoredJob>>, Error> {
        let Some(id) = job_id(id) else {
            return Ok(None);
        };
        let mut conn = self.pool.acquire().await.map_err(crate::Error::from)?;
        let found = db::job::find(&mut conn, id).await?;
        Ok(found.filter(|job| job.queue == self.queue.name()).map(task))
    }
}

impl<A> Reschedule for LedgerStorage<A> {
    /// Makes a ready job due after `wait`. [`crate::Error::NotFound`] when it is not ready (any more).
    async fn reschedule(&mut self, task: Task<StoredJob>, wait: Duration) -> Result<(), Error> {
        let id = known(task.ctx().task_id())?;
        let wait = TimeDelta::from_std(wait)
            .ok()
            .filter(|wait| *wait <= LONGEST_BACKOFF)
            .ok_or(Error::TooLate)?;
        let run_at = self.clock.now() + wait;
        let mut conn = self.pool.acquire().await.map_err(crate::Error::from)?;
        if db::tool::reschedule(&mut conn, self.queue, id, run_at).await? {
            Ok(())
        } else {
            Err(crate::Error::NotFound.into())
        }
    }
}

impl<A> ResumeById for LedgerStorage<A> {
    /// Gives a dead or canceled job of this queue all its attempts again. False when there is none with this id.
    async fn resume_by_id(&mut self, id: TaskId) -> Result<bool, Error> {
        let Some(id) = job_id(&id) else {
            return Ok(false);
        };
        let mut conn = self.pool.acquire().await.map_err(crate::Error::from)?;
        let of_this_queue = db::tool::progress(&mut conn, self.queue, &[id]).await?;
        Ok(!of_this_queue.is_empty()
            && !db::handling::retry(&mut conn, self.clock.now(), &[id])
                .await?
                .is_empty())
    }
}
