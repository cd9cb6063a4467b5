//! What the handlers and layers share.

use std::sync::Arc;
use std::time::Duration;

use app::Platform;
use app::cache::Cache;
use app::error::AppResult;
use app::google::Google;
use app::legacy::LegacyUsage;
use app::notification::TicketPrinter;
use app::password::Verifier;
use app::published::{Publication, Published};
use app::rate_limit::RateLimits;
use app::tally::Flush;
use app::throttle::Throttle;
use config::{ConfigError, Origins, ProxiesError, Settings, TrustedProxies};
use connect::SettingError;
use connect::postgres::PgPool;
use domain::device::DeviceKey;
use domain::invitation::InvitationKey;
use domain::legacy::Deprecation;
use domain::offer::OfferKey;
use domain::session::token::SessionKey;
use domain::vault::Vault;
use kernel::clock::Clock;
use ledger::nudge::Nudge;
use poem::Request;
use process::ProcessError;
use process::health::Health;
use secrecy::ExposeSecret;
use storage::Storage;

use crate::assembly::AssemblyQueue;
use crate::error::ApiError;
use crate::wire::rendered::Bodies;

/// Shared by all requests of a process.
pub struct State {
    /// The dependencies of the use cases.
    pub platform: Platform,
    /// The environment that keys must belong to.
    pub environment: String,
    /// Whether catalogue and schedule require a key.
    pub catalogue_requires_key: bool,
    /// Makes and verifies the tokens of sessions.
    pub session_key: SessionKey,
    /// Verifies passwords.
    pub passwords: Verifier,
    /// Signs and verifies invitations.
    pub invitation_key: InvitationKey,
    /// The URL of the page at which invitations are accepted.
    pub invitation_page: String,
    /// The origin of the pages of the back office.
    pub origin: String,
    /// Origins whose pages may call the API from a browser.
    pub cors: Origins,
    /// Makes and verifies the tokens of devices.
    pub device_key: DeviceKey,
    /// Limits attempts to sign in.
    pub throttle: Throttle,
    /// Limits the requests of partners.
    pub rate_limits: RateLimits,
    /// Sign-in with Google, if it is set up.
    pub google: Option<Google>,
    /// The URL of the PMTiles file of the streets that maps show, if there is one.
    pub map_pmtiles_url: Option<String>,
    /// Its origin.
    pub map_origin: Option<String>,
    /// The proxies whose statements about client addresses are trusted.
    pub trusted_proxies: TrustedProxies,
    /// Whether cookies are sent over HTTPS only.
    pub cookie_secure: bool,
    /// The store of files, such as those of reports.
    pub storage: Storage,
    /// How many reports of one company are generated at a time.
    pub reports_at_a_time: u32,
    /// When the old partner API ends.
    pub deprecation: Deprecation,
    /// Counts the calls to it.
    pub legacy_usage: LegacyUsage,
    /// The URL of the guide to its replacement.
    pub guide: String,
    /// Encrypts stored responses.
    pub vault: Arc<Vault>,
    /// Renders tickets as PDF files.
    pub printer: TicketPrinter,
    /// Whether requests can be served.
    pub health: Health,
    /// Notifies the relay when jobs were committed.
    pub nudge: Nudge,
    /// Pages of the catalogue that were rendered.
    pub bodies: Bodies,
    /// Searches whose response has to be assembled.
    pub assembly: AssemblyQueue,
}

/// The state as a handler's argument.
pub type Shared<'a> = poem::web::Data<&'a Arc<State>>;

impl State {
    /// The state that a request may use.
    ///
    /// # Errors
    /// When the request has none, which would be a bug.
    pub(crate) fn of(request: &Request) -> Result<&Self, ApiError> {
        let state = request.data::<Arc<Self>>().map(|state| &**state);
        state.ok_or_else(|| ApiError::fault("a route without the state"))
    }

