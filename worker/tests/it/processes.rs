//! The worker binaries that are shipped, and programs of this crate that wait.

use std::process::Stdio;
use std::time::Duration;

use testing::database::TestDb;
use testing::eventually::eventually;
use testing::port;
use testing::redis::TestRedis;
use tokio::process::Command;

/// Only for hangs.
const LIMIT: Duration = Duration::from_secs(60);

#[tokio::test]
async fn each_worker_starts_becomes_ready_and_ends_in_good_order() {
    let (db, redis) = (TestDb::new().await, TestRedis::start().await);
    for program in [
        env!("CARGO_BIN_EXE_email_worker"),
        env!("CARGO_BIN_EXE_viber_worker"),
        env!("CARGO_BIN_EXE_sweep_worker"),
        env!("CARGO_BIN_EXE_geo_worker"),
        env!("CARGO_BIN_EXE_report_worker"),
        env!("CARGO_BIN_EXE_timetable_worker"),
    ] {
        let health = port::free().to_string();
        let mut worker = Command::new(program)
            .env_clear()
            .env("DATABASE_URL", &db.url)
            .env("REDIS_URL", redis.url())
            .env("HEALTH_LISTEN", &health)
            .env("SMTP_URL", "smtp://127.0.0.1:1")
            .env("MAIL_FROM", "Tickets <tickets@example.com>")
            .env("VIBER_URL", "http://127.0.0.1:1")
            .env("VIBER_TOKEN", "token")
            .env("VAULT_KEY", "0f".repeat(32))
            .env("STORAGE_URL", "file:///nonexistent")
            .env("LINK_SECRET", "0123456789abcdef0123456789abcdef")
            .stdout(Stdio::null())
            .kill_on_drop(true)
            .spawn()
            .unwrap();
        eventually(program, LIMIT, async || {
            let answer = reqwest::get(format!("http://{health}/readyz")).await.ok()?;
            answer.status().is_success().then_some(())
        })
        .await;
        let pid = worker.id().unwrap().to_string();
        let name: String = sqlx::query_scalar("select name from processes")
            .fetch_one(&db.pool)
            .await
            .unwrap();
        let (role, host) = (program.rsplit('/').next().unwrap(), process::host::name());
        assert_eq!(name, format!("{role} {pid}@{host}"));
        assert!(
            Command::new("kill")
                .args(["-TERM", &pid])
                .status()
                .await
                .unwrap()
                .success()
        );
        let ended = tokio::time::timeout(LIMIT, worker.wait())
            .await
            .expect("it ends")
            .unwrap();
        assert_eq!(ended.code(), Some(0), "{program}");
    }
}

#[tokio::test]
async fn a_worker_without_its_settings_names_them_and_does_not_start() {
    for (program, setting) in [
        (env!("CARGO_BIN_EXE_email_worker"), "SMTP_URL"),
        (env!("CARGO_BIN_EXE_viber_worker"), "VIBER_TOKEN"),
        (env!("CARGO_BIN_EXE_sweep_worker"), "REDIS_URL"),
        (env!("CARGO_BIN_EXE_geo_worker"), "VAULT_KEY"),
        (env!("CARGO_BIN_EXE_report_worker"), "STORAGE_URL"),
        (env!("CARGO_BIN_EXE_timetable_worker"), "STORAGE_URL"),
    ] {
        let output = Command::new(program)
            .env_clear()
            .env("DATABASE_URL", "postgres://127.0.0.1:1/none")
            .output()
            .await
            .unwrap();
        assert_eq!(output.status.code(), Some(2), "{program}");
        let said = String::from_utf8(output.stdout).unwrap();
        assert!(said.contains(setting), "{said}");
    }
}

/// Starts a program, asks it to end as soon as it is working, and returns its exit code.
async fn ended_by_signal(mut command: Command, at_work: impl AsyncFn() -> Option<()>) -> Option<i32> {
    let mut program = command.stdout(Stdio::null()).kill_on_drop(true).spawn().unwrap();
    eventually("it is at work", LIMIT, || at_work()).await;
    let pid = program.id().unwrap().to_string();
    let told = Command::new("kill").args(["-TERM", &pid]).status().await;
    assert!(told.unwrap().success());
    let ended = tokio::time::timeout(LIMIT, program.wait()).await.expect("it ends");
    ended.unwrap().code()
}

#[tokio::test]
async fn a_bench_that_waits_for_jobs_without_a_worker_ends_on_a_signal() {
    let test = std::env::current_exe().unwrap();
    let bench = test.parent().unwrap().parent().unwrap().join("examples/queue_bench");
    for mode in ["throughput", "latency"] {
        let db = TestDb::new().await;
        let mut command = Command::new(&bench);
        command
            .args([mode, "1000"])
            .env_clear()
            .env("DATABASE_URL", &db.url)
            .env("REDIS_URL", "redis://127.0.0.1:1/");
        let enqueues = async || {
            let jobs = sqlx::query_scalar::<_, i64>("select count(*) from jobs")
                .fetch_one(&db.pool)
                .await;
            (jobs.unwrap() > 0).then_some(())
        };
        assert_eq!(ended_by_signal(command, enqueues).await, Some(0), "{mode}");
    }
}
