//! Queues and jobs on the command line, and their entries in the audit trail.

use crate::harness::operator::Operator;

const WHY: [&str; 4] = ["--reason", "the provider is back", "--by", "olena"];

impl Operator {
    /// Dead jobs, each with an error of its own.
    async fn dead_jobs(&self, n: i32) {
        sqlx::query(
            "insert into jobs (id, queue, kind, payload, state, run_at, max_attempts, finished_at, created_at, last_error)
             select gen_random_uuid(), 'email', 'email_notification', '{}', 'dead', now(), 5, now(), now(),
                    'refused by server ' || i
             from generate_series(1, $1) i",
        )
        .bind(n)
        .execute(&self.db.pool)
        .await
        .unwrap();
    }

    async fn act(&self, args: &[&str]) -> crate::harness::operator::Run {
        self.run(&[args, &WHY].concat()).await
    }
}

/// The lines of a list that show jobs.
fn jobs(listed: &str) -> Vec<&str> {
    listed.lines().filter(|line| line.starts_with("job_")).collect()
}

#[tokio::test]
async fn jobs_are_listed_by_error_in_every_state() {
    let admin = Operator::new().await;
    sqlx::raw_sql(
        "insert into jobs (id, queue, kind, payload, state, run_at, max_attempts, created_at, attempt, last_error,
                           request_id)
         select gen_random_uuid(), queue, queue || '_notification', '{}', 'ready', now() - due, 5, now(), 2, error,
                'shop-17'
         from (values ('email', interval '3 hours', '451 try 1 later'), ('viber', interval '2 hours', 'busy'),
                      ('email', interval '1 hour', '451 try 2 later'), ('email', interval '-1 hour', null))
              as job (queue, due, error)",
    )
    .execute(&admin.db.pool)
    .await
    .unwrap();
    let listed = admin.run(&["jobs", "list", "--state", "ready"]).await.out;
    let told: Vec<Vec<&str>> = listed.lines().map(|line| line.split_whitespace().collect()).collect();
    assert_eq!(told[0].join(" "), "id state since age attempts crashes request error");
    let groups: Vec<String> = told
        .iter()
        .filter(|line| line[0].ends_with(','))
        .map(|line| line.join(" "))
        .collect();
    assert_eq!(
        groups,
        [
            "email, email_notification, 2 listed: # try # later",
            "viber, viber_notification, 1 listed: busy",
            "email, email_notification, 1 listed: -",
        ],
        "{listed}"
    );
    let jobs: Vec<String> = jobs(&listed)
        .iter()
        .map(|line| {
            let words: Vec<&str> = line.split_whitespace().collect();
            format!("{} {}", words[1], words[3..].join(" "))
        })
        .collect();
    assert_eq!(
        jobs,
        [
            "ready 3h 2 of 5 0 shop-17 451 try 1 later",
            "ready 60m 2 of 5 0 shop-17 451 try 2 later",
            "ready 2h 2 of 5 0 shop-17 busy",
            "ready -59m 2 of 5 0 shop-17 -",
        ],
        "{listed}"
    );
    // The same selection, counted by error.
    let held = [
        "jobs",
        "errors",
        "--state",
        "ready",
        "--queue",
        "email",
        "--error",
        "later",
        "--older-than",
        "30m",
    ];
    let counted = admin.run(&held).await.out;
    assert_eq!(counted.lines().count(), 1, "{counted}");
    assert!(
        counted.starts_with("     2  email  email_notification  ") && counted.ends_with(": # try # later\n"),
        "{counted}"
    );
    assert_eq!(admin.run(&["jobs", "errors"]).await.out, "", "none is dead");
}

