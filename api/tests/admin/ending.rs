//! Programs that wait for something and are told to end.

use std::process::Stdio;
use std::time::Duration;

use common::testing::eventually::eventually;
use tokio::net::TcpListener;
use tokio::process::{Child, Command};

use crate::support::Admin;

/// For hangs only.
const LIMIT: Duration = Duration::from_secs(60);

async fn told(program: &mut Child, name: &str) -> Option<i32> {
    let pid = program.id().unwrap().to_string();
    let told = Command::new("kill").args([name, &pid]).status().await;
    assert!(told.unwrap().success());
    let ended = tokio::time::timeout(LIMIT, program.wait()).await.expect("it ends");
    ended.unwrap().code()
}

#[tokio::test]
async fn a_command_that_waits_for_a_lock_ends_with_the_code_of_its_signal() {
    let admin = Admin::new().await;
    let mut held = admin.db.pool.begin().await.unwrap();
    let lock = sqlx::query("lock table jobs in access exclusive mode");
    lock.execute(&mut *held).await.unwrap();
    for (signal, code) in [("-TERM", 143), ("-INT", 130)] {
        let mut command = Command::new(env!("CARGO_BIN_EXE_admin"))
            .args(["jobs", "stats"])
            .env_clear()
            .env("DATABASE_URL", &admin.db.url)
            .stdout(Stdio::null())
            .kill_on_drop(true)
            .spawn()
            .unwrap();
        let waits = "select count(*) from pg_stat_activity
                     where datname = current_database() and wait_event_type = 'Lock'";
        eventually("it waits", LIMIT, async || (admin.count(waits).await > 0).then_some(())).await;
        assert_eq!(told(&mut command, signal).await, Some(code));
        eventually("nothing of it is left", LIMIT, async || {
            let end = "select count(pg_terminate_backend(pid)) from pg_stat_activity
                       where datname = current_database() and wait_event_type = 'Lock'";
            (admin.count(end).await == 0).then_some(())
        })
        .await;
    }
}

#[tokio::test]
async fn a_bench_whose_server_never_answers_ends() {
    let silent = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", silent.local_addr().unwrap());
    let folder = tempfile::TempDir::new().unwrap();
    let paths = folder.path().join("paths");
    std::fs::write(&paths, "/v2/cities\n").unwrap();
    let test = std::env::current_exe().unwrap();
    let bench = test.parent().unwrap().parent().unwrap().join("examples/http_bench");
    let mut bench = Command::new(bench)
        .args(["search", &url, "key", paths.to_str().unwrap(), "10", "3600"])
        .env_clear()
        .stdout(Stdio::null())
        .kill_on_drop(true)
        .spawn()
        .unwrap();
    silent.accept().await.unwrap();
    assert_eq!(told(&mut bench, "-TERM").await, Some(143));
}
