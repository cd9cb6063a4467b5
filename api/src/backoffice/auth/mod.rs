//! Sessions of users (contract section 6): after identification, by any method, a request continues in `offer` or
//! `open`.

use std::sync::Arc;

use app::error::{AppError, AppResult};
use app::session::{self, Identified, Opened};
use app::throttle::Client;
use domain::device::Device;
use poem::http::header;
use poem::web::Data;
use poem_openapi::OpenApi;
use rand::TryRng;
use rand::rngs::SysRng;
use secrecy::{ExposeSecret, SecretString};

use super::Chapter;
use crate::auth::address::ClientAddress;
use crate::auth::cookie;
use crate::auth::guest::Guest;
use crate::auth::person::Person;
use crate::auth::refresh::RefreshToken;
use crate::context::RequestContext;
use crate::error::ApiError;
use crate::state::{Shared, State};
use crate::wire::body::Strict;
use crate::wire::reply::{Answer, Cookies, Empty, Failure, Reply};
use body::{Credentials, Login, SwitchCompany};
use wire::{Auth, PreLogin};

pub mod body;
pub mod google;
pub mod invitation;
pub mod invitation_wire;
pub mod own_session;
pub mod password;
pub mod refusal;
pub mod wire;

/// Operations on sessions.
#[derive(Debug, Clone, Copy)]
pub struct AuthApi;

type SignedIn<R> = Result<Cookies<Reply<Auth>>, Failure<R>>;
type SignedOut<R> = Result<Cookies<Empty>, Failure<R>>;

#[OpenApi(prefix_path = "/v2/auth", tag = "Chapter::Sessions")]
impl AuthApi {
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

    /// Refresh the tokens of a session
    ///
    /// Issues a new access token and a new refresh token. Concurrent requests with the same refresh token receive the
    /// same new refresh token. A superseded refresh token remains valid for 20 seconds. Using it later revokes the
    /// session.
    #[oai(path = "/refresh", method = "post", operation_id = "refreshSession")]
    pub(crate) async fn refresh(
        &self,
        state: Shared<'_>,
        context: Data<&Arc<RequestContext>>,
        token: RefreshToken,
    ) -> SignedIn<refusal::Refresh> {
        let (platform, now) = (&state.platform, state.platform.clock.now());
        match session::refresh(&platform.pool, &state.session_key, token.0.expose_secret(), now).await {
            Ok(opened) => {
                context.note_user(opened.auth.user.id);
                Ok(signed_in(&state, opened)?)
            }
            Err(error @ AppError::SessionReplayed) => {
                let cleared = cookie::cleared(state.cookie_secure)?;
                let error = cleared.into_iter().fold(ApiError::from(error), |error, cookie| {
                    error.header(header::SET_COOKIE, cookie)
                });
                Err(error.into())
            }
            Err(error) => Err(error.into()),
        }
    }

    /// Switch to another workplace
    ///
    /// The session continues in the new workplace and stays there after a refresh.
    #[oai(path = "/switch-company", method = "post", operation_id = "switchCompany")]
    pub(crate) async fn switch_company(
        &self,
        state: Shared<'_>,
        person: Person,
        body: Strict<SwitchCompany>,
    ) -> SignedIn<refusal::Switch> {
        let (platform, now) = (&state.platform, state.platform.clock.now());
        let place = &body.0.company_id;
        let (auth, token) = session::switch(&platform.pool, &state.session_key, &person.0, place, now).await?;
        let reply = Reply::new(auth.into());
        let access = cookie::access(&token, state.cookie_secure)?;
        Ok(Cookies(reply.header(header::SET_COOKIE, access)))
    }

    /// Get the signed-in user
    ///
    /// Returns the user, the session, the current workplace, and all workplaces the user can sign in to.
    #[oai(path = "/me", method = "get", operation_id = "getMe")]
    pub(crate) async fn me(&self, state: Shared<'_>, person: Person) -> Answer<Auth, ()> {
        let who = person.0;
        let auth = session::current(&state.platform.pool, who.user_id, who.session_id, who.access_id).await?;
        Ok(Reply::new(auth.into()))
    }

