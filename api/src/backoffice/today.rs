//! What of a company's day needs a person.

use app::today;
use poem_openapi::OpenApi;
use schemars::JsonSchema;
use serde::Serialize;

use super::Chapter;
use crate::auth::person::AtCompany;
use crate::state::Shared;
use crate::wire::reply::{Answer, Reply, refusals};

refusals! {
    /// Reading the numbers.
    Read: [(403, "`FORBIDDEN`: the role of the user does not allow access to orders.")];
}

/// Numbers of what needs a person. Each is at most 1000: that many, or more.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Today {
    /// Messages of the last 7 days to passengers who have not boarded yet that could not be delivered, and that no later
    /// message on the same channel made up for.
    #[schemars(example = 1)]
    pub failed_deliveries: i64,
    /// Orders with status `Processing`.
    #[schemars(example = 4)]
    pub awaiting_confirmation: i64,
    /// Tracked objects from which no position came for 30 minutes.
    #[schemars(example = 0)]
    pub silent_buses: i64,
    /// Reports with status `Pending` or `Processing`.
    #[schemars(example = 1)]
    pub running_reports: i64,
}

/// Operations on the day of a company.
#[derive(Debug, Clone, Copy)]
pub struct TodayApi;

#[OpenApi(prefix_path = "/v2/today", tag = "Chapter::Departures")]
impl TodayApi {
    /// Get what needs attention
    ///
    /// Returns how many messages, orders, buses and reports of the company need somebody to look at them now.
    #[oai(path = "/", method = "get", operation_id = "getToday")]
    pub(crate) async fn get(&self, state: Shared<'_>, office: AtCompany) -> Answer<Today, Read> {
        let counted = today::count(&state.platform, office.company_id).await?;
        Ok(Reply::new(Today {
            failed_deliveries: counted.failed_deliveries,
            awaiting_confirmation: counted.awaiting_confirmation,
            silent_buses: counted.silent_buses,
            running_reports: counted.running_reports,
        }))
    }
}
