//! The API process.

use std::error::Error;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use api::server::{self, Patience};
use api::state::State;
use common::clock::Clock;
use common::config::{Needs, Settings};
use common::db;
use poem::Route;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

#[tokio::main]
async fn main() -> ExitCode {
    let settings = match Settings::from_env(Needs::Api) {
        Ok(settings) => settings,
        Err(error) => {
            // Before there are settings there is no log.
            #[expect(clippy::print_stderr, reason = "nothing else can say it")]
            {
                eprintln!("{error}");
            }
            return ExitCode::FAILURE;
        }
    };
    match run(settings).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            tracing::error!(%error, "the API stops");
            ExitCode::FAILURE
        }
    }
}

async fn run(settings: Settings) -> Result<(), Box<dyn Error + Send + Sync>> {
    let url = secrecy::ExposeSecret::expose_secret(&settings.database_url);
    let pool = db::connect(url, settings.database_connections).await?;
    let state = Arc::new(State::load(pool, Clock::system(), &settings).await?);
    let patience = Patience::default();
    let app = server::app(state, &settings.public_url, patience, Route::new())?;
    server::serve(
        app,
        settings.listen,
        patience,
        Duration::from_secs(settings.shutdown_seconds),
    )
    .await?;
    Ok(())
}
