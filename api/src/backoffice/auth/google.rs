//! Signing in with Google: an id token in the place of mail address and password. What follows is the same.

use std::sync::Arc;

use app::error::AppResult;
use app::google;
use app::session::Identified;
use app::throttle::Client;
use poem::web::Data;
use poem_openapi::OpenApi;
use secrecy::SecretString;

use super::body::{GoogleCredentials, GoogleLogin};
use super::wire::PreLogin;
use super::{SignedIn, client, offer, open, refusal};
use crate::auth::address::ClientAddress;
use crate::auth::guest::Guest;
use crate::backoffice::Chapter;
use crate::middleware::trace::RequestContext;
use crate::state::{Shared, State};
use crate::wire::body::Strict;
use crate::wire::reply::Answer;

/// Operations with Google.
#[derive(Debug, Clone, Copy)]
pub struct GoogleApi;

#[OpenApi(prefix_path = "/v2/auth/google", tag = "Chapter::Sessions")]
impl GoogleApi {
    /// List the workplaces a user can sign in to with Google
    ///
    /// Verifies the Google ID token and returns the user with their workplaces. Does not start a session.
    #[oai(path = "/pre-login", method = "post", operation_id = "googlePreLogin")]
    pub(crate) async fn pre_login(
        &self,
        state: Shared<'_>,
        context: Data<&Arc<RequestContext>>,
        guest: Guest,
        address: ClientAddress,
        body: Strict<GoogleCredentials>,
    ) -> Answer<PreLogin, refusal::GooglePreLogin> {
        let who = identify(&state, client(&state, address, &guest, None), &body.0.id_token).await?;
        Ok(offer(&state, &context, who).await?)
    }

    /// Sign in with Google
    ///
    /// Starts a session in the workplace that `companyId` names. If `companyId` is omitted, the session starts in the
    /// only workplace of the user.
    #[oai(path = "/login", method = "post", operation_id = "googleLogin")]
    pub(crate) async fn login(
        &self,
        state: Shared<'_>,
        context: Data<&Arc<RequestContext>>,
        guest: Guest,
        address: ClientAddress,
        body: Strict<GoogleLogin>,
    ) -> SignedIn<refusal::GoogleLogin> {
        let who = identify(&state, client(&state, address, &guest, None), &body.0.id_token).await?;
        Ok(open(&state, &context, &guest, who, body.0.company_id.as_deref()).await?)
    }
}

/// Identifies a user by an id token of Google. Failures count for the device or the address alone: no account can be
/// guessed here, and invented tokens must not lock a user out.
async fn identify(state: &State, client: Client, id_token: &SecretString) -> AppResult<Identified> {
    let identified = google::identify(&state.platform.pool, state.google.as_ref(), id_token);
    state.throttle.guard(None, client, identified).await
}