    /// The state of a process with these settings.
    ///
    /// # Errors
    /// When something cannot be built from them.
    pub fn new(pool: PgPool, clock: Clock, settings: &Settings) -> Result<Self, ProcessError> {
        let session_secret = settings.session_secret.expose_secret().as_bytes();
        let trusted_proxies = settings.trusted_proxies.parse();
        let max_age = Duration::from_millis(settings.cache_max_age_ms);
        let cache = Arc::new(Cache::new(clock.clone(), &settings.environment, max_age));
        Ok(Self {
            throttle: Throttle::new(connect::redis::connect(&settings.redis_url)?, session_secret),
            google: Google::new(settings, clock.clone())?,
            map_pmtiles_url: Some(settings.map_pmtiles_url.clone()).filter(|url| !url.is_empty()),
            map_origin: settings.map_origin(),
            trusted_proxies: trusted_proxies.map_err(|problem: ProxiesError| SettingError {
                setting: "TRUSTED_PROXIES",
                problem: problem.to_string(),
            })?,
            rate_limits: rate_limits(&pool, &cache, settings, None)?,
            health: Health::new(pool.clone()),
            nudge: Nudge::new(connect::redis::connect(&settings.redis_url)?),
            platform: Platform {
                pool,
                clock,
                published: Arc::new(Publication::default()),
                cache,
                offer_key: Arc::new(OfferKey::new(settings.offer_secret.expose_secret().as_bytes())),
                turns: Arc::default(),
                actions: Arc::default(),
                usage: Arc::default(),
            },
            printer: TicketPrinter::new(documents::draw),
            bodies: Bodies::default(),
            assembly: AssemblyQueue::default(),
            environment: settings.environment.clone(),
            catalogue_requires_key: settings.catalogue_requires_key,
            cors: Origins::parse(&settings.cors_origins).map_err(|problem| ConfigError::Wrong(vec![problem]))?,
            session_key: SessionKey::new(session_secret, &settings.environment),
            device_key: DeviceKey::new(session_secret, &settings.environment),
            invitation_key: InvitationKey::new(session_secret, &settings.environment),
            invitation_page: format!("{}/console/invitation", settings.public_url),
            passwords: Verifier::default(),
            origin: settings.origin(),
            cookie_secure: settings.cookie_secure,
            storage: Storage::new(settings)?,
            reports_at_a_time: settings.reports_at_a_time,
            guide: format!("{}{}", settings.public_url, crate::pages::MIGRATION),
            deprecation: Deprecation::new(settings.legacy_deprecated_on, settings.legacy_sunset_on),
            legacy_usage: LegacyUsage::default(),
            vault: Arc::new(Vault::new(&settings.vault_key).map_err(|problem| SettingError {
                setting: "VAULT_KEY",
                problem: problem.to_string(),
            })?),
        })
    }

    /// The counts that are held in memory and have to be written.
    #[must_use]
    pub fn tallies(&self) -> [&dyn Flush; 3] {
        [&*self.platform.usage, &self.legacy_usage, self.platform.cache.uses()]
    }

    /// The published state, possibly a moment old: cities, stops, departures.
    ///
    /// # Errors
    /// Database errors only.
    pub async fn published(&self) -> AppResult<Arc<Published>> {
        self.platform.serving().await
    }
}

/// Rate limits of these settings and of the live keys in memory, on the clock of Redis unless another one is given.
///
/// # Errors
/// When the settings are invalid.
pub fn rate_limits(
    pool: &PgPool,
    cache: &Arc<Cache>,
    settings: &Settings,
    clock: Option<Clock>,
) -> Result<RateLimits, ProcessError> {
    let terms = settings.rate_limits().map_err(ConfigError::Wrong)?;
    let redis = connect::redis::connect_aside(&settings.redis_url)?;
    let secret = settings.session_secret.expose_secret().as_bytes();
    Ok(RateLimits::new(
        pool.clone(),
        Arc::clone(cache),
        redis,
        &settings.environment,
        secret,
        terms,
        clock,
    ))
}
