//! Who has changed something reads it afterwards: an answer that says that something was done goes out after the cache
//! knows that it is behind. The next reader then waits for a look ([`app::cache`]). The relay is told as well, for
//! what was done may have written jobs ([`ledger::nudge`]).

use std::sync::Arc;

use poem::http::Method;
use poem::{Endpoint, IntoResponse, Middleware, Request, Response};

use crate::state::State;

/// The layer; outside of whatever commits.
pub struct Noted {
    state: Arc<State>,
}

impl Noted {
    /// For the cache of this state.
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
        if matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS) {
            return Ok(self.inner.call(request).await?.into_response());
        }
        let mut note = Note {
            state: &self.state,
            is_sale: is_sale(request.uri().path()),
            is_needed: true,
        };
        let response = self.inner.call(request).await.map(IntoResponse::into_response);
        let status = match &response {
            Ok(response) => response.status(),
            Err(error) => error.status(),
        };
        // A refusal has changed nothing, so nobody needs to look for it.
        note.is_needed = !status.is_client_error();
        response
    }
}

/// Whether an operation changes tickets and nothing else that is in memory. All others are few.
fn is_sale(path: &str) -> bool {
    ["/v2/bookings", "/v2/orders", "/rest/"]
        .iter()
        .any(|prefix| path.starts_with(prefix))
}

/// Notes when it is dropped, so also when a request is given up half-way, which may have committed.
struct Note<'a> {
    state: &'a State,
    is_sale: bool,
    is_needed: bool,
}

impl Drop for Note<'_> {
    fn drop(&mut self) {
        if !self.is_needed {
            return;
        }
        let cache = &self.state.platform.cache;
        match self.is_sale {
            true => cache.note_sale(),
            false => cache.note_change(),
        }
        self.state.nudge.send();
    }
}
