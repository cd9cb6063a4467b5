//! What every request may use: the platform of the verbs, and the settings that handlers ask for.

use std::sync::Arc;

use common::app::Platform;
use common::app::published::{Publication, Published};
use common::clock::Clock;
use common::config::Settings;
use common::domain::offer::OfferKey;
use common::error::AppResult;
use secrecy::ExposeSecret;
use sqlx::PgPool;

/// Shared by all requests of a process.
#[derive(Debug)]
pub struct State {
    /// What the verbs work with.
    pub platform: Platform,
    /// The environment that keys must be of.
    pub environment: String,
    /// Whether catalogue and schedule ask for a key.
    pub catalogue_requires_key: bool,
}

/// The state as a handler's argument.
pub type Shared<'a> = poem::web::Data<&'a Arc<State>>;

impl State {
    /// The state of a process with these settings; reads what is published.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn load(pool: PgPool, clock: Clock, settings: &Settings) -> AppResult<Self> {
        let platform = Platform {
            pool,
            clock,
            published: Arc::new(Publication::default()),
            offer_key: Arc::new(OfferKey::new(settings.offer_secret.expose_secret().as_bytes())),
        };
        platform.published().await?;
        Ok(Self {
            platform,
            environment: settings.environment.clone(),
            catalogue_requires_key: settings.catalogue_requires_key,
        })
    }

    /// What is published now.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn published(&self) -> AppResult<Arc<Published>> {
        self.platform.published().await
    }
}