    /// Sign out
    ///
    /// Ends the session and clears its cookies. Succeeds even if no user is signed in.
    #[oai(path = "/logout", method = "post", operation_id = "logout")]
    pub(crate) async fn logout(&self, state: Shared<'_>, guest: Guest) -> SignedOut<refusal::Logout> {
        let (platform, now) = (&state.platform, state.platform.clock.now());
        let Guest {
            access_token,
            refresh_token,
            ..
        } = &guest;
        let (access, refresh) = (access_token.as_ref(), refresh_token.as_ref());
        session::logout(&platform.pool, &state.session_key, access, refresh, now).await?;
        Ok(signed_out(&state)?)
    }

    /// Sign out of all sessions
    ///
    /// Ends all sessions of the user immediately.
    #[oai(path = "/logout-all", method = "post", operation_id = "logoutAll")]
    pub(crate) async fn logout_all(&self, state: Shared<'_>, person: Person) -> SignedOut<refusal::LogoutAll> {
        let now = state.platform.clock.now();
        session::logout_all(&state.platform.pool, person.0.user_id, now).await?;
        Ok(signed_out(&state)?)
    }
}

/// Identifies a user by password.
async fn identify(state: &State, client: Client, email: &str, password: &SecretString) -> AppResult<Identified> {
    let identified = session::identify_by_password(&state.platform.pool, &state.passwords, email, password);
    state.throttle.guard(Some(email), client, identified).await
}

/// The address of an attempt to sign in, and its device if the user of `email` has signed in on it before. Without
/// `email`, any user counts.
fn client(state: &State, ClientAddress(address): ClientAddress, guest: &Guest, email: Option<&str>) -> Client {
    let device = device(state, guest, email);
    Client { address, device }
}

/// The device that the cookie names.
fn device(state: &State, guest: &Guest, email: Option<&str>) -> Option<Device> {
    let token = guest.device_token.as_ref()?.expose_secret();
    state.device_key.verify(token, email, state.platform.clock.now())
}

/// The workplaces from which an identified user may choose.
async fn offer(state: &State, context: &RequestContext, who: Identified) -> AppResult<Reply<PreLogin>> {
    context.note_user(who.user_id);
    let pre_login = session::pre_login(&state.platform.pool, who.user_id).await?;
    Ok(Reply::new(pre_login.into()))
}

/// Begins a session of an identified user. The device is known for that user from now on.
async fn open(
    state: &State,
    context: &RequestContext,
    guest: &Guest,
    who: Identified,
    place: Option<&str>,
) -> Result<Cookies<Reply<Auth>>, ApiError> {
    context.note_user(who.user_id);
    let (pool, now) = (&state.platform.pool, state.platform.clock.now());
    let opened = session::login(
        pool,
        &state.session_key,
        who,
        place,
        random()?,
        guest.browser.clone(),
        now,
    )
    .await?;
    let email = opened.auth.user.email.clone();
    let device = match device(state, guest, Some(&email)) {
        Some(known) => known,
        None => Device { id: random()? },
    };
    let token = state.device_key.sign(&email, device, now);
    let Cookies(reply) = signed_in(state, opened)?;
    let device = cookie::device(&token, state.cookie_secure)?;
    Ok(Cookies(reply.header(header::SET_COOKIE, device)))
}

/// Random bytes from the operating system.
fn random() -> Result<[u8; 16], ApiError> {
    let mut bytes = [0; 16];
    SysRng
        .try_fill_bytes(&mut bytes)
        .map_err(|error| ApiError::fault(format!("no random bytes: {error}")))?;
    Ok(bytes)
}

/// The response with a new session, and its tokens in the cookies.
fn signed_in(state: &State, opened: Opened) -> Result<Cookies<Reply<Auth>>, ApiError> {
    let access = cookie::access(&opened.access_token, state.cookie_secure)?;
    let refresh = cookie::refresh(&opened.refresh_token, state.cookie_secure)?;
    let reply = Reply::new(opened.auth.into());
    Ok(Cookies(
        reply
            .header(header::SET_COOKIE, access)
            .header(header::SET_COOKIE, refresh),
    ))
}

/// An empty response that removes the cookies.
fn signed_out(state: &State) -> Result<Cookies<Empty>, ApiError> {
    let [access, refresh] = cookie::cleared(state.cookie_secure)?;
    let reply = Empty::default();
    Ok(Cookies(
        reply
            .header(header::SET_COOKIE, access)
            .header(header::SET_COOKIE, refresh),
    ))
}
