//! Items of a company that need attention.

use chrono::{Days, NaiveTime, TimeDelta};
pub use db::today::FailedDelivery;
use db::today::Today;
use domain::id::CompanyId;
use domain::notification::delivery::{Reach, Reason, Recorded, judge};

use crate::Platform;
use crate::error::AppResult;
use crate::ticket::company::zone;

/// Failed scheduled reports are counted if they were due within this time.
const RECENT: TimeDelta = TimeDelta::days(7);

/// The current numbers, and how many scheduled reports failed permanently when they were last due.
///
/// # Errors
/// Database errors only.
pub async fn count(platform: &Platform, company_id: CompanyId) -> AppResult<(Today, i64)> {
    let now = platform.clock.now();
    let mut conn = platform.pool.acquire().await?;
    let zone = zone(&mut conn, company_id).await?;
    let today = zone.day(now);
    let midnights = [0, 1, 2].map(|days| {
        let day = today.checked_add_days(Days::new(days)).unwrap_or(today);
        zone.instant(day.and_time(NaiveTime::MIN))
    });
    let counted = db::today::count(&mut conn, company_id, midnights, now).await?;
    let failed = db::report::failure::count(&mut conn, company_id, now - RECENT).await?;
    Ok((counted, failed))
}

/// A page (take, skip) of the messages that could not be delivered, newest first, and how many there are.
///
/// # Errors
/// Database errors only.
pub async fn failed_deliveries(
    platform: &Platform,
    company_id: CompanyId,
    page: (i64, i64),
) -> AppResult<(Vec<FailedDelivery>, i64)> {
    let mut snapshot = db::snapshot(&platform.pool).await?;
    let found = db::today::failed_deliveries(&mut snapshot, company_id, page, platform.clock.now()).await?;
    snapshot.commit().await?;
    Ok(found)
}

/// Why a message was given up, with the same reasons as on the page of the ticket.
#[must_use]
pub fn reason(delivery: &FailedDelivery) -> Option<Reason> {
    let recorded = Recorded {
        sent_at: None,
        has_failed: true,
        fault: delivery.fault,
        is_tried_again: false,
    };
    // The recorded delivery decides. How the passenger can be reached matters only where nothing is recorded.
    let reach = Reach {
        has_email: true,
        messengers: Vec::new(),
    };
    judge(delivery.channel, Some(recorded), &reach).2
}
