//! Jobs: found, and handled one by one or by filter.

use std::sync::Arc;

use app::error::{AppError, AppResult};
use app::jobs::queue::QueueName;
use app::ops;
use app::work::Work;
use ledger::handle::Act;
use ledger::id::JobId;
use ledger::inspect::{Cursor, Filter, NotACursor, State};
use poem::web::Data;
use poem_openapi::OpenApi;

use super::body::{self, Because, CreateJobBatch};
use super::refusal::{Look, LookAtJob, OnJob, OnJobs};
use super::{Chapter, operator};
use crate::auth::person::AtPlatform;
use crate::context::RequestContext;
use crate::state::{self, Shared};
use crate::wire::body::Strict;
use crate::wire::param::{AfterJob, ErrorText, JobState, Kind, Moment, Stuck, Take};
use crate::wire::path::Path;
use crate::wire::query::{Query, valid};
use crate::wire::reply::{Answer, Reply};
use crate::wire::value::Word;
use wire::{Job, JobBatch, JobCount, JobErrorList, JobList, OneJob};

pub mod wire;

/// Operations on jobs.
#[derive(Debug, Clone, Copy)]
pub struct JobApi;

#[OpenApi(prefix_path = "/v2/ops", tag = "Chapter::Jobs")]
impl JobApi {
    /// List jobs
    ///
    /// Returns the jobs in a state: finished jobs latest first, others longest-waiting first. At most 10000 jobs are
    /// examined for a page, so a page can have fewer jobs than `take`, or none, and still have a `next`.
    #[oai(path = "/jobs", method = "get", operation_id = "listJobs")]
    #[expect(clippy::too_many_arguments, reason = "the parameters of the operation")]
    pub(crate) async fn list(
        &self,
        state: Shared<'_>,
        _office: AtPlatform,
        /// State of the jobs.
        #[oai(name = "state")]
        job_state: Query<JobState>,
        /// Only jobs of this queue.
        queue: Query<Option<Word<QueueName>>>,
        /// Only jobs of this kind.
        kind: Query<Option<Kind>>,
        /// Only jobs whose last error contains this text. `#` may stand for ids and numbers, as in the list of errors.
        error: Query<Option<ErrorText>>,
        /// Only jobs that entered the state before this instant; for waiting jobs, only those due before it.
        before: Query<Option<Moment>>,
        /// Only stuck jobs: those past their deadline, or running longer than 99 of 100 jobs of their kind.
        stuck: Query<Stuck>,
        /// Page size.
        take: Query<Take>,
        /// Only jobs after this position in the list: `next` of the previous page.
        after: Query<Option<AfterJob>>,
    ) -> Answer<JobList, Look> {
        let (job_state, queue, kind, error, before, stuck, take, after) =
            valid((job_state, queue, kind, error, before, stuck, take, after))?;
        let after = after.map(|after| cursor(&after.0)).transpose()?;
        let filter = Filter {
            is_stuck: stuck.0,
            ..filter(job_state.0, queue, kind, error, before)
        };
        let page = ops::job::list(&state.platform.pool, &filter, after, take.0.into()).await?;
        Ok(Reply::new(JobList {
            jobs: page
                .jobs
                .into_iter()
                .map(|job| wire::JobItem::new(job, filter.state))
                .collect(),
            next: page.next.map(|next| next.to_string()),
        }))
    }

    /// Count jobs
    ///
    /// Returns the number of jobs that match, at most 10000: the number that an action on all of them would process.
    #[oai(path = "/job-count", method = "get", operation_id = "countJobs")]
    #[expect(clippy::too_many_arguments, reason = "the parameters of the operation")]
    pub(crate) async fn count(
        &self,
        state: Shared<'_>,
        _office: AtPlatform,
        /// State of the jobs.
        #[oai(name = "state")]
        job_state: Query<JobState>,
        /// Only jobs of this queue.
        queue: Query<Option<Word<QueueName>>>,
        /// Only jobs of this kind.
        kind: Query<Option<Kind>>,
        /// Only jobs whose last error contains this text. `#` may stand for ids and numbers, as in the list of errors.
        error: Query<Option<ErrorText>>,
        /// Only jobs that entered the state before this instant; for waiting jobs, only those due before it.
        before: Query<Option<Moment>>,
    ) -> Answer<JobCount, Look> {
        let (job_state, queue, kind, error, before) = valid((job_state, queue, kind, error, before))?;
        let filter = filter(job_state.0, queue, kind, error, before);
        let matching = ops::job::count(&state.platform.pool, &filter).await?;
        Ok(Reply::new(JobCount {
            count: matching.jobs,
            may_be_more: matching.may_be_more,
        }))
    }

