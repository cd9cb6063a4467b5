//! A company that schedules reports, and what the scheduler and the workers do about them, step by step.

use std::sync::{Arc, Mutex};

use app::jobs::report_mail::ReportMail;
use app::notification::{Mails, SendError, Sent};
use app::report::run::{self, ReportCourier};
use app::report::schedule::{self, Planner, ReportSchedule, WantedReport};
use app::report::{self, mail};
use app::work::Work;
use async_trait::async_trait;
use chrono::{DateTime, NaiveTime, TimeDelta, Utc};
use clients::DeliveryError;
use clients::mailer::{Mail, Mailer};
use domain::id::{ReportId, ReportMailId, ReportRunId};
use domain::language::Language;
use domain::report::DateField;
use domain::report::dialect::{DecimalMark, Delimiter, Dialect};
use domain::report::schedule::{Days, Period, Timing, Weekday, Weekdays};
use ledger::{Cause, Job};
use serde_json::Value;

use crate::report::support::{Stage, cause};

/// The Monday after `NOON`, 07:00 in Kyiv.
const MONDAY: &str = "2027-02-08T05:00:00Z";

/// Keeps what is sent.
#[derive(Debug, Default)]
struct Outbox(Mutex<Vec<Mail>>);

#[async_trait]
impl Mailer for Outbox {
    async fn send(&self, mail: Mail) -> Result<String, DeliveryError> {
        self.0.lock().unwrap().push(mail);
        Ok("250 2.0.0 queued as 17".to_owned())
    }
}

pub struct Desk {
    pub stage: Stage,
    outbox: Arc<Outbox>,
    pub retention_days: u32,
}

impl Desk {
    pub async fn new() -> Self {
        Self {
            stage: Stage::new().await,
            outbox: Arc::default(),
            retention_days: 30,
        }
    }

    pub fn planner(&self) -> Planner {
        Planner {
            company_id: self.stage.company(),
            user_id: self.stage.user,
            request_id: None,
        }
    }

    pub async fn plan(&self, recipients: &[&str]) -> ReportSchedule {
        let wanted = WantedReport {
            period: Period::LastWeek,
            date_field: DateField::CreatedAt,
            dialect: Dialect {
                delimiter: Delimiter::Semicolon,
                decimal: DecimalMark::Comma,
            },
            timing: Timing {
                days: Days::OfWeek(Weekdays::of(&[Weekday::Monday]).unwrap()),
                time: NaiveTime::from_hms_opt(7, 0, 0).unwrap(),
            },
            language: Language::En,
            recipients: recipients.iter().map(ToString::to_string).collect(),
            enabled: true,
        };
        let work = Work::Own(self.stage.pool().clone());
        schedule::create(&work, &self.planner(), wanted, self.stage.clock.now())
            .await
            .unwrap()
    }

    /// It is due now: what the scheduler does about it.
    pub async fn due(&self, plan: &ReportSchedule) -> ReportRunId {
        let due_at: DateTime<Utc> = MONDAY.parse().unwrap();
        self.stage.clock.advance(due_at - self.stage.clock.now());
        let fired = db::report::run::Fired {
            id: plan.id,
            due_at: Some(due_at),
            next_at: due_at + TimeDelta::days(7),
        };
        let mut conn = self.stage.pool().acquire().await.unwrap();
        let runs = db::report::run::fire(&mut conn, &[fired], due_at - TimeDelta::days(60), due_at).await;
        runs.unwrap()[0]
    }

    pub async fn start(&self, run_id: ReportRunId) {
        run::start(&self.stage.generator(), run_id, &Cause::default())
            .await
            .unwrap();
    }

    pub async fn passed_on(&self) -> Vec<ReportRunId> {
        let mut conn = self.stage.pool().acquire().await.unwrap();
        db::report::run::pass_on(&mut conn, self.stage.clock.now(), 10)
            .await
            .unwrap()
    }

    pub async fn deliver(&self, run_id: ReportRunId) -> usize {
        let courier = ReportCourier {
            pool: self.stage.pool().clone(),
            storage: Arc::new(self.stage.storage()),
            clock: self.stage.clock.clone(),
            retention_days: self.retention_days,
        };
        run::deliver(&courier, run_id, &cause("ended")).await.unwrap()
    }

    /// The payloads of the jobs of a kind.
    pub async fn jobs(&self, kind: &str) -> Vec<Value> {
        let sql = "select payload from jobs where kind = $1 order by id";
        sqlx::query_scalar(sql)
            .bind(kind)
            .fetch_all(self.stage.pool())
            .await
            .unwrap()
    }

    pub async fn mails(&self) -> Vec<ReportMailId> {
        let jobs = self.jobs(ReportMail::KIND).await;
        let jobs = jobs
            .into_iter()
            .map(|job| serde_json::from_value::<ReportMail>(job).unwrap());
        jobs.map(|job| job.mail_id).collect()
    }

    pub async fn send(&self, id: ReportMailId) -> Result<Sent, SendError> {
        let mails = Mails {
            pool: self.stage.pool().clone(),
            clock: self.stage.clock.clone(),
            mailer: self.outbox.clone(),
            draw_pdf: documents::draw,
        };
        mail::send(&mails, id).await
    }

    pub fn sent(&self) -> Vec<Mail> {
        self.outbox.0.lock().unwrap().clone()
    }

    /// The scheduled report is made, and its mails are written.
    pub async fn made(&self, plan: &ReportSchedule) -> ReportRunId {
        let run_id = self.due(plan).await;
        self.start(run_id).await;
        let id = self.report_id(run_id).await;
        report::generate(&self.stage.generator(), id).await.unwrap();
        assert_eq!(self.passed_on().await, [run_id]);
        self.deliver(run_id).await;
        run_id
    }

    pub async fn report_id(&self, run_id: ReportRunId) -> ReportId {
        let sql = "select report_id from report_runs where id = $1";
        let id = sqlx::query_scalar(sql)
            .bind(run_id.0)
            .fetch_one(self.stage.pool())
            .await;
        ReportId(id.unwrap())
    }
}
