//! Usage of the API by partners: counted in memory by the use cases and the API, written about once a second.

use chrono::{DateTime, NaiveDate, Utc};
use domain::id::PartnerId;
use domain::usage::{Counts, Period};
use sqlx::PgConnection;

use super::Platform;
use super::tally::{Kind, Tally};
use crate::error::{AppError, AppResult};

/// The usage of partners, by partner and day (UTC).
pub struct Deeds;

impl Kind for Deeds {
    const NAME: &'static str = "usage";
    type Key = db::usage::Key;
    type Count = Counts;

    async fn add(conn: &mut PgConnection, counts: &[(Self::Key, Counts)]) -> AppResult<()> {
        db::usage::add(conn, counts).await
    }
}

/// The counts of this process that are not yet written.
pub type Usage = Tally<Deeds>;

impl Usage {
    /// Counts what a partner did.
    pub fn note(&self, partner_id: PartnerId, at: DateTime<Utc>, counts: Counts) {
        self.count((partner_id, at.date_naive()), counts);
    }
}

/// The usage of a partner in a period, as far as it is written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    /// The days that it covers.
    pub period: Period,
    /// All days together.
    pub total: Counts,
    /// Every day of the period, including days without usage.
    pub days: Vec<(NaiveDate, Counts)>,
}

/// The usage of a partner on the days from `from` to `to`, at most the last 90, which is the default.
///
/// # Errors
/// Validation, naming the end that is out of bounds.
pub async fn report(
    platform: &Platform,
    partner_id: PartnerId,
    from: Option<NaiveDate>,
    to: Option<NaiveDate>,
) -> AppResult<Report> {
    let today = platform.clock.now().date_naive();
    let period = Period::new(from, to, today).map_err(AppError::Validation)?;
    let mut conn = platform.pool.acquire().await?;
    let known = db::usage::of_partner(&mut conn, partner_id, period).await?;
    let mut known = known.into_iter().peekable();
    let mut total = Counts::default();
    let days = period.days().map(|day| {
        let counts = known.next_if(|(known, _)| *known == day).map(|(_, counts)| counts);
        let counts = counts.unwrap_or_default();
        total += counts;
        (day, counts)
    });
    let days = days.collect();
    Ok(Report { period, total, days })
}