    /// List errors of jobs
    ///
    /// Returns the errors of the matching jobs with the number of jobs for each, most frequent first, at most 100.
    /// In an error, `#` stands for ids and numbers. At most 10000 jobs of the state are examined: the latest finished
    /// jobs, or the longest-waiting others.
    #[oai(path = "/job-errors", method = "get", operation_id = "listJobErrors")]
    #[expect(clippy::too_many_arguments, reason = "the parameters of the operation")]
    pub(crate) async fn errors(
        &self,
        state: Shared<'_>,
        _office: AtPlatform,
        /// State of the jobs.
        #[oai(name = "state")]
        job_state: Query<JobState>,
        /// Only jobs of this queue.
        queue: Query<Option<Word<QueueName>>>,
        /// Only jobs of this kind.
        kind: Query<Option<Kind>>,
        /// Only jobs whose last error contains this text. `#` may stand for ids and numbers, as in this list.
        error: Query<Option<ErrorText>>,
        /// Only jobs that entered the state before this instant; for waiting jobs, only those due before it.
        before: Query<Option<Moment>>,
    ) -> Answer<JobErrorList, Look> {
        let (job_state, queue, kind, error, before) = valid((job_state, queue, kind, error, before))?;
        let filter = filter(job_state.0, queue, kind, error, before);
        let errors = ops::job::errors(&state.platform.pool, &filter).await?;
        Ok(Reply::new(JobErrorList {
            errors: errors.into_iter().map(Into::into).collect(),
        }))
    }

    /// Get a job
    ///
    /// Returns all stored data of the job.
    #[oai(path = "/jobs/:id", method = "get", operation_id = "getJob")]
    pub(crate) async fn get(
        &self,
        state: Shared<'_>,
        _office: AtPlatform,
        /// Id of the job.
        id: Path<JobId>,
    ) -> Answer<OneJob, LookAtJob> {
        let job = ops::job::get(&state.platform.pool, id.0).await?;
        Ok(Reply::new(OneJob { job: Job::new(job) }))
    }

    /// Retry a job
    ///
    /// Makes a `dead` or `canceled` job due now and resets its number of attempts.
    #[oai(path = "/jobs/:id/retry", method = "post", operation_id = "retryJob")]
    pub(crate) async fn retry(
        &self,
        state: Shared<'_>,
        context: Data<&Arc<RequestContext>>,
        work: Data<&Work>,
        office: AtPlatform,
        /// Id of the job.
        id: Path<JobId>,
        body: Strict<Because>,
    ) -> Answer<OneJob, OnJob> {
        Ok(act(&state, &context, &work, &office, Act::Retry, id.0, &body.0).await?)
    }

    /// Cancel a job
    ///
    /// A `ready` or `sent` job will not run. A job that is running cannot be canceled: it finishes, or its deadline
    /// passes.
    #[oai(path = "/jobs/:id/cancel", method = "post", operation_id = "cancelJob")]
    pub(crate) async fn cancel(
        &self,
        state: Shared<'_>,
        context: Data<&Arc<RequestContext>>,
        work: Data<&Work>,
        office: AtPlatform,
        /// Id of the job.
        id: Path<JobId>,
        body: Strict<Because>,
    ) -> Answer<OneJob, OnJob> {
        Ok(act(&state, &context, &work, &office, Act::Cancel, id.0, &body.0).await?)
    }

    /// Discard a job
    ///
    /// Marks a `dead` job that needs no further attention as `canceled`.
    #[oai(path = "/jobs/:id/discard", method = "post", operation_id = "discardJob")]
    pub(crate) async fn discard(
        &self,
        state: Shared<'_>,
        context: Data<&Arc<RequestContext>>,
        work: Data<&Work>,
        office: AtPlatform,
        /// Id of the job.
        id: Path<JobId>,
        body: Strict<Because>,
    ) -> Answer<OneJob, OnJob> {
        Ok(act(&state, &context, &work, &office, Act::Discard, id.0, &body.0).await?)
    }

    /// Process many jobs
    ///
    /// Retries, cancels or discards all matching jobs, but only if exactly `count` jobs match; otherwise nothing is
    /// done. At most 10000 jobs are processed, in the order of the list; repeat the request for the rest.
    #[oai(path = "/job-batches", method = "post", operation_id = "createJobBatch")]
    pub(crate) async fn batch(
        &self,
        state: Shared<'_>,
        context: Data<&Arc<RequestContext>>,
        work: Data<&Work>,
        office: AtPlatform,
        body: Strict<CreateJobBatch>,
    ) -> Answer<JobBatch, OnJobs> {
        let filter = body.0.filter()?;
        let by = operator(&office, &context, &body.0.reason)?;
        let (now, count) = (state.platform.clock.now(), body.0.count as usize);
        let jobs = ops::job::act_on_all(&work, now, &by, body.0.act.0, &filter, Some(count)).await?;
        Ok(Reply::new(JobBatch { count: jobs }))
    }
}

/// The filter of the parameters that the list, the count and the errors of jobs share.
fn filter(
    state: State,
    queue: Option<Word<QueueName>>,
    kind: Option<Kind>,
    error: Option<ErrorText>,
    before: Option<Moment>,
) -> Filter {
    let (kind, error) = (kind.map(|kind| kind.0), error.map(|error| error.0));
    body::filter(state, queue, kind, error, before.map(|before| before.0))
}

async fn act(
    state: &state::State,
    context: &RequestContext,
    work: &Work,
    office: &AtPlatform,
    act: Act,
    id: JobId,
    body: &Because,
) -> AppResult<Reply<OneJob>> {
    let by = operator(office, context, &body.reason)?;
    let job = ops::job::act(work, state.platform.clock.now(), &by, act, id).await?;
    Ok(Reply::new(OneJob { job: Job::new(job) }))
}

fn cursor(text: &str) -> AppResult<Cursor> {
    text.parse()
        .map_err(|error: NotACursor| AppError::field("after", "cursor", error.to_string()))
}
