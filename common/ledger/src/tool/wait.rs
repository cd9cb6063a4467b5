//! Waits until jobs have ended. A job has ended when it is done or dead; the ledger keeps no output, so results have
//! none.

use std::collections::{HashMap, VecDeque};
use std::time::Duration;

use apalis_core::backend::{TaskResult, WaitForCompletion};
use apalis_core::task::task_id::TaskId;
use futures::StreamExt;
use futures::stream::{self, BoxStream};
use sqlx::PgPool;

use super::task::{job_id, status};
use super::{Error, LedgerStorage};
use crate::Queue;
use crate::db::tool::{self, Progress};
use crate::id::JobId;

/// First pause between two looks; each is twice as long as the one before, up to [`LONGEST_PAUSE`].
const SHORTEST_PAUSE: Duration = Duration::from_millis(20);

/// Longest pause between two looks.
const LONGEST_PAUSE: Duration = Duration::from_secs(1);

async fn progress(pool: &PgPool, queue: Queue, ids: &[JobId]) -> Result<Vec<Progress>, Error> {
    let mut conn = pool.acquire().await.map_err(crate::Error::from)?;
    Ok(tool::progress(&mut conn, queue, ids).await?)
}

/// The result of a job that has ended.
fn result(job: Progress) -> Option<TaskResult<()>> {
    let result = match job.state.as_str() {
        "done" => Ok(()),
        "dead" => Err(job.last_error.unwrap_or_default()),
        "canceled" => Err("canceled by an operator".to_owned()),
        _ => return None,
    };
    Some(TaskResult {
        task_id: TaskId::from_string(job.id.to_string()),
        attempt: usize::try_from(job.attempt).unwrap_or_default(),
        status: status(&job.state),
        result,
    })
}

/// Jobs that are waited for.
struct Waiting {
    pool: PgPool,
    queue: Queue,
    ids: Vec<JobId>,
    over: VecDeque<Result<TaskResult<()>, Error>>,
    pause: Duration,
}

impl Waiting {
    /// The next result, or `None` when all have ended.
    async fn next(&mut self) -> Option<Result<TaskResult<()>, Error>> {
        loop {
            if let Some(over) = self.over.pop_front() {
                return Some(over);
            }
            if self.ids.is_empty() {
                return None;
            }
            if let Err(error) = self.look().await {
                self.ids.clear();
                return Some(Err(error));
            }
            if self.over.is_empty() {
                tokio::time::sleep(self.pause).await;
                self.pause = (self.pause * 2).min(LONGEST_PAUSE);
            }
        }
    }

    /// Moves jobs that have ended, or that do not exist, from `ids` to `over`.
    async fn look(&mut self) -> Result<(), Error> {
        let found = progress(&self.pool, self.queue, &self.ids).await?;
        let mut found: HashMap<JobId, Progress> = found.into_iter().map(|job| (job.id, job)).collect();
        let over = &mut self.over;
        self.ids.retain(|id| match found.remove(id) {
            None => {
                over.push_back(Err(crate::Error::NotFound.into()));
                false
            }
            Some(job) => match result(job) {
                None => true,
                Some(result) => {
                    over.push_back(Ok(result));
                    false
                }
            },
        });
        Ok(())
    }
}

impl<A> WaitForCompletion<()> for LedgerStorage<A> {
    type ResultStream = BoxStream<'static, Result<TaskResult<()>, Error>>;

    /// Yields [`crate::Error::NotFound`] for each id that this queue has no job with, and ends at the first failure of
    /// the database.
    fn wait_for(&mut self, ids: impl IntoIterator<Item = TaskId>) -> Self::ResultStream {
        let (mut known, mut over) = (Vec::new(), VecDeque::new());
        for id in ids {
            match job_id(&id) {
                Some(id) => known.push(id),
                None => over.push_back(Err(crate::Error::NotFound.into())),
            }
        }
        known.sort_unstable();
        known.dedup();
        let waiting = Waiting {
            pool: self.pool.clone(),
            queue: self.queue,
            ids: known,
            over,
            pause: SHORTEST_PAUSE,
        };
        stream::unfold(waiting, async |mut waiting| {
            let next = waiting.next().await?;
            Some((next, waiting))
        })
        .boxed()
    }

    /// Only for jobs that have ended.
    async fn check_status(
        &mut self,
        ids: impl IntoIterator<Item = TaskId> + Send,
    ) -> Result<Vec<TaskResult<()>>, Error> {
        let ids: Vec<JobId> = ids.into_iter().filter_map(|id| job_id(&id)).collect();
        let found = progress(&self.pool, self.queue, &ids).await?;
        Ok(found.into_iter().filter_map(result).collect())
    }
}
