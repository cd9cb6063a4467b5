//! Signing in with Google: an id token replaces e-mail address and password; everything after that is the same. A
//! browser gets the token by redirect: `start` returns the URL of Google's page, and `exchange` takes the code with
//! which the browser returns.

use std::sync::Arc;

use app::error::{AppError, AppResult};
use app::google;
use app::session::{self, Identified};
use app::throttle::Client;
use domain::google::ReturnTo;
use poem::http::header;
use poem::web::Data;
use poem_openapi::OpenApi;
use secrecy::{ExposeSecret, SecretString};

use super::body::{GoogleCode, GoogleCredentials, GoogleLogin, GoogleStart};
use super::wire::{GoogleRedirect, GoogleReturn, PreLogin};
use super::{SignedIn, client, offer, open, random, refusal};
use crate::auth::address::ClientAddress;
use crate::auth::cookie;
use crate::auth::guest::Guest;
use crate::backoffice::Chapter;
use crate::context::RequestContext;
use crate::state::{Shared, State};
use crate::wire::body::Strict;
use crate::wire::reply::{Answer, AttemptCookie, Failure, Reply};

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

    /// Start a Google sign-in by redirect
    ///
    /// Returns the URL of Google's sign-in page. Google then sends the browser to the console, at
    /// `/console/sign-in/google`, with `code` and `state` for `googleExchange`, or with `error`. The cookie ties the
    /// sign-in to this browser. Starting again replaces it.
    #[oai(path = "/start", method = "post", operation_id = "googleStart")]
    pub(crate) async fn start(
        &self,
        state: Shared<'_>,
        _guest: Guest,
        body: Strict<GoogleStart>,
    ) -> Result<AttemptCookie<Reply<GoogleRedirect>>, Failure<refusal::GoogleStart>> {
        let return_to = match body.0.return_to {
            None => ReturnTo::default(),
            Some(path) => ReturnTo::new(&path)
                .ok_or_else(|| AppError::field("returnTo", "path", "must be a path of the console, such as /orders"))?,
        };
        let begun = google::begin(state.google.as_ref(), random()?, return_to)?;
        let cookie = cookie::google(Some(&begun.cookie), state.cookie_secure)?;
        let reply = Reply::new(GoogleRedirect { url: begun.url });
        Ok(AttemptCookie(reply.header(header::SET_COOKIE, cookie)))
    }

    /// Exchange a Google authorization code
    ///
    /// For a browser that returns from Google: exchanges the code for an ID token, verifies the token, and returns it
    /// with the user and their workplaces. Does not start a session; `googleLogin` does. Each code can be exchanged
    /// once.
    #[oai(path = "/exchange", method = "post", operation_id = "googleExchange")]
    pub(crate) async fn exchange(
        &self,
        state: Shared<'_>,
        context: Data<&Arc<RequestContext>>,
        guest: Guest,
        address: ClientAddress,
        body: Strict<GoogleCode>,
    ) -> Result<AttemptCookie<Reply<GoogleReturn>>, Failure<refusal::GoogleCode>> {
        let client = client(&state, address, &guest, None);
        let (pool, cookie) = (&state.platform.pool, guest.google_attempt.as_ref());
        let exchanged = google::exchange(
            pool,
            state.google.as_ref(),
            cookie.map(ExposeSecret::expose_secret),
            &body.0.state,
            body.0.code.expose_secret(),
        );
        let returned = state.throttle.guard(None, client, exchanged).await?;
        context.note_user(returned.who.user_id);
        let PreLogin {
            user,
            available_accesses,
        } = session::pre_login(pool, returned.who.user_id).await?.into();
        let reply = Reply::new(GoogleReturn {
            id_token: returned.id_token.expose_secret().to_owned(),
            return_to: returned.return_to.as_str().to_owned(),
            user,
            available_accesses,
        });
        let cookie = cookie::google(None, state.cookie_secure)?;
        Ok(AttemptCookie(reply.header(header::SET_COOKIE, cookie)))
    }
}

/// Identifies a user by an id token of Google. Failures count only for the device or the address, not for an account:
/// no account can be guessed here, and invented tokens must not lock a user out.
async fn identify(state: &State, client: Client, id_token: &SecretString) -> AppResult<Identified> {
    let identified = google::identify(&state.platform.pool, state.google.as_ref(), id_token);
    state.throttle.guard(None, client, identified).await
}
