//! Rules on messages: each message of the database arrived, once, and nothing else did.

use std::collections::HashMap;

use sqlx::{FromRow, PgPool};
use uuid::Uuid;

use super::Finding;
use super::answers::inner;
use crate::error::Result;
use crate::stage::Stage;

/// What arrived at the mail server and the Viber provider, by message.
#[derive(Debug, Default)]
pub struct Sinks(HashMap<Uuid, Arrived>);

#[derive(Debug, Clone, Copy, Default)]
struct Arrived {
    times: u32,
    unanswered: u32,
}

/// A message as it is stored.
#[derive(Debug, FromRow)]
struct Message {
    id: Uuid,
    channel: String,
    state: String,
    /// Attempts whose process was killed or stopped after they had begun.
    lost: i64,
}

impl Sinks {
    /// What has arrived so far. Ids that are not those of messages are counted as id 0.
    pub fn of(stage: &Stage) -> Self {
        let mut arrived: HashMap<Uuid, Arrived> = HashMap::new();
        let mut add = |id: &str, times, unanswered| {
            let id = id.split('@').next().and_then(inner).unwrap_or_default();
            let sum = arrived.entry(id).or_default();
            sum.times += times;
            sum.unanswered += unanswered;
        };
        for (id, mail) in stage.mail.arrivals() {
            add(&id, mail.kept, mail.unanswered);
        }
        for received in stage.viber.messages() {
            add(&received.message.tracking_data, received.times, received.unanswered);
        }
        Self(arrived)
    }

    /// The number of messages that arrived, and the number of repeated arrivals.
    pub fn figures(&self) -> (usize, u32) {
        let repeats = self.0.values().map(|arrived| arrived.times.saturating_sub(1)).sum();
        (self.0.len(), repeats)
    }
}

/// Compares what arrived with what is stored. A message may arrive again, under the same id, once for every attempt
/// whose process was killed or stopped after it had begun, and once for every time that the provider accepted it
/// without answering.
pub async fn check(pool: &PgPool, sinks: &Sinks) -> Result<Vec<Finding>> {
    let stored = "select n.id, n.channel, n.state,
                         (select count(*) from all_jobs j join job_losses l on l.job_id = j.id
                          where j.dedupe_key = 'ntf_' || replace(n.id::text, '-', '')) as lost
                  from notifications n";
    let stored: Vec<Message> = sqlx::query_as(stored).fetch_all(pool).await?;
    let mut arrived = sinks.0.clone();
    let mut findings = Vec::new();
    for message in stored {
        let Message {
            id,
            channel,
            state,
            lost,
        } = message;
        let Arrived { times, unanswered } = arrived.remove(&id).unwrap_or_default();
        let detail = format!(
            "{channel} {id}: {state}, arrived {times} times, {unanswered} of them unanswered, {lost} attempts lost"
        );
        if state == "sent" && times == 0 {
            findings.push(Finding {
                rule: "what is recorded as sent has arrived",
                detail,
            });
        } else if i64::from(times) > 1 + lost + i64::from(unanswered) {
            findings.push(Finding {
                rule: "nothing arrives twice without a reason",
                detail,
            });
        }
    }
    findings.extend(arrived.into_keys().map(|id| Finding {
        rule: "nothing arrives without a record",
        detail: id.to_string(),
    }));
    Ok(findings)
}
