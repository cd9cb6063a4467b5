//! Signing out.

use app::session;
use poem::http::header;
use poem_openapi::OpenApi;

use super::refusal;
use crate::auth::cookie;
use crate::auth::guest::Guest;
use crate::auth::person::Person;
use crate::backoffice::Chapter;
use crate::error::ApiError;
use crate::state::{Shared, State};
use crate::wire::reply::{Cookies, Empty, Failure};

type SignedOut<R> = Result<Cookies<Empty>, Failure<R>>;

/// Operations that end sessions and clear their cookies.
#[derive(Debug, Clone, Copy)]
pub struct LogoutApi;

#[OpenApi(prefix_path = "/v2/auth", tag = "Chapter::Sessions")]
impl LogoutApi {
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
