//! A scheduled report from the time that it is due to the mails about it.

use app::jobs::report_delivery::ReportDelivery;
use app::jobs::report_mail::ReportMail;
use app::jobs::report_start::ReportStart;
use app::notification::{SendError, Sent};
use app::people::{self, Admin};
use app::report::schedule::WantedReport;
use app::report::{self, schedule};
use chrono::TimeDelta;
use domain::access::Workplace;
use domain::role::Role;
use ledger::Job;

use crate::report::desk::Desk;

#[tokio::test]
async fn a_report_that_is_due_is_made_and_mailed_once_as_a_link_that_works_for_a_week() {
    let desk = Desk::new().await;
    let plan = desk
        .plan(&["olena@example.com", "Taras@Example.com", "olena@example.com"])
        .await;
    let run_id = desk.due(&plan).await;
    desk.start(run_id).await;
    desk.start(run_id).await;
    let report = desk.stage.report(desk.report_id(run_id).await).await;
    assert_eq!(desk.jobs("report_generate").await.len(), 1);
    assert_eq!(
        (report.date_from.to_string(), report.date_to.to_string()),
        ("2027-02-01".to_owned(), "2027-02-07".to_owned())
    );
    assert_eq!(desk.passed_on().await, [], "it is not made yet");

    report::generate(&desk.stage.generator(), report.id).await.unwrap();
    assert_eq!(desk.passed_on().await, [run_id]);
    assert_eq!(desk.passed_on().await, []);
    assert_eq!((desk.deliver(run_id).await, desk.deliver(run_id).await), (2, 0));
    let mails = desk.mails().await;
    assert_eq!(mails.len(), 2);
    for id in &mails {
        assert_eq!(desk.send(*id).await.unwrap(), Sent::Now);
        assert_eq!(desk.send(*id).await.unwrap(), Sent::Before);
    }
    let sent = desk.sent();
    let mut to: Vec<_> = sent.iter().map(|mail| mail.to_address.as_str()).collect();
    to.sort_unstable();
    assert_eq!(to, ["Taras@example.com", "olena@example.com"]);
    let link = sent[0].plain.lines().find(|line| line.contains("/files/")).unwrap();
    assert!(
        sent[0].html.contains("orders-2027-02-01_2027-02-07.csv"),
        "{}",
        sent[0].html
    );
    assert!(
        sent[0].plain.contains("until 07:00 (EET, UTC+2) on 15 February 2027"),
        "{}",
        sent[0].plain
    );
    assert!(sent[0].plain.contains("Number of orders: 1"), "{}", sent[0].plain);

    let (path, query) = link.split_once("/files/").unwrap().1.split_once('?').unwrap();
    let parameters: Vec<&str> = query.split(['=', '&']).collect();
    let (expires, signature) = (parameters[1].parse().unwrap(), parameters[3]);
    let (storage, now) = (desk.stage.storage(), desk.stage.clock.now());
    let good_at = |after: TimeDelta| storage.verify(path, expires, signature, now + after).is_ok();
    assert!(good_at(TimeDelta::days(7) - TimeDelta::seconds(1)) && !good_at(TimeDelta::days(7)));
    assert!(storage.open(path).await.unwrap().is_some());
    let kept: i64 = sqlx::query_scalar("select count(*) from report_mails where link is not null")
        .fetch_one(desk.stage.pool())
        .await
        .unwrap();
    assert_eq!(kept, 0, "what a mail has brought away is not kept");
}

#[tokio::test]
async fn a_report_that_failed_for_good_is_mailed_without_a_link() {
    let desk = Desk::new().await;
    let plan = desk.plan(&["olena@example.com"]).await;
    let run_id = desk.due(&plan).await;
    desk.start(run_id).await;
    sqlx::raw_sql("update reports set status = 'Failed', ended_at = now()")
        .execute(desk.stage.pool())
        .await
        .unwrap();
    assert_eq!(desk.passed_on().await, [run_id]);
    assert_eq!(desk.deliver(run_id).await, 1);
    desk.send(desk.mails().await[0]).await.unwrap();
    let [mail] = &desk.sent()[..] else { panic!("one mail") };
    assert!(
        mail.subject.contains("was not made") && !mail.plain.contains("http"),
        "{}",
        mail.plain
    );
}

#[tokio::test]
async fn a_link_ends_with_its_file() {
    let mut desk = Desk::new().await;
    desk.retention_days = 2;
    let plan = desk.plan(&["olena@example.com"]).await;
    desk.made(&plan).await;
    let [id] = desk.mails().await[..] else {
        panic!("one mail")
    };
    desk.stage.clock.advance(TimeDelta::days(2));
    assert!(matches!(desk.send(id).await, Err(SendError::Permanent { .. })));
    assert_eq!(desk.sent(), []);
}

#[tokio::test]
async fn the_same_report_that_a_user_waits_for_is_made_once_and_mailed() {
    let desk = Desk::new().await;
    let plans = [
        desk.plan(&["olena@example.com"]).await,
        desk.plan(&["taras@example.com"]).await,
    ];
    let runs = [desk.due(&plans[0]).await, desk.due(&plans[1]).await];
    for run_id in runs {
        desk.start(run_id).await;
    }
    assert_eq!(desk.report_id(runs[0]).await, desk.report_id(runs[1]).await);
    assert_eq!(desk.jobs("report_generate").await.len(), 1);
    report::generate(&desk.stage.generator(), desk.report_id(runs[0]).await)
        .await
        .unwrap();
    let mut passed_on = desk.passed_on().await;
    passed_on.sort();
    assert_eq!(passed_on, runs);
}

