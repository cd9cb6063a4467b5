//! Runs no-op jobs through the ledger, for `./dev bench queue`. `work` is a worker; `throughput N` enqueues jobs and
//! waits until the ledger says that all are done; `latency N` is a worker that also enqueues jobs, one at a time.

#![expect(
    clippy::expect_used,
    clippy::print_stdout,
    reason = "a bench prints its figures and may panic"
)]

use std::collections::HashMap;
use std::process::ExitCode;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use apalis::prelude::Data;
use app::jobs::email_notification::EmailNotification;
use app::jobs::queue;
use chrono::{DateTime, Utc};
use config::Needs;
use connect::postgres::begin;
use domain::id::NotificationId;
use kernel::clock::Clock;
use ledger::nudge::Nudge;
use ledger::{Cause, Job, NewJob, Queue, Terms};
use process::{Process, ProcessError};
use serde::{Deserialize, Serialize};
use serde_json::json;
use sqlx::PgPool;

/// How many jobs `throughput` enqueues in one transaction.
const BATCH: usize = 1000;

/// Time between two jobs of `latency`.
const PACE: Duration = Duration::from_millis(5);

/// How many jobs `latency` does not count: they run before everything has started.
const WARM_UP: usize = 20;

/// How many of the slowest jobs `latency` shows one by one.
const SLOWEST: usize = 8;

/// When each job started, if starts are recorded.
#[derive(Clone, Default)]
struct Watch(Option<Arc<Mutex<HashMap<NotificationId, Instant>>>>);

/// A job that does nothing.
#[derive(Serialize, Deserialize)]
struct Noop {
    notification_id: NotificationId,
}

impl Job for Noop {
    const KIND: &'static str = EmailNotification::KIND;
    const QUEUE: Queue = EmailNotification::QUEUE;
    const TERMS: Terms = EmailNotification::TERMS;
    type Data = Watch;
}

async fn noop(job: Noop, watch: Data<Watch>) {
    if let Some(starts) = &watch.0.0 {
        let started = Instant::now();
        starts
            .lock()
            .expect("nobody panics with it")
            .insert(job.notification_id, started);
    }
}

/// A worker of no-op jobs.
async fn work(process: Process, watch: Watch) -> Result<(), ProcessError> {
    worker::run(process, queue::EMAIL, |_, worker| {
        Ok(worker.handle::<Noop, _>(&watch, noop))
    })
    .await
}

/// A job that was enqueued.
struct Enqueued {
    id: NotificationId,
    /// Before its transaction.
    begun: Instant,
    commit: Commit,
}

/// When the ledger marked each job as sent, and as claimed.
type Marks = HashMap<NotificationId, (DateTime<Utc>, DateTime<Utc>)>;

/// When a commit was answered.
#[derive(Clone, Copy)]
struct Commit {
    at: Instant,
    /// The same on the clock of the database, which the ledger uses.
    said: DateTime<Utc>,
}

/// How long a job waited, in milliseconds.
struct Wait {
    /// From the start of the measurement to its commit, in seconds.
    at: f64,
    /// From the beginning of its transaction to its start.
    whole: f64,
    /// From its commit to its start: the sum of the next three.
    total: f64,
    /// From its commit to the statement that marked it as sent.
    until_sent: f64,
    /// From there to the statement that claimed it.
    until_claimed: f64,
    /// From there to its start.
    until_started: f64,
}

fn job(clock: &Clock, notification_id: NotificationId) -> NewJob {
    NewJob::new(&Noop { notification_id }, clock.now()).expect("ids encode")
}

/// Enqueues as the API does: in a transaction, with a nudge after its commit.
async fn enqueue(process: &Process, nudge: &Nudge, jobs: &[NewJob]) -> Commit {
    let mut tx = begin(&process.pool).await.expect("a transaction");
    ledger::enqueue(&mut tx, process.clock.now(), &Cause::default(), jobs)
        .await
        .expect("enqueued");
    tx.commit().await.expect("committed");
    let commit = Commit {
        at: Instant::now(),
        said: process.clock.now(),
    };
    nudge.send();
    commit
}

