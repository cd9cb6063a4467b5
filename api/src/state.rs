//! What every request may use: connections, the clock, the settings that handlers ask for, and what is kept in memory.

use std::sync::Arc;

use common::clock::Clock;
use common::config::Settings;
use common::db;
use common::domain::catalogue::Catalogue;
use common::error::AppResult;
use sqlx::PgPool;

/// Shared by all requests of a process.
#[derive(Debug)]
pub struct State {
    /// Connections to PostgreSQL.
    pub pool: PgPool,
    /// Where handlers take the time from.
    pub clock: Clock,
    /// The environment that keys must be of.
    pub environment: String,
    /// Whether catalogue and schedule ask for a key.
    pub catalogue_requires_key: bool,
    /// Cities and stops on sale.
    pub catalogue: Arc<Catalogue>,
}

/// The state as a handler's argument.
pub type Shared<'a> = poem::web::Data<&'a Arc<State>>;

impl State {
    /// The state of a process with these settings; reads the catalogue.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn load(pool: PgPool, clock: Clock, settings: &Settings) -> AppResult<Self> {
        let catalogue = db::catalogue::load(&mut *pool.acquire().await?).await?;
        Ok(Self {
            pool,
            clock,
            environment: settings.environment.clone(),
            catalogue_requires_key: settings.catalogue_requires_key,
            catalogue: Arc::new(catalogue),
        })
    }
}
