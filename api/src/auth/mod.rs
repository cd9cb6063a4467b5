//! Who calls: partners by key, people by session. The extractors authenticate; the security schemes that they register
//! are what the document says of them.

use std::sync::Arc;

use poem::Request;

use crate::error::ApiError;
use crate::state::State;

pub mod address;
pub mod cookie;
pub mod csrf;
pub mod guest;
pub mod partner;
pub mod person;
pub mod refresh;

/// The state that a request may use.
pub(crate) fn state(request: &Request) -> Result<&State, ApiError> {
    request
        .data::<Arc<State>>()
        .map(|state| &**state)
        .ok_or_else(|| ApiError::fault("a route without the state"))
}
