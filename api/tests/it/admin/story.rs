//! Invariants and stories on the command line.

use chrono::{DateTime, Utc};
use domain::invariant::Rule;
use testing::world::{Sale, World};

use crate::harness::operator::Operator;

const ID: &str = "0190a1b2c3d4e5f60718293a4b5c6d7e";

fn now() -> DateTime<Utc> {
    "2026-11-14T12:15:00Z".parse().unwrap()
}

#[tokio::test]
async fn what_is_broken_is_named_and_fails() {
    let admin = Operator::new().await;
    let run = admin.run(&["check"]).await;
    assert_eq!((run.code, run.err.as_str()), (0, ""));
    assert!(
        run.out
            .contains("report_without_file                  0  (never checked"),
        "{}",
        run.out
    );

    let secret = "0f".repeat(32);
    let store = [
        ("STORAGE_URL", "file:///srv/prexsell"),
        ("LINK_SECRET", secret.as_str()),
    ];
    let run = admin.run_with(&["check"], &store, "").await;
    assert_eq!((run.code, run.err.as_str()), (0, ""));
    let checked = |rule: &str| run.out.lines().any(|line| line == format!("{rule:<28}{:>10}", 0));
    assert!(
        checked("report_without_file") && checked("upload_without_file"),
        "{}",
        run.out
    );

    let mut conn = admin.db.pool.acquire().await.unwrap();
    let ticket = World::new(&mut conn, now()).await.sell(&Sale::default()).await;
    drop(conn);
    let run = admin.run(&["check"]).await;
    assert_eq!(
        (run.code, run.err.as_str()),
        (1, "admin: 1 rule is broken\n"),
        "{}",
        run.out
    );
    let line = format!("ticket_without_history               1  {}", ticket.id);
    assert!(run.out.lines().any(|found| found == line), "{}", run.out);
    assert!(
        run.out
            .ends_with("ticket_without_history: The first line of a ticket's history is missing.\n"),
        "{}",
        run.out
    );
}

#[tokio::test]
async fn files_that_cannot_be_looked_for_hide_nothing() {
    let admin = Operator::new().await;
    let mut conn = admin.db.pool.acquire().await.unwrap();
    World::new(&mut conn, now()).await.company("karpaty").await;
    // It has a file, without the file's size and checksum.
    sqlx::raw_sql(
        "insert into reports (id, company_id, date_from, date_to, date_field, status, attempt, object_key, created_at,
             ended_at)
         select gen_random_uuid(), id, '2026-11-01', '2026-11-30', 'createdAt', 'Completed', 1, 'reports/x.csv', now(),
             now()
         from companies",
    )
    .execute(&mut *conn)
    .await
    .unwrap();
    drop(conn);
    // Where the folder of the store was, there is a file.
    let file = tempfile::NamedTempFile::new().unwrap();
    let folder = format!("file://{}/store", file.path().display());
    let secret = "0f".repeat(32);
    for (url, why) in [
        (folder.as_str(), "The file store "),
        ("s3://reports", "STORAGE_ACCESS_KEY must be set for an S3 bucket\n"),
    ] {
        let store = [("STORAGE_URL", url), ("LINK_SECRET", secret.as_str())];
        let run = admin.run_with(&["check"], &store, "").await;
        let expected = format!("admin: 1 rule is broken; the files could not be checked: {why}");
        assert!(run.code == 1 && run.err.starts_with(&expected), "{}", run.err);
        let told = |line: &str| run.out.lines().any(|found| found.starts_with(line));
        assert!(
            told("report_state_impossible              1  rpt_") && told("seat_sold_twice                      0"),
            "{}",
            run.out
        );
    }
}

