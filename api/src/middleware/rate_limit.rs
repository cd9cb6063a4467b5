//! Rate limits of what partners and users call: a caller over its limit gets 429 before anything is done, and every
//! response gives the remaining requests (draft-ietf-httpapi-ratelimit-headers-10, structured fields). While Redis is
//! unavailable, requests pass, and responses do not have these headers.
//!
//! The layer is outside [`super::envelope`], so that error responses of every kind have the headers too.

use std::sync::Arc;

use domain::rate_limit::{Class, Limit, RateDecision};
use domain::usage::Counts;
use poem::http::{HeaderName, HeaderValue, header};
use poem::{Endpoint, IntoResponse, Middleware, Request, Response};

use crate::auth::{address, partner};
use crate::context::RequestContext;
use crate::error::{ApiError, Code};
use crate::route;
use crate::route::policy::Caller;
use crate::state::State;

/// The header with the limit: the number of requests and their window.
pub const POLICY: HeaderName = HeaderName::from_static("ratelimit-policy");

/// The header with the remaining requests.
pub const LIMIT: HeaderName = HeaderName::from_static("ratelimit");

/// Message to a caller over its limit.
pub const TOO_MANY: &str = "Too many requests; try again later";

/// The layer.
#[derive(Clone)]
pub struct RateLimit {
    state: Arc<State>,
}

impl RateLimit {
    /// A layer with the limits of this state.
    #[must_use]
    pub const fn new(state: Arc<State>) -> Self {
        Self { state }
    }
}

impl<E: Endpoint> Middleware<E> for RateLimit {
    type Output = RateLimitEndpoint<E>;

    fn transform(&self, inner: E) -> Self::Output {
        RateLimitEndpoint {
            inner,
            state: Arc::clone(&self.state),
        }
    }
}

/// An endpoint with the layer around it.
pub struct RateLimitEndpoint<E> {
    inner: E,
    state: Arc<State>,
}

impl<E: Endpoint> Endpoint for RateLimitEndpoint<E> {
    type Output = Response;

    async fn call(&self, request: Request) -> poem::Result<Response> {
        let policy = route::of(&request).policy;
        let Some(class) = policy.rate else {
            return Ok(self.inner.call(request).await?.into_response());
        };
        let verdict = self.judge(&request, class, policy.caller).await;
        let mut response = match verdict {
            Some((_, verdict)) if !verdict.allowed => {
                app::metrics::count_rate_limited(class);
                refusal(verdict).response()
            }
            _ => match self.inner.call(request).await {
                Ok(response) => response.into_response(),
                Err(error) => ApiError::from(error).response(),
            },
        };
        if let Some((limit, verdict)) = verdict {
            say(&mut response, class, limit, verdict);
        }
        Ok(response)
    }
}

impl<E> RateLimitEndpoint<E> {
    async fn judge(&self, request: &Request, class: Class, caller: Caller) -> Option<(Limit, RateDecision)> {
        let state = &self.state;
        let address = address::of(request, &state.trusted_proxies);
        let key = partner::presented(request).ok().flatten().filter(|_| caller.has_key());
        let subject = state.rate_limits.identify(key, address).await;
        let verdict = state.rate_limits.admit(&subject, class).await;
        if let Some(partner_id) = subject.partner_id {
            let limited = verdict.is_some_and(|(_, verdict)| !verdict.allowed);
            let counts = Counts::request(class, limited);
            state
                .platform
                .usage
                .note(partner_id, state.platform.clock.now(), counts);
            if let Some(context) = request.data::<Arc<RequestContext>>() {
                context.note_partner(partner_id);
            }
        }
        verdict
    }
}

fn refusal(verdict: RateDecision) -> ApiError {
    ApiError::new(Code::RateLimited, TOO_MANY).header(header::RETRY_AFTER, verdict.wait_seconds().into())
}

fn say(response: &mut Response, class: Class, limit: Limit, verdict: RateDecision) {
    let policy = format!("\"{class}\";q={};w={}", limit.quota(), limit.window());
    let left = format!("\"{class}\";r={};t={}", verdict.remaining, verdict.wait_seconds());
    for (name, value) in [(POLICY, policy), (LIMIT, left)] {
        if let Ok(value) = HeaderValue::try_from(value) {
            response.headers_mut().insert(name, value);
        }
    }
}