#[tokio::test]
async fn the_reply_to_a_mail_is_that_of_the_sending_whose_time_is_kept() {
    let desk = Desk::new().await;
    let plan = desk.plan(&["olena@example.com"]).await;
    desk.made(&plan).await;
    let (id, now) = (desk.mails().await[0], desk.stage.clock.now());
    let mut conn = desk.stage.pool().acquire().await.unwrap();
    for (at, reply) in [(now, ""), (now + TimeDelta::minutes(1), "250 2.0.0 queued as 18")] {
        db::report::mail::mark_sent(&mut conn, id, at, reply).await.unwrap();
    }
    let kept: (chrono::DateTime<chrono::Utc>, Option<String>) =
        sqlx::query_as("select sent_at, reply from report_mails")
            .fetch_one(&mut *conn)
            .await
            .unwrap();
    assert_eq!(kept, (now, None));
}

#[tokio::test]
async fn a_schedule_that_is_deleted_meanwhile_sends_nothing_more() {
    let desk = Desk::new().await;
    let plan = desk.plan(&["olena@example.com"]).await;
    let run_id = desk.made(&plan).await;
    schedule::delete(desk.stage.pool(), &desk.planner(), plan.id, desk.stage.clock.now())
        .await
        .unwrap();
    assert_eq!(desk.send(desk.mails().await[0]).await.unwrap(), Sent::Before);
    assert_eq!(desk.deliver(run_id).await, 0);
    desk.start(run_id).await;
    assert_eq!(desk.sent(), []);
}

#[tokio::test]
async fn a_user_who_leaves_gets_no_more_reports_and_one_who_is_barred_none_either() {
    let desk = Desk::new().await;
    let plan = desk.plan(&["Olena@example.com", "accounts@example.org"]).await;
    desk.made(&plan).await;
    let admin = Admin {
        user_id: desk.stage.user,
        workplace: Workplace::Company(desk.stage.company()),
        request_id: None,
    };
    let now = desk.stage.clock.now();
    let pool = desk.stage.pool();
    people::set_role(pool, &admin, desk.stage.user, Role::Accountant, now)
        .await
        .unwrap();
    let recipients = async || {
        let (schedules, ..) = schedule::list(pool, desk.stage.company(), 10, 0).await.unwrap();
        (schedules[0].wanted.recipients.clone(), schedules[0].next_at.is_some())
    };
    assert_eq!(recipients().await.0.len(), 2, "accountants have the right to reports");
    people::withdraw(pool, &admin, desk.stage.user, now).await.unwrap();
    assert_eq!(recipients().await, (vec!["accounts@example.org".to_owned()], true));
    for id in desk.mails().await {
        desk.send(id).await.unwrap();
    }
    let sent = desk.sent();
    let to: Vec<_> = sent.iter().map(|mail| mail.to_address.as_str()).collect();
    assert_eq!(to, ["accounts@example.org"], "a mail that has not left is dropped");

    sqlx::raw_sql(
        "insert into users (id, email, first_name, last_name, created_at, disabled_at)
         values (gen_random_uuid(), 'accounts@example.org', 'A', 'B', now(), now())",
    )
    .execute(pool)
    .await
    .unwrap();
    let again = desk.plan(&["accounts@example.org", "boss@example.org"]).await;
    desk.made(&again).await;
    assert_eq!(desk.mails().await.len(), 3, "two of the first report, one of this one");
}

#[tokio::test]
async fn a_mail_that_has_not_left_goes_only_to_who_is_still_to_have_it() {
    let desk = Desk::new().await;
    let plan = desk
        .plan(&["olena@example.com", "mistyped@example.org", "barred@example.org"])
        .await;
    desk.made(&plan).await;
    let pool = desk.stage.pool();
    let wanted = WantedReport {
        recipients: vec!["olena@example.com".to_owned(), "barred@example.org".to_owned()],
        ..plan.wanted
    };
    schedule::replace(pool, &desk.planner(), plan.id, wanted, desk.stage.clock.now())
        .await
        .unwrap();
    sqlx::raw_sql(
        "insert into users (id, email, first_name, last_name, created_at, disabled_at)
         values (gen_random_uuid(), 'barred@example.org', 'A', 'B', now(), now())",
    )
    .execute(pool)
    .await
    .unwrap();
    for id in desk.mails().await {
        desk.send(id).await.unwrap();
    }
    let sent = desk.sent();
    let to: Vec<_> = sent.iter().map(|mail| mail.to_address.as_str()).collect();
    assert_eq!(to, ["olena@example.com"]);
}

#[test]
fn names_that_are_written_down_never_change() {
    assert_eq!(
        [ReportStart::KIND, ReportDelivery::KIND, ReportMail::KIND],
        ["report_start", "report_delivery", "report_mail"]
    );
}
