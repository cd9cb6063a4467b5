//! How attempts end, as counted by the metrics of the worker and of the scheduler.

use std::process::Stdio;

use testing::eventually::eventually;
use testing::port;
use testing::scrape::Scrape;
use tokio::process::{Child, Command};

use crate::guarantees::support::{SOON, Stage, example};

/// A process of the platform that can be scraped; killed when dropped.
struct Scraped {
    child: Child,
    health: String,
}

impl Scraped {
    fn start(stage: &Stage, mut program: Command) -> Self {
        let health = port::free().to_string();
        let child = program
            .env_clear()
            .env("DATABASE_URL", &stage.database_url)
            .env("REDIS_URL", &stage.redis_url)
            .env("HEALTH_LISTEN", &health)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .kill_on_drop(true)
            .spawn()
            .unwrap();
        Self { child, health }
    }

    /// Waits for a scrape in which the value of a series satisfies a condition.
    async fn until(&self, series: &str, is_right: impl Fn(f64) -> bool) -> Scrape {
        eventually(series, SOON, async || {
            let answer = reqwest::get(format!("http://{}/metrics", self.health)).await.ok()?;
            let scrape = Scrape::read(answer.text().await.ok()?);
            scrape.value(series).is_some_and(&is_right).then_some(scrape)
        })
        .await
    }
}

fn outcome(outcome: &str) -> String {
    format!("prexsell_job_outcomes_total{{queue=\"email\",kind=\"email_notification\",outcome=\"{outcome}\"}}")
}

/// Whether a counter is at one.
fn is_one(count: f64) -> bool {
    (0.5..1.5).contains(&count)
}

async fn execute(stage: &Stage, sql: &'static str) {
    sqlx::raw_sql(sql).execute(&stage.db.pool).await.unwrap();
}

#[tokio::test]
async fn a_retry_a_time_out_and_a_crash_are_counted_as_what_they_are() {
    let stage = Stage::new().await;
    let mut program = Command::new(example("program"));
    program.arg("scheduler");
    let scheduler = Scraped::start(&stage, program);
    let mut worker = Scraped::start(&stage, Command::new(example("scripted_worker")));
    let jobs = stage.enqueue(&[&["retry", "ok"], &["fail"], &["hang"]]).await;
    let scrape = worker.until(&outcome("done"), is_one).await;
    for ended in ["retry", "dead"] {
        assert_eq!(scrape.value(&outcome(ended)), Some(1.0), "{ended}");
    }
    assert_eq!(scrape.value(&outcome("timeout")), None, "none ran too long");

    stage.until_started(jobs[2], 1).await;
    let running = "prexsell_job_oldest_running_seconds{queue=\"email\"}";
    execute(
        &stage,
        "update jobs set claimed_at = claimed_at - interval '2 minutes' where state = 'running'",
    )
    .await;
    scheduler
        .until(running, |seconds| (120.0..600.0).contains(&seconds))
        .await;
    execute(
        &stage,
        "update jobs set deadline_at = now() - interval '1 minute' where state = 'running'",
    )
    .await;
    let scrape = scheduler.until(&outcome("timeout"), is_one).await;
    let recovered = |cause: &str| format!("prexsell_jobs_recovered_total{{cause=\"{cause}\"}}");
    assert_eq!(scrape.value(&recovered("deadline")), Some(1.0));
    assert_eq!(scrape.value(&outcome("crash")), None, "no process died");

    stage.until_started(jobs[2], 2).await;
    worker.child.kill().await.unwrap();
    stage.age_heartbeats().await;
    let scrape = scheduler.until(&outcome("crash"), is_one).await;
    assert_eq!(scrape.value(&recovered("process_died")), Some(1.0));
    assert_eq!(scrape.value(&outcome("timeout")), Some(1.0), "as before");
    scheduler.until(running, |seconds| seconds == 0.0).await;
}
