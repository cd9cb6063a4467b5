//! The signed-in user.

use app::session;
use poem_openapi::OpenApi;

use super::wire::Auth;
use crate::auth::person::Person;
use crate::backoffice::Chapter;
use crate::state::Shared;
use crate::wire::reply::{Answer, Reply};

/// The operation on the signed-in user.
#[derive(Debug, Clone, Copy)]
pub struct MeApi;

#[OpenApi(prefix_path = "/v2/auth", tag = "Chapter::Sessions")]
impl MeApi {
    /// Get the signed-in user
    ///
    /// Returns the user, the session, the current workplace, and all workplaces the user can sign in to.
    #[oai(path = "/me", method = "get", operation_id = "getMe")]
    pub(crate) async fn me(&self, state: Shared<'_>, person: Person) -> Answer<Auth, ()> {
        let who = person.0;
        let auth = session::current(&state.platform.pool, who.user_id, who.session_id, who.access_id).await?;
        Ok(Reply::new(auth.into()))
    }
}
