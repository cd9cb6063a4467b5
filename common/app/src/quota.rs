//! How often something may be done within a span, counted by what was done before. Limits of requests are in
//! [`crate::rate_limit`], those of sign-ins in [`crate::throttle`].

use chrono::{DateTime, TimeDelta, Utc};

use crate::error::{AppError, AppResult};

/// Checks whether something was done less often than `most` times within `span`; `earlier` has its latest times, newest
/// first, at most `most` of them.
///
/// # Errors
/// [`AppError::RateLimited`], with the time until the first of them is no longer counted.
pub(crate) fn at_most(most: usize, span: TimeDelta, earlier: &[DateTime<Utc>], now: DateTime<Utc>) -> AppResult<()> {
    match earlier.last() {
        Some(first) if earlier.len() >= most => {
            let wait = (*first + span - now).num_seconds().max(1);
            Err(AppError::RateLimited(u32::try_from(wait).unwrap_or(u32::MAX)))
        }
        _ => Ok(()),
    }
}
