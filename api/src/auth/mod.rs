//! Authentication of callers: partners by key, people by session. The extractors authenticate; the security schemes
//! that they register are their descriptions in the document.

use app::api_key;
use app::work::Work;
use domain::idempotency::Caller;
use poem::Request;

use crate::error::ApiError;
use crate::state::State;

pub mod address;
pub mod cookie;
pub mod csrf;
pub mod guest;
pub mod header;
pub mod partner;
pub mod person;
pub mod refresh;

/// Whether a request carries a live key, or a genuine and unexpired access token. That is enough to read its body, not
/// to authorise it. Mostly answered from memory.
///
/// # Errors
/// If the database is needed for the answer and does not respond.
pub(crate) async fn shows_credential(request: &Request, state: &State) -> Result<bool, ApiError> {
    if let Ok(Some(key)) = partner::presented(request)
        && api_key::is_live(&state.platform, key).await?
    {
        return Ok(true);
    }
    let token = cookie::read(request, cookie::ACCESS);
    Ok(token.is_some_and(|token| state.session_key.verify(token, state.platform.clock.now()).is_ok()))
}

/// Records the sender of a request for [`crate::middleware::idempotency`] as soon as it is known.
///
/// # Errors
/// When the request has no state, which would be a bug.
fn enter(request: &Request, caller: impl FnOnce(&State) -> Caller) -> Result<(), ApiError> {
    let state = State::of(request)?;
    if let Some(work) = request.data::<Work>() {
        work.enter(|| caller(state));
    }
    Ok(())
}
