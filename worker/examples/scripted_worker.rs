//! A worker of the mail queue whose handlers do what the table `scripts` of a test database says. Tests start it as a
//! separate process, so that it can be killed.
//!
//! Each run inserts a row into `starts`, each finished effect one into `effects`.

#![expect(clippy::panic, reason = "some scripts ask for it")]

use std::process::ExitCode;
use std::time::Duration;

use apalis::prelude::Data;
use app::jobs::email_notification::EmailNotification;
use app::jobs::queue;
use chrono::TimeDelta;
use config::Needs;
use domain::id::NotificationId;
use ledger::{Job, Outcome, Queue, Terms};
use serde::{Deserialize, Serialize};
use sqlx::PgPool;
use uuid::Uuid;

/// How long a slow job takes.
const SLOW: Duration = Duration::from_millis(40);

#[derive(Clone)]
struct Script {
    pool: PgPool,
}

/// Has the kind and payload of the job that sends mails, but follows its script instead.
#[derive(Serialize, Deserialize)]
struct Scripted {
    notification_id: NotificationId,
}

impl Job for Scripted {
    const KIND: &'static str = EmailNotification::KIND;
    const QUEUE: Queue = EmailNotification::QUEUE;
    const TERMS: Terms = EmailNotification::TERMS;
    type Data = Script;
}

impl Script {
    async fn play(&self, id: Uuid) -> Result<Outcome, sqlx::Error> {
        sqlx::query("insert into starts (id, pid) values ($1, $2)")
            .bind(id)
            .bind(i32::try_from(std::process::id()).unwrap_or_default())
            .execute(&self.pool)
            .await?;
        let start: i64 = sqlx::query_scalar("select count(*) from starts where id = $1")
            .bind(id)
            .fetch_one(&self.pool)
            .await?;
        let action: Option<String> =
            sqlx::query_scalar("select actions[least($2, cardinality(actions))] from scripts where id = $1")
                .bind(id)
                .bind(start)
                .fetch_optional(&self.pool)
                .await?;
        match action.as_deref().unwrap_or("ok") {
            "ok" => {}
            "slow" => tokio::time::sleep(SLOW).await,
            "hang" => std::future::pending().await,
            "gate" => self.until("select count(*) >= $1 from gate", 1).await?,
            "abort among starts" => {
                // Wait until the two others have started as often as this one.
                self.until("select count(*) >= $1 from starts", 2 * 4 + 3).await?;
                std::process::abort();
            }
            "abort in company" => {
                // Wait until the three others have started as often as this one.
                self.until("select count(*) >= $1 from starts", 4 * start).await?;
                std::process::abort();
            }
            "panic" => panic!("as the script says"),
            "retry" => return Ok(Outcome::retry("as the script says")),
            "held" => {
                return Ok(Outcome::Held {
                    reason: "as the script says".to_owned(),
                    after: None,
                });
            }
            "postponed" => {
                return Ok(Outcome::Postponed {
                    reason: "as the script says".to_owned(),
                    after: TimeDelta::zero(),
                });
            }
            "fail" => return Ok(Outcome::Fail("as the script says".to_owned())),
            other => panic!("unknown action {other}"),
        }
        sqlx::query("insert into effects (id) values ($1) on conflict do nothing")
            .bind(id)
            .execute(&self.pool)
            .await?;
        Ok(Outcome::Done)
    }

    async fn until(&self, condition: &'static str, count: i64) -> Result<(), sqlx::Error> {
        while !sqlx::query_scalar::<_, bool>(condition)
            .bind(count)
            .fetch_one(&self.pool)
            .await?
        {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        Ok(())
    }
}

async fn run(job: Scripted, script: Data<Script>) -> Outcome {
    let played = script.play(job.notification_id.0).await;
    played.unwrap_or_else(|error| Outcome::retry(error.to_string()))
}

fn main() -> ExitCode {
    worker::main(queue::EMAIL, Needs::Queue, |process, worker| {
        let script = Script {
            pool: process.pool.clone(),
        };
        Ok(worker.handle::<Scripted, _>(&script, run))
    })
}
