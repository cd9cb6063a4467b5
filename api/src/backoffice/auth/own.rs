//! What people do with their own sessions and their password.

use std::sync::Arc;

use app::error::AppError;
use app::{session, user};
use domain::id::SessionId;
use poem::web::Data;
use poem_openapi::OpenApi;

use super::body::ChangePassword;
use super::wire::{OwnSession, OwnSessionList};
use super::{client, refusal};
use crate::auth::address::ClientAddress;
use crate::auth::guest::Guest;
use crate::auth::person::Person;
use crate::backoffice::Chapter;
use crate::middleware::trace::RequestContext;
use crate::state::Shared;
use crate::wire::body::Strict;
use crate::wire::param::{Skip, Take};
use crate::wire::path::Path;
use crate::wire::query::{Query, valid};
use crate::wire::reply::{Answer, Empty, Failure, Reply};

/// Operations of people on what is their own.
#[derive(Debug, Clone, Copy)]
pub struct OwnApi;

#[OpenApi(prefix_path = "/v2/auth", tag = "Chapter::Sessions")]
impl OwnApi {
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
    /// The session ends immediately, also if it is the current one. Ending a session again changes nothing.
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

    /// Change your password
    ///
    /// All other sessions of the user end immediately; the current one continues. Wrong current passwords count as failed
    /// sign-in attempts. A user who signs in with Google only has no password to change.
    #[oai(path = "/password", method = "post", operation_id = "changePassword")]
    pub(crate) async fn change_password(
        &self,
        state: Shared<'_>,
        context: Data<&Arc<RequestContext>>,
        guest: Guest,
        address: ClientAddress,
        person: Person,
        body: Strict<ChangePassword>,
    ) -> Result<Empty, Failure<refusal::ChangePassword>> {
        let (pool, now) = (&state.platform.pool, state.platform.clock.now());
        let ChangePassword {
            current_password,
            new_password,
        } = body.0;
        let email = user::email(pool, person.0.user_id).await?;
        let change = user::PasswordChange {
            user_id: person.0.user_id,
            session_id: person.0.session_id,
            current: current_password,
            new: new_password,
            request_id: context.cause().request_id,
        };
        let changed = user::change_password(pool, &state.passwords, &change, now);
        let client = client(&state, address, &guest, Some(&email));
        match state.throttle.guard(Some(&email), client, changed).await {
            // The session is a good one: it is the field that is wrong.
            Err(AppError::InvalidCredentials) => {
                Err(AppError::field("currentPassword", "password", "is not your password").into())
            }
            changed => Ok(changed.map(|()| Empty::default())?),
        }
    }
}