#[tokio::test]
async fn stuck_jobs_are_listed_like_those_of_a_state() {
    let admin = Operator::new().await;
    sqlx::raw_sql(
        "insert into jobs (id, queue, kind, payload, state, run_at, max_attempts, created_at, claimed_at, deadline_at)
         select gen_random_uuid(), 'email', 'email_notification', '{}', 'running', now(), 5, now(), now(), now() + late
         from unnest(array[interval '-1 minute', interval '1 minute']) as late",
    )
    .execute(&admin.db.pool)
    .await
    .unwrap();
    let running = admin.run(&["jobs", "list", "--state", "running"]).await.out;
    assert_eq!(jobs(&running).len(), 2, "{running}");
    for args in [&["--stuck"][..], &["--state", "stuck"]] {
        let listed = admin.run(&[&["jobs", "list"], args].concat()).await.out;
        assert!(
            jobs(&listed).len() == 1 && listed.contains("  STUCK"),
            "{args:?}: {listed}"
        );
    }
    let (code, error) = admin.fails(&["jobs", "list", "--state", "lost"]).await;
    assert!(
        code == 2 && error.contains("expected one of ready sent running done dead canceled stuck"),
        "{error}"
    );
    // Running jobs cannot be canceled.
    let refused = admin.act(&["jobs", "cancel", "--state", "stuck", "--yes"]).await;
    assert_eq!(refused.code, 2, "{}", refused.err);
}

#[tokio::test]
async fn jobs_are_counted_before_anything_is_done_to_them() {
    let admin = Operator::new().await;
    admin.dead_jobs(12).await;
    let ready = "select count(*) from jobs where state = 'ready'";

    let errors = admin.ok(&["jobs", "errors"]).await;
    assert!(
        errors.trim_start().starts_with("12  email  email_notification"),
        "{errors}"
    );
    assert!(errors.ends_with("refused by server #"), "{errors}");
    let list = admin.run(&["jobs", "list", "--error", "server 12"]).await;
    assert!(
        jobs(&list.out).len() == 1 && list.out.contains("refused by server 12"),
        "{}",
        list.out
    );
    assert_eq!(admin.run(&["jobs", "list", "--older-than", "1h"]).await.out, "");

    let counted = admin.act(&["jobs", "retry", "--error", "server 1"]).await;
    assert_eq!((counted.code, counted.out.as_str()), (1, "4 dead jobs match\n"));
    assert!(
        counted
            .err
            .contains("nothing was done; --yes does it, and so does --count 4"),
        "{}",
        counted.err
    );
    let other = admin
        .act(&["jobs", "retry", "--error", "server 1", "--count", "5"])
        .await;
    assert!(
        other.code == 1 && other.err.contains("4 jobs match, not 5"),
        "{}",
        other.err
    );
    assert_eq!(admin.count(ready).await, 0);

    let done = admin
        .act(&["jobs", "retry", "--error", "server 1", "--count", "4"])
        .await;
    assert_eq!(
        (done.code, done.out.as_str()),
        (0, "4 dead jobs match\nretry: 4 jobs\n")
    );
    assert_eq!(admin.count(ready).await, 4);
    let all = admin.act(&["jobs", "discard", "--yes"]).await;
    assert_eq!(
        (all.code, all.out.as_str()),
        (0, "8 dead jobs match\ndiscard: 8 jobs\n")
    );
    let canceled = admin.act(&["jobs", "cancel", "--state", "ready", "--yes"]).await;
    assert_eq!(canceled.code, 0, "{}", canceled.err);
    assert_eq!(
        admin.count("select count(*) from jobs where state = 'canceled'").await,
        12
    );

    let trail = admin.run(&["audit"]).await.out;
    let actions: Vec<&str> = trail.lines().filter_map(|line| line.split("  ").nth(2)).collect();
    assert_eq!(actions, ["job.cancel", "job.discard", "job.retry"]);
    assert!(
        trail
            .lines()
            .all(|line| line.contains("cli:olena") && line.contains("the provider is back")),
        "{trail}"
    );
}

