//! The story of an object.

use app::error::{AppError, Noun};
use app::story::{self, StoryId};
use poem_openapi::OpenApi;
use wire::Story;

use super::Chapter;
use super::refusal::LookAtStory;
use crate::auth::person::AtPlatform;
use crate::state::Shared;
use crate::wire::path::Path;
use crate::wire::reply::{Answer, Reply};

pub mod wire;

/// The operation on stories.
#[derive(Debug, Clone, Copy)]
pub struct StoryApi;

#[OpenApi(prefix_path = "/v2/ops", tag = "Chapter::Evidence")]
impl StoryApi {
    /// Get the story of an object
    ///
    /// Returns everything that happened to a booking, an order, a message, a report, an uploaded timetable or a job, or
    /// because of a request, oldest first: history, jobs with their attempts and errors, messages with what providers
    /// answered, or why there is no message. Addresses are masked.
    #[oai(path = "/story/:id", method = "get", operation_id = "getStory")]
    pub(crate) async fn get(
        &self,
        state: Shared<'_>,
        _office: AtPlatform,
        /// Id of a booking, an order, a message, a report, an uploaded timetable or a job, the `x-request-id` of a
        /// request, or the reference of a booking or an order.
        id: Path<StoryId>,
    ) -> Answer<Story, LookAtStory> {
        let platform = &state.platform;
        match story::tell(&platform.pool, platform.clock.now(), &id.0).await {
            // The response does not depend on the kind of the unknown id.
            Err(AppError::NotFound(_)) => Err(AppError::NotFound(Noun::Resource).into()),
            story => Ok(Reply::new(story?.into())),
        }
    }
}
