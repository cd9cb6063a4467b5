//! Switching a session to another workplace: a company, a partner or the platform.

use app::session;
use poem::http::header;
use poem_openapi::OpenApi;

use super::body::SwitchCompany;
use super::{SignedIn, refusal};
use crate::auth::cookie;
use crate::auth::person::Person;
use crate::backoffice::Chapter;
use crate::state::Shared;
use crate::wire::body::Strict;
use crate::wire::reply::{Cookies, Reply};

/// The operation that changes the workplace of a session.
#[derive(Debug, Clone, Copy)]
pub struct SwitchCompanyApi;

#[OpenApi(prefix_path = "/v2/auth", tag = "Chapter::Sessions")]
impl SwitchCompanyApi {
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
}
