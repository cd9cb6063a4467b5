//! Users' own sessions.

use app::session;
use domain::id::SessionId;
use poem_openapi::OpenApi;

use super::refusal;
use super::wire::{OwnSession, OwnSessionList};
use crate::auth::person::Person;
use crate::backoffice::Chapter;
use crate::state::Shared;
use crate::wire::param::{Skip, Take};
use crate::wire::path::Path;
use crate::wire::query::{Query, valid};
use crate::wire::reply::{Answer, Empty, Failure, Reply};

/// Operations of users on their own sessions.
#[derive(Debug, Clone, Copy)]
pub struct OwnSessionApi;

#[OpenApi(prefix_path = "/v2/auth", tag = "Chapter::Sessions")]
impl OwnSessionApi {
    /// List your sessions
    ///
    /// Returns the sessions of the user that have not ended, in every workplace, most recently used first.
    #[oai(path = "/sessions", method = "get", operation_id = "listSessions")]
    pub(crate) async fn sessions(
        &self,
        state: Shared<'_>,
        person: Person,
        /// Page size.
        take: Query<Take>,
        /// Number of items to skip; an empty value counts as 0.
        skip: Query<Skip>,
    ) -> Answer<OwnSessionList, ()> {
        let (take, skip) = valid((take, skip))?;
        let (who, now) = (person.0, state.platform.clock.now());
        let page = (take.0.into(), skip.0.into());
        let (sessions, total) = session::list(&state.platform.pool, who.user_id, page, now).await?;
        let own = |session| OwnSession::new(session, who.session_id);
        Ok(Reply::new(OwnSessionList {
            sessions: sessions.into_iter().map(own).collect(),
            total: usize::try_from(total).unwrap_or(usize::MAX),
        }))
    }

    /// End one of your sessions
    ///
    /// The session ends immediately, even if it is the current one. Ending a session again changes nothing.
    #[oai(path = "/sessions/:id", method = "delete", operation_id = "endSession")]
    pub(crate) async fn end(
        &self,
        state: Shared<'_>,
        person: Person,
        /// Id of the session.
        id: Path<SessionId>,
    ) -> Result<Empty, Failure<refusal::EndSession>> {
        let now = state.platform.clock.now();
        session::end(&state.platform.pool, person.0.user_id, id.0, now).await?;
        Ok(Empty::default())
    }
}
