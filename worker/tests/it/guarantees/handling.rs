//! What operators do to queues and jobs: pausing, canceling, retrying, and finding stuck jobs.

use app::jobs::queue;
use app::ops::Operator;
use app::ops::job as ops;
use kernel::clock::Clock;
use ledger::handle::{self, Act};
use ledger::inspect::{self, Filter, State};
use uuid::Uuid;

use crate::guarantees::support::{SOON, Stage};

pub(super) fn an_operator() -> Operator {
    Operator::new("cli:olena", "a test", None).unwrap()
}

impl Stage {
    async fn list(&self, filter: &Filter) -> Vec<inspect::JobRow> {
        let mut conn = self.db.pool.acquire().await.unwrap();
        inspect::list(&mut conn, filter, None, 100).await.unwrap().jobs
    }

    /// Inserts `n` jobs without scripts in a state, each with an error of its own.
    pub(super) async fn made_up(&self, state: &str, n: i32) {
        sqlx::query(
            "insert into jobs (id, queue, kind, payload, state, run_at, max_attempts, finished_at, created_at, last_error)
             select gen_random_uuid(), 'email', 'email_notification', '{}', $1, now() - interval '1 hour', 5,
                    now() - i * interval '1 minute', now() - interval '1 hour', 'refused by server ' || i
             from generate_series(1, $2) i",
        )
        .bind(state)
        .bind(n)
        .execute(&self.db.pool)
        .await
        .unwrap();
    }
}

#[tokio::test]
async fn nothing_more_is_sent_into_a_paused_queue_and_what_runs_finishes() {
    let stage = Stage::new().await;
    let _scheduler = stage.scheduler().await;
    let _worker = stage.worker(1, 5);
    let running = stage.enqueue(&[&["gate"]]).await[0];
    stage.until_started(running, 1).await;
    // Both are in Redis: the only slot is taken.
    let waiting = stage.enqueue(&[&["ok"], &["ok"]]).await;
    stage
        .until(
            SOON,
            "select count(*) from jobs where queue = 'email' and state = 'sent'",
            2,
        )
        .await;

    let mut tx = stage.db.pool.begin().await.unwrap();
    assert!(handle::pause(&mut tx, queue::EMAIL).await.unwrap());
    tx.commit().await.unwrap();
    let later = stage.enqueue(&[&["ok"]]).await[0];
    stage.open_gate().await;
    stage.until_state(SOON, running, "done").await;

    // A second scheduler starts, and another queue is served meanwhile.
    let _second = stage.scheduler().await;
    sqlx::query(
        "insert into jobs (id, queue, kind, payload, run_at, max_attempts, created_at)
         values (gen_random_uuid(), 'viber', 'x', '{}', now(), 5, now())",
    )
    .execute(&stage.db.pool)
    .await
    .unwrap();
    stage
        .until(
            SOON,
            "select count(*) from jobs where queue = 'viber' and state = 'sent'",
            1,
        )
        .await;
    for id in waiting.iter().chain([&later]) {
        assert_eq!(
            (stage.job(*id).await.state.as_str(), stage.starts(*id).await),
            ("ready", 0)
        );
    }
    let mut conn = stage.db.pool.acquire().await.unwrap();
    let now = Clock::system().now();
    let status = inspect::queues(&mut conn, &queue::ALL, now).await.unwrap();
    let paused: Vec<&str> = status
        .iter()
        .filter(|status| status.paused_at.is_some())
        .map(|status| status.queue.as_str())
        .collect();
    assert_eq!(paused, ["email"]);

    assert!(handle::resume(&mut conn, queue::EMAIL).await.unwrap());
    assert!(!handle::resume(&mut conn, queue::EMAIL).await.unwrap());
    for id in waiting.iter().chain([&later]) {
        stage.until_state(SOON, *id, "done").await;
        assert_eq!(stage.starts(*id).await, 1, "what was left in Redis runs nothing twice");
    }
}

#[tokio::test]
async fn a_job_that_was_canceled_in_redis_does_not_run_and_can_be_retried() {
    let stage = Stage::new().await;
    let _scheduler = stage.scheduler().await;
    let id = stage.enqueue(&[&["ok"]]).await[0];
    let sent = stage.until_state(SOON, id, "sent").await;
    let now = Clock::system().now();
    let mut conn = stage.db.pool.acquire().await.unwrap();
    for not_allowed in [Act::Retry, Act::Discard] {
        assert_eq!(handle::act(&mut conn, now, not_allowed, &[sent.id]).await.unwrap(), []);
    }
    assert_eq!(
        handle::act(&mut conn, now, Act::Cancel, &[sent.id]).await.unwrap(),
        [sent.id]
    );
    assert_eq!(handle::act(&mut conn, now, Act::Cancel, &[sent.id]).await.unwrap(), []);
    let _worker = stage.worker(4, 5);
    let other = stage.enqueue(&[&["ok"]]).await[0];
    stage.until_state(SOON, other, "done").await;
    assert_eq!(
        (stage.job(id).await.state.as_str(), stage.starts(id).await),
        ("canceled", 0)
    );
    assert_eq!(
        handle::act(&mut conn, now, Act::Retry, &[sent.id]).await.unwrap(),
        [sent.id]
    );
    stage.until_state(SOON, id, "done").await;
}