async fn all_done(pool: &PgPool) {
    // Only of this queue: the scheduler writes jobs of other queues, which no worker runs here.
    let open = "select exists (select from jobs where queue = 'email' and state = 'ready')
                    or exists (select from jobs where queue = 'email' and state = 'sent')
                    or exists (select from jobs where queue = 'email' and state = 'running')";
    while sqlx::query_scalar(open).fetch_one(pool).await.expect("an answer") {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

async fn throughput(process: &Process, nudge: &Nudge, n: usize) {
    let start = Instant::now();
    for first in (0..n).step_by(BATCH) {
        let new = || job(&process.clock, NotificationId::new());
        let jobs: Vec<NewJob> = std::iter::repeat_with(new).take(BATCH.min(n - first)).collect();
        enqueue(process, nudge, &jobs).await;
    }
    let filled = start.elapsed();
    all_done(&process.pool).await;
    let total = start.elapsed();
    let per_second = |time: Duration| (n as f64 / time.as_secs_f64()).round();
    println!(
        "{}",
        json!({ "enqueue_per_s": per_second(filled), "total_per_s": per_second(total) })
    );
}

/// Enqueues jobs one at a time, with a pause after each commit.
async fn trickle(process: &Process, nudge: &Nudge, n: usize) -> Vec<Enqueued> {
    let mut enqueued = Vec::with_capacity(n);
    for _ in 0..n {
        let id = NotificationId::new();
        let begun = Instant::now();
        let commit = enqueue(process, nudge, &[job(&process.clock, id)]).await;
        enqueued.push(Enqueued { id, begun, commit });
        tokio::time::sleep(PACE).await;
    }
    enqueued
}

/// The worker runs in this process so that one clock measures both instants.
async fn latency(process: &Process, nudge: &Nudge, n: usize) {
    let starts = Arc::new(Mutex::new(HashMap::new()));
    let own = Process {
        shutdown: process.shutdown.child_token(),
        ..process.clone()
    };
    let stop = own.shutdown.clone();
    let mut working = tokio::spawn(work(own, Watch(Some(Arc::clone(&starts)))));
    let enqueuing = async {
        trickle(process, nudge, WARM_UP).await;
        all_done(&process.pool).await;
        let enqueued = trickle(process, nudge, n).await;
        all_done(&process.pool).await;
        enqueued
    };
    let enqueued = tokio::select! {
        enqueued = enqueuing => enqueued,
        ended = &mut working => {
            assert!(process.shutdown.is_cancelled(), "the worker has ended: {ended:?}");
            return;
        }
    };
    stop.cancel();
    working.await.expect("no panic").expect("an orderly end");
    let marks = marks(&process.pool).await;
    let starts = starts.lock().expect("nobody panics with it");
    println!("{}", summary(&waits(&enqueued, &starts, &marks)));
}

async fn marks(pool: &PgPool) -> Marks {
    let sql = "select payload ->> 'notification_id', sent_at, claimed_at from finished_jobs where queue = 'email'";
    let rows: Vec<(String, DateTime<Utc>, DateTime<Utc>)> = sqlx::query_as(sql)
        .fetch_all(pool)
        .await
        .expect("the jobs that are done");
    rows.into_iter()
        .map(|(id, sent_at, claimed_at)| (id.parse().expect("an id"), (sent_at, claimed_at)))
        .collect()
}

fn waits(enqueued: &[Enqueued], starts: &HashMap<NotificationId, Instant>, marks: &Marks) -> Vec<Wait> {
    let first = enqueued.first().expect("at least one job").begun;
    let milliseconds = |from: Instant, to: Instant| to.saturating_duration_since(from).as_secs_f64() * 1000.0;
    let wait = |job: &Enqueued| {
        let started = *starts.get(&job.id).expect("every job has started");
        let (sent_at, claimed_at) = *marks.get(&job.id).expect("every job is done");
        let since_commit = |at: DateTime<Utc>| (at - job.commit.said).as_seconds_f64() * 1000.0;
        let total = milliseconds(job.commit.at, started);
        Wait {
            at: milliseconds(first, job.commit.at) / 1000.0,
            whole: milliseconds(job.begun, started),
            total,
            until_sent: since_commit(sent_at),
            until_claimed: since_commit(claimed_at) - since_commit(sent_at),
            until_started: total - since_commit(claimed_at),
        }
    };
    enqueued.iter().map(wait).collect()
}

fn summary(waits: &[Wait]) -> serde_json::Value {
    json!({
        "p50_ms": percentile(waits, 0.5, |wait| wait.total),
        "p90_ms": percentile(waits, 0.9, |wait| wait.total),
        "p99_ms": percentile(waits, 0.99, |wait| wait.total),
        "max_ms": percentile(waits, 1.0, |wait| wait.total),
        "p50_whole_ms": percentile(waits, 0.5, |wait| wait.whole),
        "p99_whole_ms": percentile(waits, 0.99, |wait| wait.whole),
        "p50_sent_ms": percentile(waits, 0.5, |wait| wait.until_sent),
        "p99_sent_ms": percentile(waits, 0.99, |wait| wait.until_sent),
        "p50_claimed_ms": percentile(waits, 0.5, |wait| wait.until_claimed),
        "p99_claimed_ms": percentile(waits, 0.99, |wait| wait.until_claimed),
        "p50_started_ms": percentile(waits, 0.5, |wait| wait.until_started),
        "p99_started_ms": percentile(waits, 0.99, |wait| wait.until_started),
        "slowest": slowest(waits),
    })
}

/// Of the slowest jobs, in the order of their commits: the second of the commit, the milliseconds to the start, and
/// their parts. Neighbours have one cause; a regular distance shows something periodic.
fn slowest(waits: &[Wait]) -> Vec<[f64; 5]> {
    let mut slowest: Vec<&Wait> = waits.iter().collect();
    slowest.sort_by(|one, other| other.total.total_cmp(&one.total));
    slowest.truncate(SLOWEST);
    slowest.sort_by(|one, other| one.at.total_cmp(&other.at));
    let told = |wait: &Wait| {
        let Wait { at, total, .. } = *wait;
        [at, total, wait.until_sent, wait.until_claimed, wait.until_started].map(hundredths)
    };
    slowest.into_iter().map(told).collect()
}

/// The smallest value that is not exceeded by this share of all, rounded to a hundredth.
fn percentile(waits: &[Wait], share: f64, of: fn(&Wait) -> f64) -> f64 {
    let mut ordered: Vec<f64> = waits.iter().map(of).collect();
    ordered.sort_by(f64::total_cmp);
    let rank = (share * ordered.len() as f64).ceil() as usize;
    hundredths(*ordered.get(rank.saturating_sub(1)).expect("at least one value"))
}

fn hundredths(value: f64) -> f64 {
    (value * 100.0).round() / 100.0
}

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let n = arguments.get(1).and_then(|n| n.parse().ok()).unwrap_or(0);
    process::run(Needs::Queue, async |process| {
        let nudge = Nudge::new(connect::redis::connect(&process.settings.redis_url)?);
        match arguments.first().map(String::as_str) {
            Some("work") => return work(process, Watch::default()).await,
            // When asked to end, it does not wait for the jobs.
            Some("latency") => process.shutdown.run_until_cancelled(latency(&process, &nudge, n)).await,
            _ => {
                process
                    .shutdown
                    .run_until_cancelled(throughput(&process, &nudge, n))
                    .await
            }
        };
        Ok(())
    })
}
