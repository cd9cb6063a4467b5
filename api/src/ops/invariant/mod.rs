//! The results of the checks of invariants.

use app::invariant;
use poem_openapi::OpenApi;
use wire::InvariantList;

use super::Chapter;
use super::refusal::Look;
use crate::auth::person::AtPlatform;
use crate::state::Shared;
use crate::wire::reply::{Answer, Reply};

pub mod wire;

/// The operation on invariants.
#[derive(Debug, Clone, Copy)]
pub struct InvariantApi;

#[OpenApi(prefix_path = "/v2/ops", tag = "Chapter::Evidence")]
impl InvariantApi {
    /// List invariants
    ///
    /// Returns the rules that must always hold, with the result of their latest check. A violation is a bug in the
    /// platform.
    #[oai(path = "/invariants", method = "get", operation_id = "listInvariants")]
    pub(crate) async fn list(&self, state: Shared<'_>, _office: AtPlatform) -> Answer<InvariantList, Look> {
        let checked = invariant::latest(&state.platform.pool).await?;
        Ok(Reply::new(InvariantList {
            invariants: checked.into_iter().map(Into::into).collect(),
        }))
    }
}