#[tokio::test]
async fn a_list_is_walked_page_by_page_without_a_gap_or_a_repetition() {
    let stage = Stage::new().await;
    for state in ["ready", "sent", "dead", "done", "canceled"] {
        stage.made_up(state, 7).await;
    }
    // Several jobs with the same instant.
    sqlx::query("update jobs set finished_at = now(), sent_at = now(), run_at = now()")
        .execute(&stage.db.pool)
        .await
        .unwrap();
    let mut conn = stage.db.pool.acquire().await.unwrap();
    for state in [State::Ready, State::Sent, State::Dead, State::Done, State::Canceled] {
        let filter = Filter::new(state, &queue::ALL);
        let (mut seen, mut after) = (Vec::new(), None);
        loop {
            let page = inspect::list(&mut conn, &filter, after, 3).await.unwrap();
            assert!(page.jobs.len() <= 3);
            seen.extend(page.jobs.iter().map(|job| job.id.0));
            let Some(next) = page.next else { break };
            after = Some(next.to_string().parse().unwrap());
        }
        assert_eq!(seen.len(), 7, "{state}");
        seen.sort_unstable();
        seen.dedup();
        assert_eq!(seen.len(), 7, "{state}");
    }
}

#[tokio::test]
async fn a_page_looks_at_a_number_of_jobs_and_says_where_to_go_on() {
    let stage = Stage::new().await;
    let scan = i32::try_from(inspect::SCAN).unwrap();
    stage.made_up("dead", scan + 5).await;
    let filter = Filter {
        error: Some(format!("server {}", scan + 3)),
        ..Filter::new(State::Dead, &queue::ALL)
    };
    let mut conn = stage.db.pool.acquire().await.unwrap();
    let first = inspect::list(&mut conn, &filter, None, 10).await.unwrap();
    assert_eq!(first.jobs, []);
    let second = inspect::list(&mut conn, &filter, first.next, 10).await.unwrap();
    assert_eq!((second.jobs.len(), second.next), (1, None));
    let counted = ops::count(&stage.db.pool, &filter).await.unwrap();
    assert_eq!((counted.jobs, counted.may_be_more), (1, false));
    let all = ops::count(&stage.db.pool, &Filter::new(State::Dead, &queue::ALL))
        .await
        .unwrap();
    assert_eq!((all.jobs, all.may_be_more), (ops::MOST, true));
}

#[tokio::test]
async fn a_job_is_stuck_past_its_deadline_or_when_it_takes_longer_than_its_kind() {
    let stage = Stage::new().await;
    let held = async |deadline: &str, claimed: &str| -> Uuid {
        sqlx::query_scalar(
            "insert into jobs (id, queue, kind, payload, state, run_at, max_attempts, attempt, claimed_at, deadline_at,
                               created_at)
             values (gen_random_uuid(), 'email', 'email_notification', '{}', 'running', now(), 5, 1,
                     now() - $1::text::interval, now() + $2::text::interval, now()) returning id",
        )
        .bind(claimed)
        .bind(deadline)
        .fetch_one(&stage.db.pool)
        .await
        .unwrap()
    };
    let late = held("-1 second", "10 seconds").await;
    let slow = held("1 hour", "5 minutes").await;
    let usual = held("1 hour", "0 seconds").await;
    let stuck = Filter {
        is_stuck: true,
        ..Filter::new(State::Running, &queue::ALL)
    };
    let ids = async |filter: &Filter| -> Vec<Uuid> {
        let mut ids: Vec<Uuid> = stage.list(filter).await.iter().map(|job| job.id.0).collect();
        ids.sort_unstable();
        ids
    };
    let sorted = |mut ids: Vec<Uuid>| {
        ids.sort_unstable();
        ids
    };
    assert_eq!(ids(&stuck).await, [late], "nobody knows yet how long the kind takes");
    let finished = async |queue: &str, n: i32, seconds: i32, ago: &str| {
        sqlx::query(
            "insert into finished_jobs (id, queue, kind, payload, run_at, attempt, max_attempts, crashes, claimed_at,
                                        finished_at, created_at, is_urgent, tenant)
             select gen_random_uuid(), $1, $1 || '_notification', '{}', now(), 1, 5, 0, at - $3 * interval '1 second', at,
                    now(), false, gen_random_uuid()
             from (select now() - $4::text::interval - i * interval '1 ms' as at from generate_series(1, $2) i) as done",
        )
        .bind(queue)
        .bind(n)
        .bind(seconds)
        .bind(ago)
        .execute(&stage.db.pool)
        .await
        .unwrap();
    };
    finished("email", 99, 2, "5 minutes").await;
    assert_eq!(ids(&stuck).await, [late], "99 are too few");
    // A hundred jobs that took two seconds each, and later many of another kind that take longer.
    finished("email", 1, 2, "5 minutes").await;
    finished("viber", 15_000, 3600, "1 minute").await;
    assert_eq!(ids(&stuck).await, sorted(vec![late, slow]));
    let running = Filter::new(State::Running, &queue::ALL);
    assert_eq!(ids(&running).await, sorted(vec![late, slow, usual]));
}
