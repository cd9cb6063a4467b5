//! One file a job: call its verb, turn the answer into an outcome. No rules, no SQL.

use common::clock::Clock;
use common::jobs::{Cause, Job, Outcome};
use common::process::Process;
use sqlx::PgPool;

use crate::run::Dispatch;

mod email_notification;
mod order_sweep;
mod viber_notification;

/// What the handlers work with.
#[derive(Debug, Clone)]
pub struct Context {
    /// Connections to the database.
    pub pool: PgPool,
    /// The time.
    pub clock: Clock,
}

/// The handlers of all jobs.
#[derive(Debug, Clone)]
pub struct Handlers {
    context: Context,
}

impl Handlers {
    /// Handlers that work with what the process has.
    #[must_use]
    pub fn new(process: &Process) -> Self {
        Self {
            context: Context {
                pool: process.pool.clone(),
                clock: process.clock.clone(),
            },
        }
    }
}

impl Dispatch for Handlers {
    async fn run(&self, job: Job, cause: &Cause) -> Outcome {
        match job {
            Job::EmailNotification { notification_id } => email_notification::run(&self.context, notification_id).await,
            Job::ViberNotification { notification_id } => viber_notification::run(&self.context, notification_id).await,
            Job::OrderSweep {} => order_sweep::run(&self.context, cause).await,
        }
    }
}
