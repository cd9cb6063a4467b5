//! The API process.

use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use api::server::{self, Patience};
use api::state::State;
use common::config::Needs;
use common::error::{AppError, chain};
use common::process::{self, Process, ProcessError};
use poem::Route;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    process::run(Needs::Api, run)
}

async fn run(process: Process) -> Result<(), ProcessError> {
    let Process {
        settings,
        pool,
        clock,
        shutdown,
    } = process;
    let state = Arc::new(State::new(pool.clone(), clock, &settings)?);
    let usage = Arc::clone(&state.platform.usage);
    // Read what is published now, so that the first request does not wait for it.
    state.published().await?;
    let patience = Patience::default();
    let app = server::app(state, &settings.public_url, patience, Route::new())
        .map_err(|error| AppError::Internal(format!("the OpenAPI document: {error}")))?;
    let drain = Duration::from_secs(settings.shutdown_seconds);
    let counting = tokio::spawn({
        let (usage, pool, shutdown) = (Arc::clone(&usage), pool.clone(), shutdown.clone());
        async move { usage.keep(&pool, shutdown).await }
    });
    server::serve(app, settings.listen, patience, shutdown, drain).await?;
    let _ended = counting.await;
    // Of the requests that were still in flight.
    if let Err(error) = usage.flush(&pool).await {
        tracing::error!(error = chain(&error), "the last usage could not be written; it is lost");
    }
    Ok(())
}
