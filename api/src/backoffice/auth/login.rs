//! Signing in with e-mail address and password.

use std::sync::Arc;

use app::error::AppResult;
use app::session::{self, Identified};
use app::throttle::Client;
use poem::web::Data;
use poem_openapi::OpenApi;
use secrecy::SecretString;

use super::body::{Credentials, Login};
use super::wire::PreLogin;
use super::{SignedIn, client, offer, open, refusal};
use crate::auth::address::ClientAddress;
use crate::auth::guest::Guest;
use crate::backoffice::Chapter;
use crate::context::RequestContext;
use crate::state::{Shared, State};
use crate::wire::body::Strict;
use crate::wire::reply::Answer;

/// Operations that begin a session.
#[derive(Debug, Clone, Copy)]
pub struct LoginApi;

#[OpenApi(prefix_path = "/v2/auth", tag = "Chapter::Sessions")]
impl LoginApi {
    /// List the workplaces a user can sign in to
    ///
    /// Verifies the credentials and returns the user with their workplaces. Does not start a session.
    #[oai(path = "/pre-login", method = "post", operation_id = "preLogin")]
    pub(crate) async fn pre_login(
        &self,
        state: Shared<'_>,
        context: Data<&Arc<RequestContext>>,
        guest: Guest,
        address: ClientAddress,
        body: Strict<Credentials>,
    ) -> Answer<PreLogin, refusal::PreLogin> {
        let client = client(&state, address, &guest, Some(&body.0.email));
        let who = identify(&state, client, &body.0.email, &body.0.password).await?;
        Ok(offer(&state, &context, who).await?)
    }

    /// Sign in
    ///
    /// Starts a session in the workplace that `companyId` names. If `companyId` is omitted, the session starts in the
    /// only workplace of the user.
    #[oai(path = "/login", method = "post", operation_id = "login")]
    pub(crate) async fn login(
        &self,
        state: Shared<'_>,
        context: Data<&Arc<RequestContext>>,
        guest: Guest,
        address: ClientAddress,
        body: Strict<Login>,
    ) -> SignedIn<refusal::Login> {
        let client = client(&state, address, &guest, Some(&body.0.email));
        let who = identify(&state, client, &body.0.email, &body.0.password).await?;
        Ok(open(&state, &context, &guest, who, body.0.company_id.as_deref()).await?)
    }
}

/// Identifies a user by password.
async fn identify(state: &State, client: Client, email: &str, password: &SecretString) -> AppResult<Identified> {
    let identified = session::identify_by_password(&state.platform.pool, &state.passwords, email, password);
    state.throttle.guard(Some(email), client, identified).await
}
