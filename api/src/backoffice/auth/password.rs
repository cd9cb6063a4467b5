//! Changing one's own password.

use std::sync::Arc;

use app::error::AppError;
use app::{password, user};
use poem::web::Data;
use poem_openapi::OpenApi;

use super::body::ChangePassword;
use super::{client, refusal};
use crate::auth::address::ClientAddress;
use crate::auth::guest::Guest;
use crate::auth::person::Person;
use crate::backoffice::Chapter;
use crate::context::RequestContext;
use crate::state::Shared;
use crate::wire::body::Strict;
use crate::wire::reply::{Empty, Failure};

/// Operations on passwords.
#[derive(Debug, Clone, Copy)]
pub struct PasswordApi;

#[OpenApi(prefix_path = "/v2/auth", tag = "Chapter::Sessions")]
impl PasswordApi {
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
        let change = password::PasswordChange {
            user_id: person.0.user_id,
            session_id: person.0.session_id,
            current: current_password,
            new: new_password,
            request_id: context.cause().request_id,
        };
        let changed = password::change(pool, &state.passwords, &change, now);
        let client = client(&state, address, &guest, Some(&email));
        match state.throttle.guard(Some(&email), client, changed).await {
            // The session is valid, so the response is not a 401 but an error of the field.
            Err(AppError::InvalidCredentials) => Err(wrong_password().into()),
            changed => Ok(changed.map(|()| Empty::default())?),
        }
    }
}

/// The error for another password than the current one.
#[must_use]
pub fn wrong_password() -> AppError {
    AppError::field("currentPassword", "password", "must be your current password")
}
