//! The routes, with all layers around them.

use std::sync::{Arc, LazyLock};
use std::time::Duration;

use poem::endpoint::BoxEndpoint;
use poem::{Endpoint, EndpointExt, IntoEndpoint, Route, get};

use crate::distribution::offer::Searches;
use crate::files;
use crate::fixed::{HTML, Policy, fixed};
use crate::health::{healthz, readyz};
use crate::legacy::header::Headers;
use crate::middleware::body::{BodyCapacity, BodyLimit};
use crate::middleware::compression::Compression;
use crate::middleware::concurrency_limit::{ConcurrencyLimit, ConcurrencyLimits};
use crate::middleware::conditional::Conditional;
use crate::middleware::cors::Cors;
use crate::middleware::envelope::Envelope;
use crate::middleware::full_queue::FullQueue;
use crate::middleware::head::Head;
use crate::middleware::idempotency::Idempotency;
use crate::middleware::noted::Noted;
use crate::middleware::rate_limit::RateLimit;
use crate::middleware::trace::Trace;
use crate::openapi;
use crate::pages::console::{CONSOLE, console};
use crate::pages::{self, GUIDES};
use crate::route;
use crate::routes::TABLE;
use crate::state::State;

/// Limits of the server: time-outs, and how much it serves at once.
#[derive(Debug, Clone, Copy)]
pub struct ServerLimits {
    /// Time for a body to arrive.
    pub body: Duration,
    /// Time for a handler to respond.
    pub handler: Duration,
    /// Time for a handler that receives an archive to respond; between two parts of it no more than `body` may pass.
    pub archive: Duration,
    /// Time for the head of a request to arrive, from its first byte or from the start of the connection. A TLS handshake
    /// gets the same time before that.
    pub head: Duration,
    /// Time for which a client may accept no bytes of a response.
    pub send: Duration,
    /// Time for which a connection may be idle between two requests; longer than proxies keep theirs.
    pub idle: Duration,
    /// Maximum number of connections. Further ones are closed immediately.
    pub connections: usize,
    /// Requests served at the same time, and requests that wait. Further ones are refused with 503.
    pub concurrency: ConcurrencyLimits,
    /// Bytes of bodies held in memory. Further bodies are refused.
    pub bodies: BodyCapacity,
}

impl Default for ServerLimits {
    fn default() -> Self {
        Self {
            body: Duration::from_secs(10),
            handler: Duration::from_secs(30),
            archive: Duration::from_secs(600),
            head: Duration::from_secs(10),
            send: Duration::from_secs(20),
            idle: Duration::from_secs(75),
            connections: 8192,
            concurrency: ConcurrencyLimits::default(),
            bodies: BodyCapacity::default(),
        }
    }
}

/// The operations for partners and users of the back office. Making them describes each one with all its schemas, which
/// takes most of the time of a start; a process that has several servers (tests) does it once.
static OPERATIONS: LazyLock<Arc<BoxEndpoint<'static>>> = LazyLock::new(|| Arc::new(openapi::service().into_endpoint()));

/// The operations for platform operators.
static OPS_OPERATIONS: LazyLock<Arc<BoxEndpoint<'static>>> =
    LazyLock::new(|| Arc::new(openapi::ops_service().into_endpoint()));

/// Every route, with the layers around it. `more` are routes beside those of the platform (tests have one that
/// panics).
///
/// # Errors
/// When the OpenAPI document or a page cannot be made.
pub fn app(
    state: Arc<State>,
    public_url: &str,
    limits: ServerLimits,
    more: Route,
) -> Result<impl Endpoint + 'static, openapi::Unfinished> {
    app_around(state, public_url, limits, more, |routes| routes)
}

/// Like [`app()`], with a layer around the routes themselves, inside all other layers: tests let any operation fail
/// there.
///
/// # Errors
/// As [`app()`].
pub fn app_around<E: Endpoint + 'static>(
    state: Arc<State>,
    public_url: &str,
    limits: ServerLimits,
    more: Route,
    around: fn(Route) -> E,
) -> Result<impl Endpoint + 'static, openapi::Unfinished> {
    let https = public_url.starts_with("https:");
    // Without HTTPS it is a developer's machine: the server is the origin that the document was read from.
    let server = if https { public_url } else { "/" };
    let cors = Cors::new(state.cors.clone());
    let routes = more
        .nest_no_strip("/v2", Arc::clone(&OPERATIONS))
        .nest_no_strip(route::OPS, Arc::clone(&OPS_OPERATIONS))
        .nest_no_strip("/rest", Arc::clone(&OPERATIONS))
        .at(
            route::DOCUMENT,
            get(fixed("application/json", Policy::Text, openapi::text(server)?)),
        )
        .at(pages::REFERENCE, get(fixed(HTML, Policy::Script, openapi::page()?)))
        .at(
            pages::STYLE,
            get(fixed("text/css; charset=utf-8", Policy::Text, pages::STYLE_TEXT)),
        )
        .nest_no_strip(CONSOLE, get(console(state.map_origin.as_deref())?))
        .at(files::route(), get(files::file))
        .at(route::ALIVE, get(healthz))
        .at(route::READY, get(readyz));
    let routes = GUIDES.iter().try_fold(routes, |routes, guide| {
        let page = pages::render(guide, public_url)?;
        Ok::<_, openapi::Unfinished>(routes.at(guide.path, get(fixed(HTML, Policy::Text, page))))
    })?;
    let headers = Headers::new(&state.deprecation, &state.guide);
    Ok(around(routes)
        .data(Arc::clone(&state))
        .data(Arc::new(Searches::default()))
        .with(Idempotency::new(Arc::clone(&state)))
        .with(Noted::new(Arc::clone(&state)))
        .with(ConcurrencyLimit::new(limits.concurrency))
        .with(BodyLimit::new(Arc::clone(&state), limits.bodies, limits.body))
        // Ends the nesting of types half-way: an optimised build inlines all of it, and gives up at a depth of 128.
        .boxed()
        .with(Envelope::new(limits.handler, limits.archive, TABLE))
        .with(FullQueue::new(Arc::clone(&state)))
        .with(RateLimit::new(state))
        .with(headers)
        .with(Conditional)
        .with(cors)
        .with(Compression)
        .with(Head)
        .with(Trace { https, routes: TABLE }))
}
