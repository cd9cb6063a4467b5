//! Jobs grouped by their errors.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use sqlx::PgConnection;

use super::{Filter, JobRow, SCAN, list};
use crate::db;
use crate::error::Result;
use crate::id::JobId;

/// Maximum number of groups returned.
const MOST: usize = 100;

/// Jobs with the same error.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ErrorGroup {
    /// Name of their queue.
    pub queue: String,
    /// Their kind.
    pub kind: String,
    /// The error, with `#` for every id and number in it; empty if no attempt failed.
    pub error: String,
    /// How many.
    pub jobs: i64,
    /// When the first of them came into its state.
    pub first_at: DateTime<Utc>,
    /// When the last of them came into its state.
    pub last_at: DateTime<Utc>,
    /// The last of them.
    pub latest: JobId,
}

impl ErrorGroup {
    fn new(job: &JobRow, error: String) -> Self {
        Self {
            queue: job.queue.clone(),
            kind: job.kind.clone(),
            error,
            jobs: 0,
            first_at: job.since,
            last_at: job.since,
            latest: job.id,
        }
    }

    fn add(&mut self, job: &JobRow) {
        self.jobs += 1;
        self.first_at = self.first_at.min(job.since);
        if (job.since, job.id.0) > (self.last_at, self.latest.0) {
            (self.last_at, self.latest) = (job.since, job.id);
        }
    }
}

/// Jobs of a filter by queue, kind and error; the largest groups first, a hundred at most. At most [`SCAN`] jobs of the
/// state are examined, the first ones of the list.
///
/// # Errors
/// Database errors only.
pub async fn errors(conn: &mut PgConnection, filter: &Filter) -> Result<Vec<ErrorGroup>> {
    let jobs = list(conn, filter, None, SCAN).await?.jobs;
    let patterns = patterns(conn, &jobs).await?;
    let mut groups: HashMap<_, ErrorGroup> = HashMap::new();
    for (job, error) in jobs.iter().zip(patterns) {
        let key = (job.queue.as_str(), job.kind.as_str(), error.clone());
        groups
            .entry(key)
            .or_insert_with(|| ErrorGroup::new(job, error))
            .add(job);
    }
    let mut groups: Vec<ErrorGroup> = groups.into_values().collect();
    groups.sort_by(|a, b| {
        let names = |group: &ErrorGroup| (group.queue.clone(), group.kind.clone(), group.error.clone());
        let most = b.jobs.cmp(&a.jobs).then(b.last_at.cmp(&a.last_at));
        most.then_with(|| names(a).cmp(&names(b)))
    });
    groups.truncate(MOST);
    Ok(groups)
}

/// The last error of each of these jobs with `#` for every id and number in it; empty for a job without one.
///
/// # Errors
/// Database errors only.
pub async fn patterns(conn: &mut PgConnection, jobs: &[JobRow]) -> Result<Vec<String>> {
    let errors: Vec<&str> = jobs
        .iter()
        .map(|job| job.last_error.as_deref().unwrap_or_default())
        .collect();
    db::listing::patterns(conn, &errors).await
}
