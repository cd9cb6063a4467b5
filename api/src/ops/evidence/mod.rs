//! What happened to something, and whether all that must always hold does.

use app::error::{AppError, Noun};
use app::invariant;
use app::story::{self, StoryId};
use poem_openapi::OpenApi;
use wire::{InvariantList, Story};

use super::Chapter;
use super::refusal::{Look, LookAtStory};
use crate::auth::person::AtPlatform;
use crate::state::Shared;
use crate::wire::path::Path;
use crate::wire::reply::{Answer, Reply};

pub mod wire;

/// Operations that tell and check.
#[derive(Debug, Clone, Copy)]
pub struct EvidenceApi;

#[OpenApi(prefix_path = "/v2/ops", tag = "Chapter::Evidence")]
impl EvidenceApi {
    /// Get the event history
    ///
    /// Returns everything that happened to a booking, an order, a message, a report, an uploaded timetable or a job, or
    /// because of a request, oldest first: history, jobs with their attempts and errors, messages with what providers answered, or why there is
    /// no message. Addresses are masked.
    #[oai(path = "/story/:id", method = "get", operation_id = "getStory")]
    pub(crate) async fn story(
        &self,
        state: Shared<'_>,
        _office: AtPlatform,
        /// Id of a booking, an order, a message, a report, an uploaded timetable or a job, or the `x-request-id` of
        /// a request.
        id: Path<StoryId>,
    ) -> Answer<Story, LookAtStory> {
        let platform = &state.platform;
        match story::tell(&platform.pool, platform.clock.now(), &id.0).await {
            // The response does not depend on the kind of the unknown id.
            Err(AppError::NotFound(_)) => Err(AppError::NotFound(Noun::Resource).into()),
            told => Ok(Reply::new(told?.into())),
        }
    }

    /// List invariants
    ///
    /// Returns the rules that must always hold, with what their latest check found. A violation is an error of the
    /// platform.
    #[oai(path = "/invariants", method = "get", operation_id = "listInvariants")]
    pub(crate) async fn invariants(&self, state: Shared<'_>, _office: AtPlatform) -> Answer<InvariantList, Look> {
        let checked = invariant::latest(&state.platform.pool).await?;
        Ok(Reply::new(InvariantList {
            invariants: checked.into_iter().map(Into::into).collect(),
        }))
    }
}