#[tokio::test]
async fn what_was_found_last_is_printed_as_it_was_found() {
    let admin = Operator::new().await;
    let run = admin.run(&["check", "--latest"]).await;
    assert_eq!((run.code, run.err.as_str()), (0, ""));
    let never = |by: &str| run.out.matches(&format!("  0  (never checked: {by} ")).count();
    assert_eq!(
        (never("a scheduler"), never("the worker of the queue report")),
        (Rule::ALL.len() - 2, 2),
        "{}",
        run.out
    );

    let mut conn = admin.db.pool.acquire().await.unwrap();
    let ticket = World::new(&mut conn, now()).await.sell(&Sale::default()).await;
    let unseen = admin.run(&["check", "--latest"]).await;
    assert_eq!(unseen.out, run.out, "nobody has looked since the sale");

    let mut tx = admin.db.pool.begin().await.unwrap();
    app::invariant::run(&mut tx, now()).await.unwrap();
    tx.commit().await.unwrap();
    sqlx::raw_sql("delete from tickets").execute(&mut *conn).await.unwrap();
    let found = admin.run(&["check", "--latest"]).await;
    assert_eq!(
        (found.code, found.err.as_str()),
        (1, "admin: 1 rule is broken\n"),
        "{}",
        found.out
    );
    for line in [
        format!(
            "ticket_without_history               1  {} (at 2026-11-14T12:15:00Z)",
            ticket.id
        ),
        "seat_sold_twice                      0  (at 2026-11-14T12:15:00Z)".to_owned(),
    ] {
        assert!(found.out.lines().any(|told| told == line), "{line}: {}", found.out);
    }
}

#[tokio::test]
async fn a_story_says_what_is_known() {
    let admin = Operator::new().await;
    let (code, error) = admin.fails(&["story", "ord_17"]).await;
    assert!(
        code == 2 && error.contains("ord_ must be followed by 32 hexadecimal digits"),
        "{error}"
    );
    assert_eq!(admin.fails(&["story", "a b"]).await.0, 2);
    for (id, why) in [
        (format!("ord_{ID}"), ""),
        (format!("job_{ID}"), ""),
        (
            "nobody".to_owned(),
            ": the request changed nothing; search the log for it",
        ),
    ] {
        assert_eq!(
            admin.fails(&["story", &id]).await,
            (1, format!("admin: nothing is known of {id}{why}"))
        );
    }
    let mut conn = admin.db.pool.acquire().await.unwrap();
    let sale = Sale {
        email: None,
        ..Sale::default()
    };
    let mut world = World::new(&mut conn, now()).await;
    let ticket = world.sell(&sale).await;
    world.history(ticket.id, domain::ticket::Event::Created).await;
    drop(conn);
    let run = admin.run(&["story", &ticket.booking_id.to_string()]).await;
    assert_eq!(run.code, 0, "{}", run.err);
    let line = format!(
        "2026-11-14T12:15:00.000Z  no message  {}  no mail: the passenger has no e-mail address",
        ticket.id
    );
    assert!(run.out.lines().any(|found| found == line), "{}", run.out);
}

#[tokio::test]
async fn the_command_that_a_story_gives_for_a_dead_job_works_as_printed() {
    let admin = Operator::new().await;
    sqlx::raw_sql(
        "insert into jobs (id, queue, kind, payload, state, run_at, max_attempts, attempt, finished_at, created_at,
                           last_error)
         values (gen_random_uuid(), 'email', 'email_notification', '{}', 'dead', now(), 5, 5, now(), now(), '451 later')",
    )
    .execute(&admin.db.pool)
    .await
    .unwrap();
    let listed = admin.run(&["jobs", "list"]).await.out;
    let id = listed.split_whitespace().find(|word| word.starts_with("job_")).unwrap();
    let story = admin.run(&["story", id]).await.out;
    let printed = story.split('`').nth(1).unwrap_or_else(|| panic!("a command: {story}"));
    let words: Vec<&str> = printed.split(' ').collect();
    assert_eq!(words[..3], ["admin", "jobs", "retry"], "{story}");
    let run = admin.run_with(&words[1..], &[("USER", "olena")], "").await;
    assert_eq!(run.code, 0, "{printed}: {}", run.err);
    let ready = "select count(*) from jobs where state = 'ready' and attempt = 0";
    assert_eq!(admin.count(ready).await, 1);
}
