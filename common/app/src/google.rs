//! Sign-in with Google: an id token identifies the user with its email address.

use clients::google_keys::{GoogleKeys, KeyError, PATIENCE};
use config::Settings;
use connect::SettingError;
use domain::id_token::{self, Terms};
use kernel::clock::Clock;
use secrecy::{ExposeSecret, SecretString};
use sqlx::PgPool;

use super::session::{Identified, identified};
use crate::error::{AppError, AppResult};

/// The provider of the settings.
#[derive(Debug)]
pub struct Google {
    keys: GoogleKeys,
    terms: Terms,
    clock: Clock,
}

impl Google {
    /// The provider of `GOOGLE_ISSUER` and `GOOGLE_KEYS_URL`; `None` without a `GOOGLE_CLIENT_ID`.
    ///
    /// # Errors
    /// When the URL is malformed.
    pub fn new(settings: &Settings, clock: Clock) -> Result<Option<Self>, SettingError> {
        if settings.google_client_id.is_empty() {
            return Ok(None);
        }
        Ok(Some(Self {
            keys: GoogleKeys::new(&settings.google_keys_url, clock.clone(), PATIENCE)?,
            terms: Terms::new(&settings.google_issuer, &settings.google_client_id),
            clock,
        }))
    }

    /// The mail address, in lower case, that a token proves.
    ///
    /// # Errors
    /// [`AppError::InvalidCredentials`] when it proves none, [`AppError::Unavailable`] when the keys cannot be fetched.
    async fn address(&self, token: &SecretString) -> AppResult<String> {
        let token = token.expose_secret();
        let refused = |reason: &dyn std::fmt::Display| {
            tracing::info!(%reason, "ID token refused");
            AppError::InvalidCredentials
        };
        let key_id = id_token::key_id(token).map_err(|refusal| refused(&refusal))?;
        let key = self.keys.key(&key_id).await.map_err(|error| match error {
            KeyError::Unknown => refused(&error),
            KeyError::Unavailable => AppError::Unavailable("the keys of Google could not be fetched"),
        })?;
        id_token::verify(token, &key, &self.terms, self.clock.now()).map_err(|refusal| refused(&refusal))
    }
}

/// The user of an id token. The error does not reveal whether the token or the user is unknown.
///
/// # Errors
/// [`AppError::InvalidCredentials`]; [`AppError::Unavailable`] when Google's keys cannot be fetched;
/// [`AppError::Forbidden`] when sign-in with Google is not set up.
pub async fn identify(pool: &PgPool, google: Option<&Google>, token: &SecretString) -> AppResult<Identified> {
    let google = google.ok_or(AppError::Forbidden("Google sign-in is not set up"))?;
    let email = google.address(token).await?;
    identified(db::user::find(&mut *pool.acquire().await?, &email).await?)
}
