//! That a round had work for the workers to which only the harness gives any: else they would pass idle.

use chrono::{DateTime, Utc};
use sqlx::PgPool;

use super::Finding;
use crate::error::Result;

/// Kinds of which every round has jobs: unpaid tickets are closed, and a timetable is checked and published.
const IDLE: &str = "
    select kind from unnest(array['order_sweep', 'timetable_preview', 'timetable_publish']) as wanted (kind)
    where not exists (select from all_jobs j where j.kind = wanted.kind and j.state = 'done' and j.created_at >= $1)";

/// Whether tickets were to be closed. There are always sweeps, also without any. That these tickets were closed is a
/// rule of its own.
const UNPAID: &str = "select exists (select from chaos.overdue where at >= $1)";

/// Checks that a round, which began at this instant, had jobs of each of these kinds, and tickets for its sweeps.
///
/// # Errors
/// When the database does not answer.
pub async fn worked(pool: &PgPool, began: DateTime<Utc>) -> Result<Vec<Finding>> {
    let idle: Vec<String> = sqlx::query_scalar(IDLE).bind(began).fetch_all(pool).await?;
    let has_unpaid: bool = sqlx::query_scalar(UNPAID).bind(began).fetch_one(pool).await?;
    Ok(findings(idle, has_unpaid))
}

/// The findings if no job of these kinds was done, and tickets were to be closed or not.
fn findings(idle: Vec<String>, has_unpaid: bool) -> Vec<Finding> {
    let mut details: Vec<String> = idle
        .into_iter()
        .map(|kind| format!("no job of the kind {kind} was done"))
        .collect();
    if !has_unpaid {
        details.push("no sweep had a ticket to close".to_owned());
    }
    let finding = |detail| Finding {
        rule: "every round has work for each worker",
        detail,
    };
    details.into_iter().map(finding).collect()
}

#[cfg(test)]
mod tests {
    use super::findings;

    #[test]
    fn a_round_without_unpaid_tickets_is_found_although_sweeps_were_done() {
        assert_eq!(findings(Vec::new(), true), []);
        let found = findings(Vec::new(), false);
        assert_eq!(found.len(), 1, "{found:?}");
        let found = findings(vec!["timetable_publish".to_owned()], true);
        assert!(found[0].detail.contains("timetable_publish"), "{found:?}");
    }
}
