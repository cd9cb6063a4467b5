//! Schedules of the scheduler.

use app::ops;
use poem_openapi::OpenApi;

use super::Chapter;
use super::refusal::Look;
use super::wire::ScheduleList;
use crate::auth::person::AtPlatform;
use crate::state::Shared;
use crate::wire::reply::{Answer, Reply};

/// The operation on schedules.
#[derive(Debug, Clone, Copy)]
pub struct ScheduleApi;

#[OpenApi(prefix_path = "/v2/ops", tag = "Chapter::Queues")]
impl ScheduleApi {
    /// List schedules
    ///
    /// Returns the schedules of the scheduler with the time of their next run.
    #[oai(path = "/schedules", method = "get", operation_id = "listSchedules")]
    pub(crate) async fn list(&self, state: Shared<'_>, _office: AtPlatform) -> Answer<ScheduleList, Look> {
        let schedules = ops::schedule::list(&state.platform.pool).await?;
        Ok(Reply::new(ScheduleList {
            schedules: schedules.into_iter().map(Into::into).collect(),
        }))
    }
}
