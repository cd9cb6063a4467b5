//! A scheduled report, with two schedulers in this process and real workers.

use app::report::schedule::{self, Planner, WantedReport};
use app::work::Work;
use chrono::NaiveTime;
use domain::language::Language;
use domain::report::DateField;
use domain::report::dialect::Dialect;
use domain::report::schedule::{Days, Period, Timing, Weekday, Weekdays};
use domain::zone::Zone;
use kernel::clock::Clock;
use simulators::smtp::MailSimulator;
use tempfile::TempDir;
use testing::eventually::eventually;

use crate::report::support::{SOON, Stage};

#[tokio::test]
async fn a_report_that_is_due_is_mailed_once_though_two_schedulers_run_and_its_worker_is_killed() {
    let stage = Stage::new(30_000).await;
    let folder = TempDir::new().unwrap();
    let server = MailSimulator::start(([127, 0, 0, 1], 0).into(), folder.path())
        .await
        .unwrap();
    let planner = Planner {
        company_id: stage.company(),
        user_id: stage.user(),
        request_id: None,
    };
    let timing = Timing {
        days: Days::OfWeek(Weekdays::of(Weekday::ALL).unwrap()),
        time: NaiveTime::from_hms_opt(7, 0, 0).unwrap(),
    };
    let wanted = WantedReport {
        period: Period::LastMonth,
        date_field: DateField::CreatedAt,
        dialect: Dialect::STANDARD,
        timing,
        language: Language::Uk,
        recipients: vec!["olena@example.com".to_owned(), "taras@example.com".to_owned()],
        enabled: true,
    };
    let work = Work::Own(stage.db.pool.clone());
    schedule::create(&work, &planner, wanted, Clock::system().now())
        .await
        .unwrap();
    // All orders are of the month before the one in which the report is due.
    let kyiv = Zone::named("Europe/Kyiv").unwrap();
    let due_at = timing.latest(&kyiv, Clock::system().now()).unwrap();
    let days = Period::LastMonth.range(kyiv.day(due_at)).unwrap();
    sqlx::query("update tickets set created_at = $1::date + interval '12 hours'")
        .bind(days.from())
        .execute(&stage.db.pool)
        .await
        .unwrap();
    sqlx::raw_sql("update report_schedules set next_at = now() - interval '1 day'")
        .execute(&stage.db.pool)
        .await
        .unwrap();
    let (_scheduler, _another) = (stage.scheduler().await, stage.scheduler().await);
    let worker = stage.worker();
    eventually("half a file", SOON, async || (!stage.files().is_empty()).then_some(())).await;
    worker.kill().await;
    stage.age_heartbeats().await;
    let _worker = stage.worker();
    let _mails = stage.mail_worker(&server);
    eventually("two mails", SOON, async || {
        let sql = "select count(*) from report_mails where sent_at is not null";
        let sent: i64 = sqlx::query_scalar(sql).fetch_one(&stage.db.pool).await.unwrap();
        (sent == 2).then_some(())
    })
    .await;
    assert_eq!(server.received(), 2);
    let reports: Vec<(String, Option<i64>)> = sqlx::query_as("select status, row_count from reports")
        .fetch_all(&stage.db.pool)
        .await
        .unwrap();
    assert_eq!(reports, [("Completed".to_owned(), Some(30_000))]);
    let runs: i64 = sqlx::query_scalar("select count(*) from report_runs")
        .fetch_one(&stage.db.pool)
        .await
        .unwrap();
    assert_eq!(runs, 1);
}
