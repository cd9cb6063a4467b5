//! Why did the accountant get no report? The story of a scheduled report contains its schedule and its mails.

use app::story::{Kind, Story, tell};
use domain::id::ReportRunId;
use uuid::Uuid;

use super::find;
use crate::report::desk::Desk;

async fn story(desk: &Desk, id: &str) -> Story {
    tell(desk.stage.pool(), desk.stage.clock.now(), &id.parse().unwrap())
        .await
        .unwrap()
}

async fn execute(desk: &Desk, sql: &'static str) {
    sqlx::raw_sql(sql).execute(desk.stage.pool()).await.unwrap();
}

/// A job that the scheduler writes about a run, and that was done.
async fn done(desk: &Desk, kind: &str, run_id: ReportRunId) {
    let sql =
        "insert into jobs (id, queue, kind, payload, state, run_at, max_attempts, attempt, finished_at, created_at,
                                 dedupe_key)
               values (gen_random_uuid(), 'report', $1, '{}', 'done', now(), 12, 1, now(), now(), $2)";
    sqlx::query(sql)
        .bind(kind)
        .bind(format!("{kind}:{run_id}"))
        .execute(desk.stage.pool())
        .await
        .unwrap();
}

/// The ids of the jobs of a kind, as a story takes them.
async fn jobs(desk: &Desk, kind: &str) -> Vec<String> {
    let ids: Vec<Uuid> = sqlx::query_scalar("select id from jobs where kind = $1")
        .bind(kind)
        .fetch_all(desk.stage.pool())
        .await
        .unwrap();
    ids.iter().map(|id| format!("job_{}", id.simple())).collect()
}

#[tokio::test]
async fn a_scheduled_report_tells_of_its_schedule_and_its_mails() {
    let desk = Desk::new().await;
    let plan = desk.plan(&["olena@example.com"]).await;
    let run_id = desk.made(&plan).await;
    done(&desk, "report_start", run_id).await;
    done(&desk, "report_delivery", run_id).await;
    let id = desk.report_id(run_id).await.to_string();

    let waiting = story(&desk, &id).await;
    find(&waiting, Kind::Report, &format!("the schedule {} was due", plan.id));
    find(&waiting, Kind::Job, "report_start was written for the queue report");
    find(&waiting, Kind::Job, "report_delivery was written for the queue report");
    find(
        &waiting,
        Kind::Message,
        "a mail about the report to o***@example.com was recorded",
    );
    assert_eq!(
        find(&waiting, Kind::Now, "the mail"),
        "the mail to o***@example.com was not sent: it waits for a worker of the queue email, and none is running"
    );
    assert!(!format!("{waiting:?}").contains("olena@"), "addresses are masked");
    for kind in ["report_start", "report_delivery", "report_mail"] {
        let of_kind = jobs(&desk, kind).await;
        assert_eq!(of_kind.len(), 1, "{kind}");
        assert_eq!(story(&desk, &of_kind[0]).await.entries, waiting.entries, "{kind}");
    }

    execute(
        &desk,
        "update jobs set state = 'dead', attempt = 1, finished_at = now(), last_error = 'refused: SMTP 550'
         where kind = 'report_mail'",
    )
    .await;
    let dead = story(&desk, &id).await;
    let refused =
        "the mail to o***@example.com was not sent: it was refused permanently: refused: SMTP 550; `admin jobs retry";
    assert!(find(&dead, Kind::Now, "the mail").starts_with(refused), "{dead:#?}");

    desk.send(desk.mails().await[0]).await.unwrap();
    let sent = story(&desk, &id).await;
    assert_eq!(
        find(&sent, Kind::Message, "accepted"),
        "the mail to o***@example.com was accepted by the provider: 250 2.0.0 queued as 17"
    );
}

#[tokio::test]
async fn a_scheduled_report_says_whether_its_schedule_or_a_user_requested_it() {
    let desk = Desk::new().await;
    let plan = desk.plan(&["olena@example.com"]).await;
    let run_id = desk.made(&plan).await;
    let id = desk.report_id(run_id).await.to_string();
    let by_schedule = format!("the report was requested by the schedule of {}", desk.stage.user);
    let scheduled = story(&desk, &id).await;
    find(&scheduled, Kind::Report, &by_schedule);
    assert!(find(&scheduled, Kind::Report, "the schedule rps_").ends_with("was due"));

    execute(&desk, "update reports set request_id = 'asked'").await;
    let both = story(&desk, &id).await;
    let by_user = format!("the report was requested by {}", desk.stage.user);
    find(&both, Kind::Report, &by_user);
    let due = find(&both, Kind::Report, "was due");
    assert!(due.ends_with("; the report that a user had requested is used"), "{due}");

    execute(
        &desk,
        "update reports set request_id = null; delete from report_schedules",
    )
    .await;
    let perhaps = format!("{by_user}, perhaps by a schedule");
    find(&story(&desk, &id).await, Kind::Report, &perhaps);
}

#[tokio::test]
async fn a_mail_without_a_recipient_says_why() {
    let desk = Desk::new().await;
    let plan = desk.plan(&["olena@example.org", "barred@example.org"]).await;
    let run_id = desk.made(&plan).await;
    let id = desk.report_id(run_id).await.to_string();
    execute(
        &desk,
        "update jobs set state = 'done', attempt = 1, finished_at = now() where kind = 'report_mail'",
    )
    .await;
    find(
        &story(&desk, &id).await,
        Kind::Now,
        "the mail to b***@example.org was not sent: its recipient was removed from the schedule, or is a user",
    );
    done(&desk, "report_delivery", run_id).await;
    execute(&desk, "delete from report_mails").await;
    find(
        &story(&desk, &id).await,
        Kind::NoMessage,
        "no mail: the schedule had no recipients",
    );
}
