//! Worker processes.

use app::ops;
use poem_openapi::OpenApi;

use super::Chapter;
use super::refusal::Look;
use super::wire::ProcessList;
use crate::auth::person::AtPlatform;
use crate::state::Shared;
use crate::wire::reply::{Answer, Reply};

/// The operation on worker processes.
#[derive(Debug, Clone, Copy)]
pub struct ProcessApi;

#[OpenApi(prefix_path = "/v2/ops", tag = "Chapter::Queues")]
impl ProcessApi {
    /// List worker processes
    ///
    /// Returns the worker processes that are alive, with the number of jobs that each of them holds.
    #[oai(path = "/processes", method = "get", operation_id = "listProcesses")]
    pub(crate) async fn list(&self, state: Shared<'_>, _office: AtPlatform) -> Answer<ProcessList, Look> {
        let processes = ops::process::list(&state.platform.pool).await?;
        Ok(Reply::new(ProcessList {
            processes: processes.into_iter().map(Into::into).collect(),
        }))
    }
}