#[tokio::test]
async fn a_search_that_ends_early_fails() {
    let admin = Operator::new().await;
    // As many jobs as a count examines: 20 pages of 10,000.
    admin.dead_jobs(200_000).await;
    let run = admin.act(&["jobs", "retry", "--error", "never said", "--yes"]).await;
    assert_eq!((run.code, run.out.as_str()), (1, "0 or more dead jobs match\n"));
    assert!(
        run.err
            .contains("none of the first dead jobs matches, and there are more; narrow it with --older-than"),
        "{}",
        run.err
    );
    // With fewer jobs, it is certain that none matches.
    let few = ["jobs", "retry", "--error", "never said", "--older-than", "1h", "--yes"];
    let run = admin.act(&few).await;
    assert_eq!((run.code, run.out.as_str()), (0, "0 dead jobs match\nretry: 0 jobs\n"));
    // What it reaches is handled. What is beyond cannot be known, and is not passed over in silence.
    sqlx::raw_sql(
        "insert into jobs (id, queue, kind, payload, state, run_at, max_attempts, finished_at, created_at, last_error)
         select gen_random_uuid(), 'email', 'email_notification', '{}', 'dead', now(), 5, now() + interval '1 minute',
                now(), 'said three times'
         from generate_series(1, 3)",
    )
    .execute(&admin.db.pool)
    .await
    .unwrap();
    let run = admin
        .act(&["jobs", "retry", "--error", "said three times", "--yes"])
        .await;
    let out = "3 or more dead jobs match\nretry: 3 jobs\n";
    assert_eq!((run.code, run.out.as_str()), (1, out));
    let more = "3 done; more may match: narrow it with --older-than";
    assert!(run.err.contains(more), "{}", run.err);
}

#[tokio::test]
async fn a_single_job_is_counted_in_the_singular() {
    let admin = Operator::new().await;
    admin.dead_jobs(1).await;
    let run = admin.act(&["jobs", "retry", "--yes"]).await;
    assert_eq!((run.code, run.out.as_str()), (0, "1 dead job matches\nretry: 1 job\n"));
}

#[tokio::test]
async fn a_job_is_handled_by_its_id() {
    let admin = Operator::new().await;
    admin.dead_jobs(1).await;
    let listed = admin.run(&["jobs", "list"]).await.out;
    let id = jobs(&listed)[0].split_whitespace().next().unwrap();
    let refused = admin.act(&["jobs", "cancel", id]).await;
    assert!(refused.code == 1, "it is dead: {}", refused.out);
    let done = admin.act(&["jobs", "retry", id]).await;
    assert_eq!(done.out, format!("{id} is ready\n"), "{}", done.err);
    assert!(admin.ok(&["audit", "--subject", id]).await.contains("job.retry"));
    let unknown = admin
        .act(&["jobs", "retry", "job_01980c6a5f0e7d8c9b3a2f1e0d4c5b6a"])
        .await;
    assert_eq!(unknown.code, 1);
}

#[tokio::test]
async fn a_queue_is_paused_until_it_is_resumed() {
    let admin = Operator::new().await;
    let paused = "select count(*) from paused_queues where queue = 'email'";
    assert_eq!(admin.act(&["pause-queue", "email"]).await.code, 0);
    assert_eq!(admin.act(&["pause-queue", "email"]).await.code, 0, "again");
    assert_eq!(admin.count(paused).await, 1);
    let queues = admin.run(&["queues"]).await.out;
    let unpaused = queues.lines().skip(1).filter(|line| line.ends_with("  -")).count();
    assert_eq!(unpaused, app::jobs::queue::ALL.len() - 1, "{queues}");
    assert_eq!(admin.act(&["resume-queue", "email"]).await.code, 0);
    assert_eq!(admin.count(paused).await, 0);
    assert_eq!(admin.act(&["pause-queue", "atlantis"]).await.code, 2);
}

#[tokio::test]
async fn an_operator_gives_a_name_and_a_reason() {
    let admin = Operator::new().await;
    let (code, error) = admin.fails(&["pause-queue", "email"]).await;
    assert!(code == 2 && error.contains("--reason"), "{error}");
    let (code, error) = admin.fails(&["pause-queue", "email", "--reason", "x"]).await;
    assert!(code == 2 && error.contains("--by"), "{error}");
    let (code, error) = admin
        .fails(&["pause-queue", "email", "--reason", " ", "--by", "olena"])
        .await;
    assert!(code == 2 && error.contains("reason: must not be blank"), "{error}");
    let run = admin
        .run_with(&["pause-queue", "email", "--reason", "x"], &[("USER", "taras")], "")
        .await;
    assert_eq!(run.code, 0, "{}", run.err);
    let by_taras = "select count(*) from audit_entries where actor = 'cli:taras'";
    assert_eq!(admin.count(by_taras).await, 1);
    let changed = sqlx::query("update audit_entries set reason = 'another'");
    let error = changed.execute(&admin.db.pool).await.unwrap_err().to_string();
    assert!(error.contains("never changed"), "{error}");
}
