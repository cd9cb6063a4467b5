//! New tokens for a session.

use std::sync::Arc;

use app::error::AppError;
use app::session;
use poem::http::header;
use poem::web::Data;
use poem_openapi::OpenApi;
use secrecy::ExposeSecret;

use super::{SignedIn, refusal, signed_in};
use crate::auth::cookie;
use crate::auth::refresh::RefreshToken;
use crate::backoffice::Chapter;
use crate::context::RequestContext;
use crate::error::ApiError;
use crate::state::Shared;

/// The operation that continues a session.
#[derive(Debug, Clone, Copy)]
pub struct RefreshApi;

#[OpenApi(prefix_path = "/v2/auth", tag = "Chapter::Sessions")]
impl RefreshApi {
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
}
