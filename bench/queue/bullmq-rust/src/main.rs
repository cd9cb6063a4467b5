//! No-op jobs through BullMQ's edition in Rust, as `bullmq.mjs` puts them through the one for Node.js.
//! Usage: `bullmq-rust PORT throughput|latency JOBS`.

use std::error::Error;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use bullmq::options::RedisConnectionOptions;
use bullmq::types::RemoveOnFinish;
use bullmq::worker::{CancellationToken, WorkerEvent};
use bullmq::{BulkJob, IntoProcessor, Job, JobOptions, Queue, QueueOptions, Worker, WorkerOptions};
use serde_json::{Value, json};

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

type Outcome<T> = Result<T, Box<dyn Error>>;

const QUEUE: &str = "bench";

/// Jobs added at a time, for throughput.
const BATCH: usize = 1000;

/// Time between two jobs, for latency.
const PACE: Duration = Duration::from_millis(5);

/// Jobs of the latency that are not counted.
const WARM_UP: usize = 20;

fn redis(port: u16) -> RedisConnectionOptions {
    RedisConnectionOptions::new().host("127.0.0.1").port(port)
}

async fn queue(port: u16) -> Outcome<Queue> {
    let options = QueueOptions::new()
        .connection(redis(port))
        .default_job_options(JobOptions::new().remove_on_complete(RemoveOnFinish::Bool(true)));
    Ok(Queue::with_options(QUEUE, options).await?)
}

/// A worker that waits until it is started.
async fn worker<P: IntoProcessor>(port: u16, processor: P) -> Outcome<Worker> {
    let options = WorkerOptions::new()
        .connection(redis(port))
        .concurrency(50)
        .manual_start();
    Ok(Worker::with_options(QUEUE, processor, options).await?)
}

/// Waits until this number of jobs is completed.
async fn completed(worker: &Worker, jobs: usize) -> Outcome<()> {
    let mut left = jobs;
    while left > 0 {
        match worker.next_event().await {
            Some(WorkerEvent::Completed { .. }) => left -= 1,
            Some(WorkerEvent::Failed { error, .. } | WorkerEvent::Error(error)) => return Err(error.into()),
            Some(_) => {}
            None => return Err("the worker has ended".into()),
        }
    }
    Ok(())
}

async fn throughput(port: u16, jobs: usize) -> Outcome<Value> {
    let queue = queue(port).await?;
    let noop = |_: Job, _: CancellationToken| async { Ok::<Value, bullmq::Error>(Value::Null) };
    let worker = worker(port, noop).await?;
    let start = Instant::now();
    for first in (0..jobs).step_by(BATCH) {
        let batch = first..jobs.min(first + BATCH);
        let batch = batch.map(|number| BulkJob::new("noop", json!({ "id": number })));
        queue.add_bulk(batch.collect()).await?;
    }
    let filled = start.elapsed();
    worker.run().await?;
    completed(&worker, jobs).await?;
    let total = start.elapsed();
    let per_second = |time: Duration| (jobs as f64 / time.as_secs_f64()).round();
    Ok(json!({
        "enqueue_per_s": per_second(filled),
        "drain_per_s": per_second(total - filled),
        "total_per_s": per_second(total),
    }))
}

async fn latency(port: u16, jobs: usize) -> Outcome<Value> {
    let queue = queue(port).await?;
    let origin = Instant::now();
    let now = move || origin.elapsed().as_secs_f64() * 1000.0;
    let waits = Arc::new(Mutex::new(Vec::<f64>::with_capacity(jobs)));
    let noted = Arc::clone(&waits);
    let handler = move |job: Job, _: CancellationToken| {
        let noted = Arc::clone(&noted);
        async move {
            let started = now();
            if let Some(at) = job.data()["at"].as_f64() {
                noted.lock().expect("nobody panics with it").push(started - at);
            }
            Ok::<Value, bullmq::Error>(Value::Null)
        }
    };
    let worker = worker(port, handler).await?;
    worker.run().await?;
    for number in 0..WARM_UP + jobs {
        let data = if number < WARM_UP {
            json!({})
        } else {
            json!({ "at": now() })
        };
        queue.add("noop", data).await?;
        tokio::time::sleep(PACE).await;
    }
    completed(&worker, WARM_UP + jobs).await?;
    let mut waits = waits.lock().expect("nobody panics with it").clone();
    waits.sort_by(f64::total_cmp);
    let at = |share: f64| {
        let rank = (share * waits.len() as f64).ceil() as usize;
        waits
            .get(rank.saturating_sub(1))
            .map(|wait: &f64| (wait * 100.0).round() / 100.0)
    };
    Ok(json!({ "p50_ms": at(0.5), "p90_ms": at(0.9), "p99_ms": at(0.99), "max_ms": at(1.0) }))
}

#[tokio::main]
async fn main() -> Outcome<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [port, mode, jobs] = arguments.as_slice() else {
        return Err("usage: bullmq-rust PORT throughput|latency JOBS".into());
    };
    let (port, jobs): (u16, usize) = (port.parse()?, jobs.parse()?);
    let figures = match mode.as_str() {
        "throughput" => throughput(port, jobs).await?,
        "latency" => latency(port, jobs).await?,
        other => return Err(format!("there is no mode {other}").into()),
    };
    println!("{figures}");
    // What the worker still waits for in Redis ends with the process.
    Ok(())
}
