//! The worker binaries that are shipped.

use std::process::Stdio;
use std::time::Duration;

use common::testing::database::TestDb;
use common::testing::eventually::eventually;
use common::testing::port;
use common::testing::redis::TestRedis;
use tokio::process::Command;

const TEN_SECONDS: Duration = Duration::from_secs(10);

#[tokio::test]
async fn each_worker_starts_becomes_ready_and_ends_in_good_order() {
    let (db, redis) = (TestDb::new().await, TestRedis::start().await);
    for program in [
        env!("CARGO_BIN_EXE_email_worker"),
        env!("CARGO_BIN_EXE_viber_worker"),
        env!("CARGO_BIN_EXE_sweep_worker"),
        env!("CARGO_BIN_EXE_geo_worker"),
        env!("CARGO_BIN_EXE_report_worker"),
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
        eventually(program, TEN_SECONDS, async || {
            let answer = reqwest::get(format!("http://{health}/readyz")).await.ok()?;
            answer.status().is_success().then_some(())
        })
        .await;
        let pid = worker.id().unwrap().to_string();
        assert!(
            Command::new("kill")
                .args(["-TERM", &pid])
                .status()
                .await
                .unwrap()
                .success()
        );
        let ended = tokio::time::timeout(TEN_SECONDS, worker.wait())
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
