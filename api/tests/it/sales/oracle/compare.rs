//! Searches of a process that may know of changes a little late.

use std::time::{Duration, Instant};

use figment::Figment;

use super::question::Question;
use crate::sales::support::Shop;

/// How late a process may be.
const LATE: Duration = Duration::from_secs(1);

/// Settings of a process whose cache has the maximum age of production.
pub fn as_in_production(settings: Figment) -> Figment {
    settings.merge(("cache_max_age_ms", 100))
}

/// Searches until the responses are correct. Returns a search that is still wrong in a response to a request sent later
/// than the process may lag behind, with both responses.
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
