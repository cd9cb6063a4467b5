//! The API process.

use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use api::server::{self, Patience};
use api::state::State;
use common::config::Needs;
use common::error::AppError;
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
    let state = Arc::new(State::new(pool, clock, &settings)?);
    // Read what is published now, so that the first request does not wait for it.
    state.published().await?;
    let patience = Patience::default();
    let (counting, counted) = (Arc::clone(&state), Arc::clone(&state));
    let until = shutdown.clone();
    let keeper = tokio::spawn(async move { counting.usage.keep(&counting.platform.pool, until).await });
    let app = server::app(state, &settings.public_url, patience, Route::new())
        .map_err(|error| AppError::Internal(format!("the OpenAPI document: {error}")))?;
    let drain = Duration::from_secs(settings.shutdown_seconds);
    server::serve(app, settings.listen, patience, shutdown, drain).await?;
    // After the last request: an orderly end loses no count.
    let _ = keeper.await;
    counted.usage.flush(&counted.platform.pool).await?;
    Ok(())
}
