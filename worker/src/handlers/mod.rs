//! One file a job: call its verb, turn the answer into an outcome. No rules, no SQL.

use std::sync::Arc;

use chrono::TimeDelta;
use common::app::geolocation::Fleet;
use common::app::housekeeping::Cleared;
use common::app::notification::{SendError, Sent};
use common::app::report::ReportGenerator;
use common::clients::breaker::TurnedAway;
use common::clients::fms;
use common::clients::mailer::{Mailer, SmtpMailer};
use common::clients::storage::Storage;
use common::clients::viber::{HttpViber, Viber};
use common::clients::{SettingError, Timeouts};
use common::clock::Clock;
use common::config::Needs;
use common::domain::vault::Vault;
use common::error::{AppResult, chain};
use common::jobs::{Cause, Job, Outcome};
use common::process::{Process, ProcessError};
use sqlx::PgPool;

use crate::run::Dispatch;

mod email_notification;
mod geolocation_poll;
mod geolocation_sync;
mod idempotency_cleanup;
mod job_cleanup;
mod order_sweep;
mod position_cleanup;
mod report_cleanup;
mod report_generate;
mod session_cleanup;
mod viber_notification;

/// What the handlers work with. A client is there if the process is for its queue.
#[derive(Clone)]
pub struct Handlers {
    pool: PgPool,
    clock: Clock,
    mailer: Option<Arc<dyn Mailer>>,
    viber: Option<Arc<dyn Viber>>,
    job_retention: TimeDelta,
    generator: Option<ReportGenerator>,
    report_retention_days: u32,
    fleet: Option<Fleet>,
    position_retention: TimeDelta,
}

impl Handlers {
    /// Handlers that work with what the process has and needs.
    ///
    /// # Errors
    /// When the settings of a client that it needs cannot be used.
    pub fn new(process: &Process, needs: Needs) -> Result<Self, ProcessError> {
        let Process {
            settings, pool, clock, ..
        } = process;
        let mailer: Option<Arc<dyn Mailer>> = match needs {
            Needs::Mail => {
                let timeouts = Timeouts::default();
                let mailer = SmtpMailer::new(&settings.smtp_url, &settings.mail_from, timeouts)?;
                Some(Arc::new(mailer.with_slots(settings.worker_concurrency)))
            }
            _ => None,
        };
        let viber: Option<Arc<dyn Viber>> = match needs {
            Needs::Viber => {
                let timeouts = Timeouts::default();
                let viber = HttpViber::new(&settings.viber_url, &settings.viber_token, timeouts)?;
                Some(Arc::new(viber.with_slots(settings.worker_concurrency)))
            }
            _ => None,
        };
        let generator = match needs {
            Needs::Report => Some(ReportGenerator {
                pool: pool.clone(),
                storage: Arc::new(Storage::new(settings)?),
                clock: clock.clone(),
                at_a_time: settings.reports_at_a_time,
            }),
            _ => None,
        };
        let position_retention = TimeDelta::days(settings.position_retention_days.into());
        let fleet = match needs {
            Needs::Geo => {
                let vault = Vault::new(&settings.vault_key).map_err(|_| SettingError {
                    setting: "VAULT_KEY",
                    problem: "must be 64 hex digits".to_owned(),
                })?;
                let (pool, clock) = (pool.clone(), clock.clone());
                let fleet = Fleet::new(pool, clock, vault, position_retention, fms::TIMEOUTS)?;
                Some(fleet.with_slots(settings.worker_concurrency))
            }
            _ => None,
        };
        Ok(Self {
            pool: pool.clone(),
            clock: clock.clone(),
            mailer,
            viber,
            job_retention: TimeDelta::days(settings.job_retention_days.into()),
            generator,
            report_retention_days: settings.report_retention_days,
            fleet,
            position_retention,
        })
    }
}

impl Dispatch for Handlers {
    async fn run(&self, job: Job, cause: &Cause) -> Outcome {
        match job {
            Job::EmailNotification { notification_id } => email_notification::run(self, notification_id).await,
            Job::ViberNotification { notification_id } => viber_notification::run(self, notification_id).await,
            Job::OrderSweep {} => order_sweep::run(self, cause).await,
            Job::ReportGenerate { report_id } => report_generate::run(self, report_id).await,
            Job::ReportCleanup {} => report_cleanup::run(self).await,
            Job::GeolocationPoll { account_id } => geolocation_poll::run(self, account_id, cause).await,
            Job::GeolocationSync { account_id } => geolocation_sync::run(self, account_id).await,
            Job::PositionCleanup {} => position_cleanup::run(self).await,
            Job::SessionCleanup {} => session_cleanup::run(self).await,
            Job::JobCleanup {} => job_cleanup::run(self).await,
            Job::IdempotencyCleanup {} => idempotency_cleanup::run(self).await,
        }
    }
}

/// A job of a queue that this process is not for; another release wrote it.
fn misdirected() -> Outcome {
    Outcome::Fail("this process has no client for the job".to_owned())
}

/// How a run of housekeeping ended; what it left is the next tick's.
fn cleared(what: &'static str, cleared: AppResult<Cleared>) -> Outcome {
    match cleared {
        Ok(Cleared { rows: 0, .. }) => Outcome::Done,
        Ok(Cleared { rows, is_all }) => {
            tracing::info!(what, rows, is_all, "old rows deleted");
            Outcome::Done
        }
        Err(error) => Outcome::of_failure(&error),
    }
}

/// Tells people that they must mend something: credentials, an address, an account, a disk.
fn alert(reason: &str) {
    tracing::error!(reason, "provider refuses requests until our setup is fixed");
}

/// A job that a client turned away.
fn postponed(turned_away: TurnedAway) -> Outcome {
    Outcome::Postponed {
        reason: turned_away.to_string(),
        after: TimeDelta::from_std(turned_away.after).unwrap_or_default(),
    }
}

/// How a message that was to be sent ended.
fn outcome(sent: Result<Sent, SendError>) -> Outcome {
    match sent {
        Ok(Sent::Now | Sent::Before) => Outcome::Done,
        Err(SendError::Retry {
            needs_people,
            after,
            source,
        }) => {
            if let postponed @ Outcome::Postponed { .. } = Outcome::of_failure(source.as_ref()) {
                return postponed;
            }
            let reason = chain(source.as_ref());
            if needs_people {
                alert(&reason);
            }
            Outcome::Held {
                reason,
                after: after.and_then(|after| TimeDelta::from_std(after).ok()),
            }
        }
        Err(SendError::TurnedAway(turned_away)) => postponed(turned_away),
        Err(error @ (SendError::Permanent { .. } | SendError::NotFound)) => Outcome::Fail(chain(&error)),
    }
}
