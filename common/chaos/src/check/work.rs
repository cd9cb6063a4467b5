//! That a round had work for the workers to which only the harness gives any: else they would pass idle.

use chrono::{DateTime, Utc};
use sqlx::PgPool;

use super::Finding;
use crate::error::Result;

/// Kinds of which every round has jobs: unpaid tickets are closed, and a timetable is checked and published.
const IDLE: &str = "
    select kind from unnest(array['order_sweep', 'timetable_preview', 'timetable_publish']) as wanted (kind)
    where not exists (select from all_jobs j where j.kind = wanted.kind and j.state = 'done' and j.created_at >= $1)
    union all
    select 'order_sweep with a ticket to close' where not exists (select from chaos.overdue where at >= $1)";

/// Checks that a round, which began at this instant, had jobs of each of these kinds.
///
/// # Errors
/// When the database does not answer.
pub async fn worked(pool: &PgPool, began: DateTime<Utc>) -> Result<Vec<Finding>> {
    let idle: Vec<String> = sqlx::query_scalar(IDLE).bind(began).fetch_all(pool).await?;
    let finding = |kind| Finding {
        rule: "every round has work for each worker",
        detail: format!("no job of the kind {kind} was done"),
    };
    Ok(idle.into_iter().map(finding).collect())
}
