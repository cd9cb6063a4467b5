//! A first job: written in a transaction, delivered and run. The README.md of this crate shows this file. Run it
//! against the servers of `./dev up`:
//!
//! ```text
//! source .dev/env
//! cargo run -p ledger --features worker --example hello_job
//! ```

#![expect(
    clippy::print_stdout,
    clippy::disallowed_methods,
    reason = "an example reads its environment and prints"
)]

use std::env;
use std::error::Error;
use std::time::Duration;

use apalis::prelude::{Attempt, Data};
use chrono::TimeDelta;
use kernel::clock::Clock;
use ledger::scheduler::Scheduler;
use ledger::worker::{Settings, Worker};
use ledger::{Cause, Job, NewJob, Priority, Queue, Terms, enqueue};
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};
use tokio_util::sync::CancellationToken;

/// The job: its payload is what the handler needs to find its work.
#[derive(Serialize, Deserialize)]
struct Hello {
    number: u32,
}

impl Job for Hello {
    const KIND: &'static str = "hello"; // written in the ledger: never changes
    const QUEUE: Queue = Queue::new("hello");
    const TERMS: Terms = Terms {
        max_attempts: 3,
        timeout: TimeDelta::seconds(5),
        backoff: TimeDelta::seconds(1),  // doubles with each attempt, up to an hour
        hold_limit: TimeDelta::hours(1), // how long external failures may hold it up
        priority: Priority::Normal,      // urgent jobs of a queue come first
    };
    type Data = CancellationToken; // what the handler works with
}

/// The handler: an apalis service. What it returns may be `()`, a `Result`, or an `Outcome`.
async fn run(job: Hello, attempt: Attempt, finished: Data<CancellationToken>) {
    println!("hello from job number {}, attempt {}", job.number, attempt.current());
    finished.cancel();
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let database_url = SecretString::from(env::var("DATABASE_URL")?);
    let redis_url = SecretString::from(env::var("REDIS_URL")?);
    let pool = connect::postgres::connect(database_url.expose_secret(), 4).await?;
    let (clock, shutdown, finished) = (Clock::system(), CancellationToken::new(), CancellationToken::new());

    // Sends jobs to Redis; in production this is a separate process. Without one, jobs wait.
    let scheduler = Scheduler {
        queues: &[Hello::QUEUE],
        kinds: &[Hello::KIND],
        schedules: Vec::new(),
        database_url: database_url.clone(),
        pool: pool.clone(),
        redis: connect::redis::connect(&redis_url)?,
        nudges: connect::redis::connect(&redis_url)?,
        clock: clock.clone(),
    };
    let scheduling = tokio::spawn(scheduler.run(shutdown.clone()));

    let settings = Settings {
        queue: Hello::QUEUE,
        database_url,
        redis_url,
        concurrency: 4,
        time_to_finish: Duration::from_secs(5),
        host: env::var("HOSTNAME").unwrap_or_default(),
        isolated_job: env::var("ISOLATED_JOB").unwrap_or_default(),
    };

    // Runs the jobs of one queue; in production this is a separate process too.
    let worker = Worker::start(settings, pool.clone(), clock.clone(), shutdown.clone()).await?;
    let working = tokio::spawn(worker.handle::<Hello, _>(&finished, run).run());

    // The job exists if and only if this transaction commits.
    let mut tx = connect::postgres::begin(&pool).await?;
    let job = NewJob::new(&Hello { number: 7 }, clock.now())?;
    enqueue(&mut tx, clock.now(), &Cause::default(), &[job]).await?;
    tx.commit().await?;

    finished.cancelled().await;
    shutdown.cancel();
    working.await??;
    scheduling.await??;
    Ok(())
}
