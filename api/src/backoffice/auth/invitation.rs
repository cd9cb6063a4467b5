//! Accepting an invitation: its recipient has no session yet.

use app::invitation::{self, Newcomer};
use poem_openapi::OpenApi;

use super::body::{AcceptInvitation, PreviewInvitation};
use super::invitation_wire::{Accepted, InvitationPreview};
use super::refusal;

use crate::auth::guest::Guest;
use crate::backoffice::Chapter;
use crate::state::Shared;
use crate::wire::body::Strict;
use crate::wire::reply::{Answer, Reply};

/// Operations of people who are invited.
#[derive(Debug, Clone, Copy)]
pub struct InvitationApi;

#[OpenApi(prefix_path = "/v2/auth/invitations", tag = "Chapter::Sessions")]
impl InvitationApi {
    /// Preview an invitation
    ///
    /// Returns the workplace, the role and the status of the invitation, even if it can no longer be accepted.
    /// Changes nothing.
    #[oai(path = "/preview", method = "post", operation_id = "previewInvitation")]
    pub(crate) async fn preview(
        &self,
        state: Shared<'_>,
        _guest: Guest,
        body: Strict<PreviewInvitation>,
    ) -> Answer<InvitationPreview, refusal::Preview> {
        let (platform, now) = (&state.platform, state.platform.clock.now());
        let preview = invitation::preview(&platform.pool, &state.invitation_key, &body.0.token, now).await?;
        Ok(Reply::new(preview.into()))
    }

    /// Accept an invitation
    ///
    /// The user with the e-mail address of the invitation gets access to the company or the partner. If there is no
    /// such user, `firstName`, `lastName` and `password` are required, and the user is created; otherwise they are
    /// ignored. Does not start a session.
    #[oai(path = "/accept", method = "post", operation_id = "acceptInvitation")]
    pub(crate) async fn accept(
        &self,
        state: Shared<'_>,
        _guest: Guest,
        body: Strict<AcceptInvitation>,
    ) -> Answer<Accepted, refusal::Accept> {
        let (platform, now) = (&state.platform, state.platform.clock.now());
        let AcceptInvitation {
            token,
            first_name,
            last_name,
            password,
        } = body.0;
        let newcomer = Newcomer {
            first_name,
            last_name,
            password,
        };
        let (key, passwords) = (&state.invitation_key, &state.passwords);
        let accepted = invitation::accept(&platform.pool, key, passwords, &token, &newcomer, now).await?;
        Ok(Reply::new(accepted.into()))
    }
}
