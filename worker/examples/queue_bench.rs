//! No-op jobs through the ledger, for `bench/queue/run`: `work` is the worker, `throughput N` and `latency N` enqueue
//! and wait until the ledger says that all is done.

#![expect(
    clippy::expect_used,
    clippy::print_stdout,
    reason = "a bench prints its figures and may panic"
)]

use std::process::ExitCode;
use std::time::{Duration, Instant};

use common::clients;
use common::clients::nudge::Nudge;
use common::clock::Clock;
use common::config::Needs;
use common::db::job::NewJob;
use common::id::NotificationId;
use common::jobs::{Cause, Job, Outcome, Queue};
use common::process::Process;
use sqlx::PgPool;
use worker::run::Dispatch;

struct Noop;

impl Dispatch for Noop {
    async fn run(&self, _: Job, _: &Cause) -> Outcome {
        Outcome::Done
    }
}

fn jobs(clock: &Clock, n: usize) -> Vec<NewJob> {
    let new = || NewJob {
        job: Job::EmailNotification {
            notification_id: NotificationId::new(),
        },
        run_at: clock.now(),
        dedupe_key: None,
    };
    std::iter::repeat_with(new).take(n).collect()
}

/// As the API does it: a transaction, and a nudge after its commit.
async fn enqueue(process: &Process, nudge: &Nudge, n: usize) {
    let mut tx = process.pool.begin().await.expect("a transaction");
    let jobs = jobs(&process.clock, n);
    common::db::job::enqueue(&mut tx, process.clock.now(), &Cause::default(), &jobs)
        .await
        .expect("enqueued");
    tx.commit().await.expect("committed");
    nudge.send();
}

async fn all_done(pool: &PgPool) {
    // Of this queue: the scheduler writes jobs of others, which nobody runs here.
    let open = "select exists (select from jobs where queue = 'email' and state = 'ready')
                    or exists (select from jobs where queue = 'email' and state = 'sent')
                    or exists (select from jobs where queue = 'email' and state = 'running')";
    while sqlx::query_scalar(open).fetch_one(pool).await.expect("an answer") {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

async fn throughput(process: &Process, nudge: &Nudge, n: usize) {
    let start = Instant::now();
    for _ in 0..n / 1000 {
        enqueue(process, nudge, 1000).await;
    }
    let filled = start.elapsed();
    all_done(&process.pool).await;
    let total = start.elapsed();
    let per_second = |time: Duration| (n as f64 / time.as_secs_f64()).round();
    println!(
        "{{\"enqueue_per_s\":{},\"total_per_s\":{}}}",
        per_second(filled),
        per_second(total)
    );
}

async fn latency(process: &Process, nudge: &Nudge, n: usize) {
    sqlx::query("delete from jobs")
        .execute(&process.pool)
        .await
        .expect("an empty ledger");
    for _ in 0..n {
        enqueue(process, nudge, 1).await;
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    all_done(&process.pool).await;
    // From the instant before the transaction to the one after the handler: a little more than the start.
    let waits: Vec<f64> = sqlx::query_scalar(
        "select percentile_disc(array[0.5, 0.99, 1]) within group (order by extract(epoch from finished_at - created_at)::float8 * 1000)
         from jobs where queue = 'email'",
    )
    .fetch_one(&process.pool)
    .await
    .expect("percentiles");
    println!(
        "{{\"p50_ms\":{:.2},\"p99_ms\":{:.2},\"max_ms\":{:.2}}}",
        waits[0], waits[1], waits[2]
    );
}

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let n = arguments.get(1).and_then(|n| n.parse().ok()).unwrap_or(0);
    common::process::run(Needs::Queue, async |process| {
        let nudge = Nudge::new(clients::redis::connect(&process.settings.redis_url)?);
        match arguments.first().map(String::as_str) {
            Some("work") => return worker::run::run(process, Queue::Email, Noop).await,
            // Told to end, it does not wait for the jobs.
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
