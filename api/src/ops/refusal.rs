//! Error responses of the operations for platform operators, as the document lists them.

use crate::wire::reply::refusals;

const FORBIDDEN: (u16, &str) = (
    403,
    "`FORBIDDEN`: the user is not a platform operator, or the request does not come from a page of this origin.",
);
const NO_JOB: (u16, &str) = (404, "`JOB_NOT_FOUND`: the job does not exist.");
const NOTHING: (u16, &str) = (404, "`NOT_FOUND`: nothing was found.");
const NO_QUEUE: (u16, &str) = (404, "`QUEUE_NOT_FOUND`: the queue does not exist.");

refusals! {
    /// Looking.
    Look: [FORBIDDEN];
    /// Pausing or resuming a queue.
    OnQueue: [FORBIDDEN, NO_QUEUE];
    /// Looking at what happened.
    LookAtStory: [FORBIDDEN, NOTHING];
    /// Looking at a job.
    LookAtJob: [FORBIDDEN, NO_JOB];
    /// Doing something to a job.
    OnJob: [
        FORBIDDEN,
        NO_JOB,
        (
            409,
            "`JOB_CONFLICT`: the state of the job does not allow this. Only `dead` and `canceled` jobs can be retried, \
             only `ready` and `sent` jobs canceled, and only `dead` jobs discarded.",
        ),
    ];
    /// Doing something to many jobs.
    OnJobs: [
        FORBIDDEN,
        (
            409,
            "`JOB_CONFLICT`: the number of jobs that match is not `count`; `details.jobs` is the current number. Nothing \
             was done.",
        ),
    ];
}
