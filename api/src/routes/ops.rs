//! Operation of the platform.

use app::error::AppError;
use domain::role::Right;

use crate::ops::audit::AuditApi;
use crate::ops::invariant::InvariantApi;
use crate::ops::job::JobApi;
use crate::ops::party::PartyApi;
use crate::ops::process::ProcessApi;
use crate::ops::queue::QueueApi;
use crate::ops::schedule::ScheduleApi;
use crate::ops::story::StoryApi;
use crate::route::policy::{Change, Policy};
use crate::route::{Group, Link, OPS, Operation, handler};

const READ: Policy = Policy::staff_reads(Right::Operations);
const WRITE: Policy = Policy::staff_writes(Right::Operations, Change::Anything);

pub(super) const GROUP: Group = Group {
    root: OPS,
    reads: READ,
    writes: WRITE,
    operations: &[
        Operation::get("/v2/ops/queues", "listQueues", handler!(QueueApi::list), READ).links(&[
            Link::new("pauseQueue", "queue", "/data/queues/0/name"),
            Link::new("resumeQueue", "queue", "/data/queues/0/name"),
        ]),
        Operation::post(
            "/v2/ops/queues/{queue}/pause",
            "pauseQueue",
            handler!(QueueApi::pause),
            WRITE,
        )
        .links(&[Link::new("resumeQueue", "queue", "/data/queue/name")]),
        Operation::post(
            "/v2/ops/queues/{queue}/resume",
            "resumeQueue",
            handler!(QueueApi::resume),
            WRITE,
        ),
        Operation::get("/v2/ops/processes", "listProcesses", handler!(ProcessApi::list), READ),
        Operation::get("/v2/ops/schedules", "listSchedules", handler!(ScheduleApi::list), READ),
        Operation::get("/v2/ops/jobs", "listJobs", handler!(JobApi::list), READ).links(&[
            Link::new("getJob", "id", "/data/jobs/0/id"),
            Link::new("retryJob", "id", "/data/jobs/0/id"),
            Link::new("cancelJob", "id", "/data/jobs/0/id"),
            Link::new("discardJob", "id", "/data/jobs/0/id"),
        ]),
        Operation::get("/v2/ops/job-count", "countJobs", handler!(JobApi::count), READ),
        Operation::get("/v2/ops/job-errors", "listJobErrors", handler!(JobApi::errors), READ).links(&[Link::new(
            "getJob",
            "id",
            "/data/errors/0/latestJobId",
        )]),
        Operation::get("/v2/ops/jobs/{id}", "getJob", handler!(JobApi::get), READ),
        Operation::post("/v2/ops/jobs/{id}/retry", "retryJob", handler!(JobApi::retry), WRITE),
        Operation::post("/v2/ops/jobs/{id}/cancel", "cancelJob", handler!(JobApi::cancel), WRITE),
        Operation::post(
            "/v2/ops/jobs/{id}/discard",
            "discardJob",
            handler!(JobApi::discard),
            WRITE,
        ),
        Operation::post("/v2/ops/job-batches", "createJobBatch", handler!(JobApi::batch), WRITE)
            .refusals(&[|| AppError::JobConflict { jobs: 3 }.into()]),
        Operation::get("/v2/ops/story/{id}", "getStory", handler!(StoryApi::get), READ),
        Operation::get(
            "/v2/ops/invariants",
            "listInvariants",
            handler!(InvariantApi::list),
            READ,
        ),
        Operation::get("/v2/ops/partners", "listPartners", handler!(PartyApi::partners), READ),
        Operation::get(
            "/v2/ops/companies",
            "listCompanies",
            handler!(PartyApi::companies),
            READ,
        ),
        Operation::get("/v2/ops/audit", "listAuditEntries", handler!(AuditApi::list), READ),
    ],
};
