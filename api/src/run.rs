//! The API as a process, from its settings to its orderly end.

use std::sync::Arc;
use std::time::Duration;

use app::error::AppError;
use app::{cache, tally};
use config::{ConfigError, Settings};
use metrics::Exporter;
use poem::{EndpointExt, Route};
use process::{Process, ProcessError, health};
use tokio::signal::unix::{SignalKind, signal};
use tokio_util::sync::CancellationToken;

use crate::listener::tls::Tls;
use crate::listener::{self, Listener};
use crate::middleware::measure;
use crate::middleware::retire::Retire;
use crate::server::{self, ServerLimits};
use crate::state::State;

/// Serves until the process is asked to end.
///
/// # Errors
/// When it cannot start, or when the listener fails.
pub async fn run(process: Process) -> Result<(), ProcessError> {
    let Process {
        settings,
        pool,
        clock,
        shutdown,
    } = process;
    let tls = tls(&settings)?;
    let mut state = State::new(pool.clone(), clock, &settings)?;
    state.health = state.health.with_check(health::until(shutdown.clone()));
    let state = Arc::new(state);
    // Read what searches need now, so that the first request does not wait for it. The published state comes second,
    // since it must not be older than the seats.
    tokio::select! {
        cached = state.platform.cache.fresh(&pool) => cached.map_err(ProcessError::failed)?,
        () = shutdown.cancelled() => return Ok(()),
    }
    tokio::select! {
        published = state.published() => drop(published.map_err(ProcessError::failed)?),
        () = shutdown.cancelled() => return Ok(()),
    }
    // From here on requests are served from memory while a newer state is read.
    tokio::spawn({
        let (state, pool) = (Arc::clone(&state), pool.clone());
        async move { state.platform.published.follow(&pool, &state.platform.cache).await }
    });
    let app = server::app(
        Arc::clone(&state),
        &settings.public_url,
        ServerLimits::default(),
        Route::new(),
    )
    .map_err(|error| ProcessError::failed(AppError::Internal(format!("the OpenAPI document: {error}"))))?
    .with(Retire {
        shutdown: shutdown.clone(),
    });
    let exporter = Exporter::default()
        .with(measure::register)
        .with(|registry| connect::metrics::register(registry, pool.clone()))
        .with(|registry| {
            let platform = &state.platform;
            app::metrics::register_api(registry, Arc::clone(&platform.published), Arc::clone(&platform.cache));
        })
        .with(clients::metrics::register)
        .with(|registry| tls.iter().for_each(|tls| tls.register(registry)));
    process::metrics::serve(settings.metrics_listen, exporter).await?;
    let listener = Listener::bind(settings.listen, tls).await?;
    let closing = later(shutdown, Duration::from_secs(settings.shutdown_delay_seconds));
    let counting = tokio::spawn({
        let (state, pool, closing) = (Arc::clone(&state), pool.clone(), closing.clone());
        async move { tally::keep(&state.tallies(), &pool, closing).await }
    });
    tokio::spawn({
        let (pool, cache, closing) = (pool.clone(), Arc::clone(&state.platform.cache), closing.clone());
        async move { cache::keep(&pool, &cache, closing).await }
    });
    let drain = Duration::from_secs(settings.shutdown_seconds);
    listener::serve(app, listener, ServerLimits::default(), closing, drain).await?;
    // After the last request: an orderly end loses no count.
    let _ended = counting.await;
    tally::end(&state.tallies(), &pool).await;
    Ok(())
}

/// A token that is cancelled with a delay after another one, so that load balancers see in `/readyz` that the process
/// ends.
fn later(asked: CancellationToken, delay: Duration) -> CancellationToken {
    let closing = CancellationToken::new();
    let token = closing.clone();
    tokio::spawn(async move {
        asked.cancelled().await;
        tokio::time::sleep(delay).await;
        token.cancel();
    });
    closing
}

/// The certificate of the settings, if there is one. SIGHUP reads it again; without one it changes nothing.
fn tls(settings: &Settings) -> Result<Option<Arc<Tls>>, ProcessError> {
    let tls = match settings.tls_cert.as_str() {
        "" => None,
        certificate => {
            let tls = Tls::load(certificate, &settings.tls_key);
            Some(Arc::new(
                tls.map_err(|error| ConfigError::Wrong(vec![error.to_string()]))?,
            ))
        }
    };
    let mut hangup = signal(SignalKind::hangup())?;
    let current = tls.clone();
    tokio::spawn(async move {
        while let (Some(()), Some(tls)) = (hangup.recv().await, &current) {
            match tls.reload() {
                Ok(()) => tracing::info!("certificate reloaded"),
                Err(error) => tracing::error!(%error, "could not reload the certificate; the old one stays in use"),
            }
        }
    });
    Ok(tls)
}
