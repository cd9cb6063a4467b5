//! A flood of reports of one company, and how long other companies wait meanwhile.

use app::jobs::email_notification::EmailNotification;
use domain::id::{CompanyId, NotificationId};
use kernel::clock::Clock;
use ledger::{Cause, NewJob, Priority};
use testing::eventually::eventually;

use crate::report::support::{SOON, Stage};

/// How many reports of the company wait when the other company asks.
const FLOOD: i32 = 10_000;

/// How many mails of the company there are, all urgent and committed before the other company's mail: more than a list
/// holds.
const MAILS: i64 = 5_000;

/// How many jobs of the flood may run before the other company's: the one that has begun, and the one that is admitted
/// when it ends.
const AHEAD: i64 = 2;

#[tokio::test]
async fn ten_thousand_reports_of_one_company_delay_neither_another_ones_report_nor_a_ticket_mail() {
    let stage = Stage::new(1).await;
    let other = stage.another_company().await;
    stage.wait_for_reports(FLOOD).await;
    let _scheduler = stage.scheduler().await;
    let first = stage.ask("2027-02-01").await;
    assert_eq!(stage.report(first).await.status.word(), "Pending");
    let jobs = async |sql: &'static str| -> i64 { sqlx::query_scalar(sql).fetch_one(&stage.db.pool).await.unwrap() };
    assert_eq!(
        jobs("select count(*) from all_jobs where queue = 'report'").await,
        1,
        "the others of the flood are rows, and no jobs"
    );
    let asked = stage.ask_of(other, "2027-02-01").await;
    let now = Clock::system().now();
    let mail = || {
        NewJob::new(
            &EmailNotification {
                notification_id: NotificationId::new(),
            },
            now,
        )
        .unwrap()
    };
    let urgent = |tenant: CompanyId| mail().with_priority(Priority::Urgent).with_tenant(tenant.0);
    let mut mails: Vec<NewJob> = (0..MAILS).map(|_| urgent(stage.company())).collect();
    mails.push(urgent(other));
    let mut conn = stage.db.pool.acquire().await.unwrap();
    ledger::enqueue(&mut conn, now, &Cause::default(), &mails)
        .await
        .unwrap();
    drop(conn);
    let _worker = stage.worker();
    stage.until_done(other, asked).await;
    let before = "select count(*) from reports flood join reports other on flood.started_at < other.started_at
                  where flood.company_id <> other.company_id and other.id = $1";
    let before: i64 = sqlx::query_scalar(before)
        .bind(asked.0)
        .fetch_one(&stage.db.pool)
        .await
        .unwrap();
    assert!(
        before <= AHEAD,
        "{before} reports of the flood were begun before the other one"
    );
    // No worker takes mails here. If tenants did not take turns, the mails of the flood would fill the list.
    eventually("the other one's mail is sent to its list", SOON, async || {
        let sent = "select count(*) from jobs where queue = 'email' and state = 'sent' and tenant = $1";
        let sent = sqlx::query_scalar::<_, i64>(sent).bind(other.0);
        (sent.fetch_one(&stage.db.pool).await.unwrap() == 1).then_some(())
    })
    .await;
    let waiting = jobs("select count(*) from jobs where queue = 'email' and state = 'ready'").await;
    assert!(waiting > 0, "the list took the whole flood, so this proves nothing");
}
