//! The people of a company or a partner, managed by its administrators.

use std::sync::Arc;

use app::invitation::{self, NewInvitation};
use app::people::{self, Admin};
use app::work::Work;
use domain::id::{InvitationId, UserId};
use poem::web::Data;
use poem_openapi::OpenApi;

use super::Chapter;
use crate::auth::person::AtPlace;
use crate::context::RequestContext;
use crate::state::Shared;
use crate::wire::body::Strict;
use crate::wire::param::{Skip, Take};
use crate::wire::path::Path;
use crate::wire::query::{Query, valid};
use crate::wire::reply::{Answer, Empty, Failure, Reply};
use body::{Invite, SetRole};
use refusal::{Change, Use, Withdraw};
use wire::{Invitation, InvitationList, OneInvitation, OnePerson, PersonList, PersonOfPlace};

pub mod body;
pub mod refusal;
pub mod wire;

/// Operations on people.
#[derive(Debug, Clone, Copy)]
pub struct PeopleApi;

/// The administrator who calls, with their workplace.
fn admin(office: AtPlace, context: &RequestContext) -> Admin {
    Admin {
        user_id: office.0.user_id,
        workplace: office.0.workplace,
        request_id: context.cause().request_id,
    }
}

#[OpenApi(prefix_path = "/v2/people", tag = "Chapter::People")]
impl PeopleApi {
    /// List people
    ///
    /// Returns the people who work in the company or for the partner, sorted by family name.
    #[oai(path = "/", method = "get", operation_id = "listPeople")]
    pub(crate) async fn list(
        &self,
        state: Shared<'_>,
        context: Data<&Arc<RequestContext>>,
        office: AtPlace,
        /// Page size.
        take: Query<Take>,
        /// Number of items to skip; an empty value counts as 0.
        skip: Query<Skip>,
    ) -> Answer<PersonList, Use> {
        let (take, skip) = valid((take, skip))?;
        let admin = admin(office, &context);
        let (people, total) = people::list(&state.platform.pool, &admin, take.0.into(), skip.0.into()).await?;
        Ok(Reply::new(PersonList {
            people: people.into_iter().map(PersonOfPlace::new).collect(),
            total: usize::try_from(total).unwrap_or(usize::MAX),
        }))
    }

    /// Change the role of a person
    ///
    /// The new role applies immediately, including in open sessions. The last administrator keeps their role.
    #[oai(path = "/:userId", method = "patch", operation_id = "setRole")]
    pub(crate) async fn set_role(
        &self,
        state: Shared<'_>,
        context: Data<&Arc<RequestContext>>,
        office: AtPlace,
        /// Id of the user.
        #[oai(name = "userId")]
        user_id: Path<UserId>,
        body: Strict<SetRole>,
    ) -> Answer<OnePerson, Change> {
        let (pool, now) = (&state.platform.pool, state.platform.clock.now());
        let role = body.0.role.0.into();
        let person = people::set_role(pool, &admin(office, &context), user_id.0, role, now).await?;
        Ok(Reply::new(OnePerson {
            person: PersonOfPlace::new(person),
        }))
    }

    /// Withdraw the access of a person
    ///
    /// The sessions of the person here end immediately. Their access to other companies and partners is not affected.
    /// The last administrator keeps their access.
    #[oai(path = "/:userId", method = "delete", operation_id = "withdrawAccess")]
    pub(crate) async fn withdraw(
        &self,
        state: Shared<'_>,
        context: Data<&Arc<RequestContext>>,
        office: AtPlace,
        /// Id of the user.
        #[oai(name = "userId")]
        user_id: Path<UserId>,
    ) -> Result<Empty, Failure<Change>> {
        let (pool, now) = (&state.platform.pool, state.platform.clock.now());
        people::withdraw(pool, &admin(office, &context), user_id.0, now).await?;
        Ok(Empty::default())
    }

    /// List open invitations
    ///
    /// Returns the invitations that can still be accepted, newest first.
    #[oai(path = "/invitations", method = "get", operation_id = "listInvitations")]
    pub(crate) async fn invitations(
        &self,
        state: Shared<'_>,
        context: Data<&Arc<RequestContext>>,
        office: AtPlace,
        /// Page size.
        take: Query<Take>,
        /// Number of items to skip; an empty value counts as 0.
        skip: Query<Skip>,
    ) -> Answer<InvitationList, Use> {
        let (take, skip) = valid((take, skip))?;
        let (pool, now) = (&state.platform.pool, state.platform.clock.now());
        let admin = admin(office, &context);
        let (invitations, total) = invitation::list(pool, &admin, take.0.into(), skip.0.into(), now).await?;
        Ok(Reply::new(InvitationList {
            invitations: invitations.into_iter().map(Invitation::new).collect(),
            total: usize::try_from(total).unwrap_or(usize::MAX),
        }))
    }

    /// Invite a person
    ///
    /// Sends an e-mail with a link that can be used once, within 7 days. Inviting the same address again withdraws the
    /// earlier invitation; an address can be invited five times a day. A company or a partner can have at most 100 open
    /// invitations. An invitation ends when its author loses access or the role `ADMIN`.
    #[oai(path = "/invitations", method = "post", operation_id = "invitePerson")]
    pub(crate) async fn invite(
        &self,
        state: Shared<'_>,
        context: Data<&Arc<RequestContext>>,
        work: Data<&Work>,
        office: AtPlace,
        body: Strict<Invite>,
    ) -> Answer<OneInvitation, Use, 201> {
        let new = NewInvitation {
            email: body.0.email,
            role: body.0.role.0.into(),
            language: body.0.language.0,
        };
        let (key, now) = (&state.invitation_key, state.platform.clock.now());
        let admin = admin(office, &context);
        let page = &state.invitation_page;
        let invitation = invitation::invite(&work, key, page, &admin, &new, &context.cause(), now).await?;
        Ok(Reply::new(OneInvitation {
            invitation: Invitation::new(invitation),
        }))
    }

    /// Withdraw an invitation
    ///
    /// Its link stops working immediately. Withdrawing an invitation again changes nothing.
    #[oai(path = "/invitations/:id", method = "delete", operation_id = "withdrawInvitation")]
    pub(crate) async fn withdraw_invitation(
        &self,
        state: Shared<'_>,
        context: Data<&Arc<RequestContext>>,
        office: AtPlace,
        /// Id of the invitation.
        id: Path<InvitationId>,
    ) -> Result<Empty, Failure<Withdraw>> {
        let (pool, now) = (&state.platform.pool, state.platform.clock.now());
        invitation::withdraw(pool, &admin(office, &context), id.0, now).await?;
        Ok(Empty::default())
    }
}
