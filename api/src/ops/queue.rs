//! Queues of jobs.

use std::sync::Arc;

use app::error::{AppError, AppResult, Noun};
use app::jobs::queue::QueueName;
use app::ops;
use app::ops::queue::QueueReport;
use app::work::Work;
use poem::web::Data;
use poem_openapi::OpenApi;

use super::body::Because;
use super::refusal::{Look, OnQueue};
use super::wire::{OneQueue, Queue, QueueList};
use super::{Chapter, operator};
use crate::auth::person::AtPlatform;
use crate::context::RequestContext;
use crate::state::Shared;
use crate::wire::body::Strict;
use crate::wire::path::Path;
use crate::wire::reply::{Answer, Reply};

/// Operations on queues.
#[derive(Debug, Clone, Copy)]
pub struct QueueApi;

#[OpenApi(prefix_path = "/v2/ops", tag = "Chapter::Queues")]
impl QueueApi {
    /// List queues
    ///
    /// Returns the status of every queue: its jobs by state, the due time of the oldest one, the number of jobs done in
    /// each of the last 30 minutes, the number of worker processes, and whether it is paused.
    #[oai(path = "/queues", method = "get", operation_id = "listQueues")]
    pub(crate) async fn list(&self, state: Shared<'_>, _office: AtPlatform) -> Answer<QueueList, Look> {
        let queues = ops::queue::list(&state.platform.pool, state.platform.clock.now()).await?;
        Ok(Reply::new(QueueList {
            queues: queues.into_iter().map(Queue::new).collect(),
        }))
    }

    /// Pause a queue
    ///
    /// No more jobs are sent to the workers of the queue until it is resumed. Jobs that were sent but have not started
    /// wait again; running jobs finish. Pausing a queue again only adds an entry to the audit trail.
    #[oai(path = "/queues/:queue/pause", method = "post", operation_id = "pauseQueue")]
    pub(crate) async fn pause(
        &self,
        state: Shared<'_>,
        context: Data<&Arc<RequestContext>>,
        work: Data<&Work>,
        office: AtPlatform,
        /// Name of the queue.
        queue: Path<QueueName>,
        body: Strict<Because>,
    ) -> Answer<OneQueue, OnQueue> {
        let by = operator(&office, &context, &body.0.reason)?;
        let report = ops::queue::pause(&work, state.platform.clock.now(), &by, queue.0.0).await?;
        Ok(one(report)?)
    }

    /// Resume a queue
    ///
    /// Jobs of the queue are sent to its workers again. Resuming a queue that is not paused only adds an entry to the
    /// audit trail.
    #[oai(path = "/queues/:queue/resume", method = "post", operation_id = "resumeQueue")]
    pub(crate) async fn resume(
        &self,
        state: Shared<'_>,
        context: Data<&Arc<RequestContext>>,
        work: Data<&Work>,
        office: AtPlatform,
        /// Name of the queue.
        queue: Path<QueueName>,
        body: Strict<Because>,
    ) -> Answer<OneQueue, OnQueue> {
        let by = operator(&office, &context, &body.0.reason)?;
        let report = ops::queue::resume(&work, state.platform.clock.now(), &by, queue.0.0).await?;
        Ok(one(report)?)
    }
}

fn one(report: Option<QueueReport>) -> AppResult<Reply<OneQueue>> {
    let report = report.ok_or(AppError::NotFound(Noun::Queue))?;
    Ok(Reply::new(OneQueue {
        queue: Queue::new(report),
    }))
}
