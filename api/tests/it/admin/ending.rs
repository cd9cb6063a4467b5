//! Programs that wait for something and are asked to end.

use std::process::Stdio;
use std::time::Duration;

use testing::eventually::eventually;
use tokio::process::{Child, Command};

use crate::harness::operator::Operator;

/// Only for hangs.
const LIMIT: Duration = Duration::from_secs(60);

async fn ended_by(program: &mut Child, name: &str) -> Option<i32> {
    let pid = program.id().unwrap().to_string();
    let told = Command::new("kill").args([name, &pid]).status().await;
    assert!(told.unwrap().success());
    let ended = tokio::time::timeout(LIMIT, program.wait()).await.expect("it ends");
    ended.unwrap().code()
}

#[tokio::test]
async fn a_command_that_waits_for_a_lock_ends_with_the_code_of_its_signal() {
    let operator = Operator::new().await;
    let mut held = operator.db.pool.begin().await.unwrap();
    let lock = sqlx::query("lock table jobs in access exclusive mode");
    lock.execute(&mut *held).await.unwrap();
    for (signal, code) in [("-TERM", 143), ("-INT", 130)] {
        let mut command = Command::new(env!("CARGO_BIN_EXE_admin"))
            .args(["queues"])
            .env_clear()
            .env("DATABASE_URL", &operator.db.url)
            .stdout(Stdio::null())
            .kill_on_drop(true)
            .spawn()
            .unwrap();
        let waits = "select count(*) from pg_stat_activity
                     where datname = current_database() and wait_event_type = 'Lock'";
        eventually("it waits", LIMIT, async || {
            (operator.count(waits).await > 0).then_some(())
        })
        .await;
        assert_eq!(ended_by(&mut command, signal).await, Some(code));
        eventually("nothing of it is left", LIMIT, async || {
            let end = "select count(pg_terminate_backend(pid)) from pg_stat_activity
                       where datname = current_database() and wait_event_type = 'Lock'";
            (operator.count(end).await == 0).then_some(())
        })
        .await;
    }
}

#[tokio::test]
async fn the_yardstick_of_the_benches_ends() {
    let file = tempfile::NamedTempFile::new().unwrap();
    let mut hello = Command::new(env!("CARGO_BIN_EXE_hello"))
        .args(["127.0.0.1:0", file.path().to_str().unwrap(), "text/plain", "plain"])
        .env_clear()
        .stdout(Stdio::null())
        .kill_on_drop(true)
        .spawn()
        .unwrap();
    // It listens for signals before it does anything else.
    let pid = hello.id().unwrap();
    eventually("it watches for signals", LIMIT, async || {
        let status = std::fs::read_to_string(format!("/proc/{pid}/status")).unwrap();
        let caught = status.lines().find_map(|line| line.strip_prefix("SigCgt:")).unwrap();
        let term = 1 << (15 - 1);
        (u64::from_str_radix(caught.trim(), 16).unwrap() & term != 0).then_some(())
    })
    .await;
    assert_eq!(ended_by(&mut hello, "-TERM").await, Some(143));
}
