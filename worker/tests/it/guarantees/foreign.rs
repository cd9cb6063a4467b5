//! Values that other programs have written into the keys of the platform in Redis. They are dropped or replaced, are
//! logged once without their contents, and keep no job from running.

use std::process::Stdio;

use app::jobs::queue;
use ledger::Priority;
use ledger::delivery::{EPOCH_KEY, NUDGES_KEY};
use serde_json::Value;
use testing::eventually::eventually;
use testing::log::Log;
use testing::port;
use testing::scrape::Scrape;

use crate::guarantees::support::{SOON, Stage};

const DONE: &str = "select count(*) from all_jobs where queue = 'email' and state = 'done'";
const SENT: &str = "select count(*) from jobs where queue = 'email' and state = 'sent'";
const RUNS: &str = "select count(*) from starts";

/// A byte that is no text, at the end of a list.
const PUSH_BYTE: &str = r"return redis.call('RPUSH', KEYS[1], '\255')";

/// The same as the value of a key.
const SET_BYTE: &str = r"redis.call('SET', KEYS[1], '\255') return 1";

/// Text that is no delivery: the id has no prefix. An earlier version of `./dev chaos` wrote such entries.
const BARE: &str = "01a1fd7f-57fd-7575-8f98-742094951c01:0";

/// Enqueues jobs that end at once, and waits until they are in their list.
async fn in_the_list(stage: &Stage, jobs: i64) {
    let scripts = vec![&["ok"] as &[&str]; usize::try_from(jobs).unwrap()];
    stage.enqueue(&scripts).await;
    stage.until(SOON, SENT, jobs).await;
    let list = &queue::EMAIL.list(Priority::Normal);
    eventually("their entries", SOON, async || {
        let length: i64 = stage.redis(&["LLEN", list]).await;
        (length == jobs).then_some(())
    })
    .await;
}

#[tokio::test]
async fn entries_that_are_not_deliveries_are_counted_and_logged_once_and_the_others_of_their_batch_run() {
    let stage = Stage::new().await;
    let _scheduler = stage.scheduler().await;
    in_the_list(&stage, 2).await;
    let list = &queue::EMAIL.list(Priority::Normal);
    let _: i64 = stage.redis(&["LPUSH", list, "rubbish", BARE]).await;
    let _: i64 = stage.redis(&["EVAL", PUSH_BYTE, "1", list]).await;

    let health = port::free().to_string();
    let mut worker = stage
        .scripted_worker()
        .env("WORKER_CONCURRENCY", "8")
        .env("HEALTH_LISTEN", &health)
        .env("LOG", "warn")
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    stage.until(SOON, DONE, 2).await;
    let skipped = "prexsell_redis_entries_skipped_total{queue=\"email\"}";
    let scrape = eventually(skipped, SOON, async || {
        let answer = reqwest::get(format!("http://{health}/metrics")).await.ok()?;
        let scrape = Scrape::read(answer.text().await.ok()?);
        scrape.value(skipped).is_some().then_some(scrape)
    })
    .await;
    assert_eq!(scrape.value(skipped), Some(3.0));
    scrape.assert_is_documented("worker");

    worker.kill().await.unwrap();
    let log = worker.wait_with_output().await.unwrap().stdout;
    let log = String::from_utf8(log).unwrap();
    let lines: Vec<&str> = log.lines().filter(|line| line.contains("skipped")).collect();
    assert_eq!(lines.len(), 1, "{log}");
    let line: Value = serde_json::from_str(lines[0]).unwrap();
    assert_eq!(line["message"], "skipped Redis entries that are not deliveries");
    assert_eq!(line["level"], "WARN");
    assert_eq!(line["queue"], "email");
    assert_eq!(line["entries"], 3);
    assert!(!log.contains("rubbish") && !log.contains(BARE), "{log}");
    assert_eq!(stage.count(RUNS).await, 2);
}

#[tokio::test]
async fn values_that_the_scheduler_cannot_read_are_logged_once_and_lost_jobs_still_run() {
    let stage = Stage::new().await;
    let unread = &queue::VIBER.list(Priority::Normal);
    let _: i64 = stage.redis(&["EVAL", PUSH_BYTE, "1", unread]).await;
    let _: i64 = stage.redis(&["EVAL", SET_BYTE, "1", EPOCH_KEY]).await;
    let _: String = stage.redis(&["SET", NUDGES_KEY, "rubbish"]).await;
    let (log, _listening) = Log::listen("warn");
    let _scheduler = stage.scheduler().await;
    in_the_list(&stage, 3).await;
    // It takes several looks to find out that these are lost, each of which sees the same values.
    let _: i64 = stage.redis(&["DEL", &queue::EMAIL.list(Priority::Normal)]).await;
    let _worker = stage.worker(4, 5);
    stage.until(SOON, DONE, 3).await;

    let text = log.text();
    for (message, key) in [
        ("the first entry of a list is not a delivery", unread.as_str()),
        ("the key of the epoch holds no id", EPOCH_KEY),
        ("the key of the nudges holds no list", NUDGES_KEY),
    ] {
        let lines: Vec<&str> = text.lines().filter(|line| line.contains(message)).collect();
        assert_eq!(lines.len(), 1, "{message}: {text}");
        assert!(lines[0].contains(&format!("\"{key}\"")), "{}", lines[0]);
    }
    log.hides(["rubbish"]);
}
