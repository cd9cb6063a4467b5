//! Refuses searches of partners before they are read, while the queue of searches whose response has to be assembled is
//! full ([`crate::assembly`]). What a process does not spend on reading what it then refuses, it spends on answers.
//!
//! A search passes if an equal one passed lately: its response may be stored, or about to be made. So while the queue is
//! full, a search that is malformed or about an unknown city is usually refused with 503 like any other.

use std::hash::{BuildHasher, RandomState};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use app::metrics::count_refused_search;
use domain::rate_limit::Class;
use poem::http::header::ACCEPT_ENCODING;
use poem::{Endpoint, IntoResponse, Middleware, Request, Response};

use crate::context::RequestContext;
use crate::error::ApiError;
use crate::route;
use crate::state::State;

/// Number of searches that are remembered: several times the number of stored responses.
const REMEMBERED: usize = 1024;

/// The layer. It is inside [`super::rate_limit`], which knows the partner, and outside of all layers that read more of a
/// request.
#[derive(Clone)]
pub struct FullQueue {
    state: Arc<State>,
}

impl FullQueue {
    /// A layer around the queue of this state.
    #[must_use]
    pub const fn new(state: Arc<State>) -> Self {
        Self { state }
    }
}

impl<E: Endpoint> Middleware<E> for FullQueue {
    type Output = FullQueueEndpoint<E>;

    fn transform(&self, inner: E) -> Self::Output {
        FullQueueEndpoint {
            inner,
            state: Arc::clone(&self.state),
            passed: Passed::default(),
        }
    }
}

/// An endpoint with the layer around it.
pub struct FullQueueEndpoint<E> {
    inner: E,
    state: Arc<State>,
    passed: Passed,
}

impl<E: Endpoint> Endpoint for FullQueueEndpoint<E> {
    type Output = Response;

    async fn call(&self, request: Request) -> poem::Result<Response> {
        if is_search_of_a_partner(&request) {
            let search = self.passed.number(&request);
            if self.state.assembly.is_full() && !self.passed.has(search) {
                count_refused_search();
                return Ok(ApiError::too_busy().response());
            }
            self.passed.note(search);
        }
        Ok(self.inner.call(request).await?.into_response())
    }
}

/// Whether it is a search with a live key, in the current API: an unknown key gets 401, and the old API has its own form
/// of errors.
fn is_search_of_a_partner(request: &Request) -> bool {
    let policy = route::of(request).policy;
    let context = request.data::<Arc<RequestContext>>();
    policy.rate == Some(Class::Search)
        && !policy.deprecated
        && context.is_some_and(|context| context.partner_id.get().is_some())
}

/// Searches that passed lately, by a number: each has one place, which a later search with the same place takes.
struct Passed {
    hasher: RandomState,
    numbers: Box<[AtomicU64]>,
}

impl Default for Passed {
    fn default() -> Self {
        Self {
            hasher: RandomState::new(),
            numbers: (0..REMEMBERED).map(|_| AtomicU64::new(0)).collect(),
        }
    }
}

impl Passed {
    /// The same number for equal searches: of one partner, for the same form of the response.
    fn number(&self, request: &Request) -> u64 {
        let context = request.data::<Arc<RequestContext>>();
        let partner_id = context.and_then(|context| context.partner_id.get());
        let asked = request.uri().path_and_query().map(|text| text.as_str());
        let coding = request.headers().get(ACCEPT_ENCODING);
        self.hasher.hash_one((partner_id, asked, coding))
    }

    fn has(&self, search: u64) -> bool {
        self.place(search)
            .is_some_and(|place| place.load(Ordering::Relaxed) == search)
    }

    fn note(&self, search: u64) {
        if let Some(place) = self.place(search) {
            place.store(search, Ordering::Relaxed);
        }
    }

    fn place(&self, search: u64) -> Option<&AtomicU64> {
        // The remainder fits into a `usize`.
        self.numbers.get((search % REMEMBERED as u64) as usize)
    }
}

#[cfg(test)]
mod tests {
    use super::{Passed, REMEMBERED};

    #[test]
    fn a_search_is_remembered_until_another_one_takes_its_place() {
        let passed = Passed::default();
        let (first, second) = (7, 7 + REMEMBERED as u64);
        assert!(!passed.has(first));
        passed.note(first);
        passed.note(8);
        assert!(passed.has(first) && !passed.has(second));
        passed.note(second);
        assert!(passed.has(second) && !passed.has(first));
    }
}
