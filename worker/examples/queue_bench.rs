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

/// A job that was enqueued, with the instants before its transaction and after its commit.
struct Sent {
    id: NotificationId,
    begun: Instant,
    committed: Instant,
}

fn job(clock: &Clock, notification_id: NotificationId) -> NewJob {
    NewJob::new(&Noop { notification_id }, clock.now()).expect("ids encode")
}

/// Enqueues as the API does: in a transaction, with a nudge after its commit. Returns the instant of the commit.
async fn enqueue(process: &Process, nudge: &Nudge, jobs: &[NewJob]) -> Instant {
    let mut tx = begin(&process.pool).await.expect("a transaction");
    ledger::enqueue(&mut tx, process.clock.now(), &Cause::default(), jobs)
        .await
        .expect("enqueued");
    tx.commit().await.expect("committed");
    let committed = Instant::now();
    nudge.send();
    committed
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
async fn trickle(process: &Process, nudge: &Nudge, n: usize) -> Vec<Sent> {
    let mut sent = Vec::with_capacity(n);
    for _ in 0..n {
        let id = NotificationId::new();
        let begun = Instant::now();
        let committed = enqueue(process, nudge, &[job(&process.clock, id)]).await;
        sent.push(Sent { id, begun, committed });
        tokio::time::sleep(PACE).await;
    }
    sent
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
        let sent = trickle(process, nudge, n).await;
        all_done(&process.pool).await;
        sent
    };
    let sent = tokio::select! {
        sent = enqueuing => sent,
        ended = &mut working => {
            assert!(process.shutdown.is_cancelled(), "the worker has ended: {ended:?}");
            return;
        }
    };
    stop.cancel();
    working.await.expect("no panic").expect("an orderly end");
    let starts = starts.lock().expect("nobody panics with it");
    let milliseconds = |since: fn(&Sent) -> Instant| {
        let wait = |job: &Sent| {
            let started = starts.get(&job.id).expect("every job has started");
            started.saturating_duration_since(since(job)).as_secs_f64() * 1000.0
        };
        let mut waits: Vec<f64> = sent.iter().map(wait).collect();
        waits.sort_by(f64::total_cmp);
        waits
    };
    let since_commit = milliseconds(|job: &Sent| job.committed);
    let since_begin = milliseconds(|job: &Sent| job.begun);
    println!(
        "{}",
        json!({
            "p50_ms": percentile(&since_commit, 0.5),
            "p99_ms": percentile(&since_commit, 0.99),
            "max_ms": percentile(&since_commit, 1.0),
            "p50_whole_ms": percentile(&since_begin, 0.5),
            "p99_whole_ms": percentile(&since_begin, 0.99),
        })
    );
}

/// The smallest value that is not exceeded by this share of all, rounded to a hundredth.
fn percentile(ordered: &[f64], share: f64) -> f64 {
    let rank = (share * ordered.len() as f64).ceil() as usize;
    let value = ordered.get(rank.saturating_sub(1)).expect("at least one value");
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
