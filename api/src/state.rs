//! What every request may use.

use std::sync::Arc;

use common::app::Platform;
use common::app::legacy::Usage;
use common::app::published::{Publication, Published};
use common::clock::Clock;
use common::config::Settings;
use common::domain::legacy::Deprecation;
use common::domain::offer::OfferKey;
use common::domain::session::token::SessionKey;
use common::error::AppResult;
use common::process::ProcessError;
use common::process::health::Health;
use secrecy::ExposeSecret;
use sqlx::PgPool;

/// Shared by all requests of a process.
pub struct State {
    /// What the verbs work with.
    pub platform: Platform,
    /// The environment that keys must be of.
    pub environment: String,
    /// Whether catalogue and schedule ask for a key.
    pub catalogue_requires_key: bool,
    /// Makes and verifies the tokens of sessions.
    pub session_key: SessionKey,
    /// The origin that pages of the backoffice are read from.
    pub origin: String,
    /// When the old partner API ends.
    pub deprecation: Deprecation,
    /// Who calls it.
    pub usage: Usage,
    /// What stands in the way of serving.
    pub health: Health,
}

/// The state as a handler's argument.
pub type Shared<'a> = poem::web::Data<&'a Arc<State>>;

impl State {
    /// The state of a process with these settings.
    ///
    /// # Errors
    /// When a client of the outside world cannot be built from them.
    pub fn new(pool: PgPool, clock: Clock, settings: &Settings) -> Result<Self, ProcessError> {
        Ok(Self {
            health: Health::new(pool.clone()),
            platform: Platform {
                pool,
                clock,
                published: Arc::new(Publication::default()),
                offer_key: Arc::new(OfferKey::new(settings.offer_secret.expose_secret().as_bytes())),
            },
            environment: settings.environment.clone(),
            catalogue_requires_key: settings.catalogue_requires_key,
            session_key: SessionKey::new(
                settings.session_secret.expose_secret().as_bytes(),
                &settings.environment,
            ),
            origin: settings.public_url.clone(),
            deprecation: Deprecation::new(settings.legacy_deprecated_on, settings.legacy_sunset_on),
            usage: Usage::default(),
        })
    }

    /// What is published now: cities, stops, departures.
    ///
    /// # Errors
    /// Database errors only.
    pub async fn published(&self) -> AppResult<Arc<Published>> {
        self.platform.published().await
    }
}
