//! Searches of a process that may know things a little late.

use std::time::{Duration, Instant};

use figment::Figment;

use super::question::Question;
use crate::sales::support::Shop;

/// How late a process may be.
const LATE: Duration = Duration::from_secs(1);

/// Settings of a process that keeps what it knows for as long as one in production does.
pub fn as_in_production(settings: Figment) -> Figment {
    settings.merge(("cache_max_age_ms", 100))
}

/// Asks until the answers are right. What is still wrong in an answer to a request that was sent later than a process
/// may be late is given back with both answers.
pub async fn late<'q>(shop: &Shop, other: &Shop, questions: &'q [Question]) -> Option<(&'q Question, String)> {
    let since = Instant::now();
    for question in questions {
        let due = question.due(shop).await;
        loop {
            let asked = since.elapsed();
            let said = question.ask(other).await;
            if said == due {
                break;
            }
            if asked > LATE {
                return Some((question, format!("{said:#?} instead of {due:#?}")));
            }
        }
    }
    None
}
