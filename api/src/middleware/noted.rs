//! Read your own writes: the response to a change is sent only after the cache has been marked as behind. The next
//! reader then waits for a refresh ([`app::cache`]). The relay is notified as well, and also after requests that change
//! nothing in memory, since they may have written jobs ([`ledger::nudge`]).

use std::sync::Arc;

use poem::{Endpoint, IntoResponse, Middleware, Request, Response};

use crate::route;
use crate::route::policy::Change;
use crate::state::State;

/// The layer; it is outside all layers that commit.
pub struct Noted {
    state: Arc<State>,
}

impl Noted {
    /// A layer for the cache of this state.
    #[must_use]
    pub const fn new(state: Arc<State>) -> Self {
        Self { state }
    }
}

impl<E: Endpoint> Middleware<E> for Noted {
    type Output = NotedEndpoint<E>;

    fn transform(&self, inner: E) -> Self::Output {
        NotedEndpoint {
            inner,
            state: Arc::clone(&self.state),
        }
    }
}

/// An endpoint with the layer around it.
pub struct NotedEndpoint<E> {
    inner: E,
    state: Arc<State>,
}

impl<E: Endpoint> Endpoint for NotedEndpoint<E> {
    type Output = Response;

    async fn call(&self, request: Request) -> poem::Result<Response> {
        let policy = route::of(&request).policy;
        if !policy.may_write() {
            return Ok(self.inner.call(request).await?.into_response());
        }
        let mut note = Note {
            state: &self.state,
            change: policy.change,
            is_needed: true,
        };
        let response = self.inner.call(request).await.map(IntoResponse::into_response);
        let status = match &response {
            Ok(response) => response.status(),
            Err(error) => error.status(),
        };
        // A rejected request has changed nothing, so no refresh is needed; where that is not so, the handler says it.
        note.is_needed = !status.is_client_error();
        response
    }
}

/// Marks the cache as behind and notifies the relay when it is dropped: also when a request is abandoned halfway, since
/// it may have committed.
struct Note<'a> {
    state: &'a State,
    change: Change,
    is_needed: bool,
}

impl Drop for Note<'_> {
    fn drop(&mut self) {
        if !self.is_needed {
            return;
        }
        let cache = &self.state.platform.cache;
        match self.change {
            Change::Nothing => {}
            Change::Tickets => cache.note_sale(),
            Change::Anything => cache.note_change(),
        }
        self.state.nudge.send();
    }
}
