//! Sign-in with Google: an ID token identifies the user with its e-mail address. The token comes with the request, or
//! is exchanged for the code with which a browser returns from Google.

use clients::google_codes::{CodeError, GoogleCodes};
use clients::google_keys::{GoogleKeys, KeyError, TIMEOUTS};
use config::Settings;
use connect::SettingError;
use domain::google::{Attempt, AttemptKey, ReturnTo};
use domain::id_token::{self, Terms};
use kernel::chain;
use kernel::clock::Clock;
use reqwest::Url;
use secrecy::{ExposeSecret, SecretString};
use sqlx::PgPool;

use super::session::{Identified, identified};
use crate::error::{AppError, AppResult};

/// The page of the console to which browsers return from Google.
pub const CALLBACK: &str = "/console/sign-in/google";

const NOT_SET_UP: AppError = AppError::Forbidden("Sign-in with Google is not configured");

/// Sign-in with Google, as configured by the settings.
#[derive(Debug)]
pub struct Google {
    keys: GoogleKeys,
    terms: Terms,
    clock: Clock,
    redirect: Option<Redirect>,
}

/// Additional dependencies of sign-in by redirect.
#[derive(Debug)]
struct Redirect {
    codes: GoogleCodes,
    /// The page of Google, with the parameters that are the same for each sign-in.
    page: Url,
    key: AttemptKey,
}

/// A sign-in that a browser has begun.
#[derive(Debug)]
pub struct Begun {
    /// The URL of Google's page.
    pub url: String,
    /// The cookie that the browser keeps until it returns.
    pub cookie: String,
}

/// A user who has returned from Google.
#[derive(Debug)]
pub struct Returned {
    /// The user.
    pub who: Identified,
    /// The ID token, with which a session can be opened.
    pub id_token: SecretString,
    /// The page of the console that the user came from.
    pub return_to: ReturnTo,
}

impl Google {
    /// Sign-in with the `GOOGLE_` settings; `None` without a `GOOGLE_CLIENT_ID`.
    ///
    /// # Errors
    /// When a URL is malformed.
    pub fn new(settings: &Settings, clock: Clock) -> Result<Option<Self>, SettingError> {
        if settings.google_client_id.is_empty() {
            return Ok(None);
        }
        Ok(Some(Self {
            keys: GoogleKeys::new(&settings.google_keys_url, clock.clone(), TIMEOUTS)?,
            terms: Terms::new(&settings.google_issuer, &settings.google_client_id),
            clock,
            redirect: Redirect::new(settings)?,
        }))
    }

    /// Whether users can sign in by redirect.
    #[must_use]
    pub const fn has_redirect(&self) -> bool {
        self.redirect.is_some()
    }

    /// The mail address, in lower case, that a token proves.
    ///
    /// # Errors
    /// [`AppError::InvalidCredentials`] when it proves none, [`AppError::Unavailable`] when the keys cannot be fetched.
    async fn address(&self, token: &SecretString, nonce: Option<&str>) -> AppResult<String> {
        let token = token.expose_secret();
        let refused = |reason: &dyn std::fmt::Display| {
            tracing::info!(%reason, "ID token refused");
            AppError::InvalidCredentials
        };
        let key_id = id_token::key_id(token).map_err(|refusal| refused(&refusal))?;
        let key = self.keys.key(&key_id).await.map_err(|error| match error {
            KeyError::Unknown => refused(&error),
            KeyError::Unavailable => AppError::Unavailable("could not fetch Google's keys"),
        })?;
        id_token::verify(token, &key, &self.terms, nonce, self.clock.now()).map_err(|refusal| refused(&refusal))
    }
}

impl Redirect {
    /// `None` without a `GOOGLE_CLIENT_SECRET`.
    fn new(settings: &Settings) -> Result<Option<Self>, SettingError> {
        let secret = &settings.google_client_secret;
        if secret.expose_secret().is_empty() {
            return Ok(None);
        }
        let mut page = Url::parse(&settings.google_authorization_url).map_err(|problem| SettingError {
            setting: "GOOGLE_AUTHORIZATION_URL",
            problem: format!("is not a URL: {problem}"),
        })?;
        let (client_id, callback) = (&settings.google_client_id, format!("{}{CALLBACK}", settings.public_url));
        page.query_pairs_mut()
            .append_pair("response_type", "code")
            .append_pair("client_id", client_id)
            .append_pair("redirect_uri", &callback)
            .append_pair("scope", "openid email")
            // A user with several accounts chooses one each time, instead of the one that the browser used last.
            .append_pair("prompt", "select_account")
            .append_pair("code_challenge_method", "S256");
        let session_secret = settings.session_secret.expose_secret().as_bytes();
        Ok(Some(Self {
            codes: GoogleCodes::new(&settings.google_token_url, client_id, secret.clone(), &callback)?,
            page,
            key: AttemptKey::new(session_secret, &settings.environment),
        }))
    }

    /// The page to which the browser of an attempt is sent.
    fn page(&self, attempt: &Attempt) -> Url {
        let mut page = self.page.clone();
        page.query_pairs_mut()
            .append_pair("state", &attempt.state)
            .append_pair("nonce", &attempt.nonce)
            .append_pair("code_challenge", &attempt.challenge());
        page
    }
}

fn redirect(google: Option<&Google>) -> AppResult<(&Google, &Redirect)> {
    let google = google.ok_or(NOT_SET_UP)?;
    Ok((google, google.redirect.as_ref().ok_or(NOT_SET_UP)?))
}

/// Begins a sign-in by redirect. `random` makes it unique.
///
/// # Errors
/// [`AppError::Forbidden`] when sign-in by redirect is not set up.
pub fn begin(google: Option<&Google>, random: [u8; 16], return_to: ReturnTo) -> AppResult<Begun> {
    let (google, redirect) = redirect(google)?;
    let (attempt, cookie) = redirect.key.begin(random, return_to, google.clock.now());
    let url = redirect.page(&attempt).into();
    Ok(Begun { url, cookie })
}

/// The user who returns with `code` and `state`, in the browser with `cookie`. The error does not reveal whether the
/// code, its token or the user is unknown.
///
/// # Errors
/// [`AppError::Validation`] when the browser did not begin this sign-in, or began it too long ago;
/// [`AppError::InvalidCredentials`]; [`AppError::Unavailable`] when Google cannot be reached; [`AppError::Forbidden`]
/// when sign-in by redirect is not set up.
pub async fn exchange(
    pool: &PgPool,
    google: Option<&Google>,
    cookie: Option<&str>,
    state: &str,
    code: &str,
) -> AppResult<Returned> {
    let (google, redirect) = redirect(google)?;
    let attempt = cookie
        .and_then(|cookie| redirect.key.resume(cookie, google.clock.now()))
        .filter(|attempt| attempt.has_state(state))
        .ok_or_else(unknown_state)?;
    let exchanged = redirect.codes.exchange(code, &attempt.verifier).await;
    let id_token = exchanged.map_err(|error| match error {
        CodeError::Refused => {
            tracing::info!("authorization code refused");
            AppError::InvalidCredentials
        }
        error => {
            if matches!(error, CodeError::Setup(_)) {
                tracing::error!(
                    error = chain(&error),
                    "the GOOGLE_ settings do not allow the exchange of authorization codes"
                );
            } else {
                tracing::warn!(error = chain(&error), "could not exchange an authorization code");
            }
            AppError::Unavailable("could not request the ID token from Google")
        }
    })?;
    let email = google.address(&id_token, Some(&attempt.nonce)).await?;
    Ok(Returned {
        who: identified(db::user::find(&mut *pool.acquire().await?, &email).await?)?,
        id_token,
        return_to: attempt.return_to,
    })
}

/// The refusal of a browser that did not begin this sign-in, or began it too long ago.
#[must_use]
pub fn unknown_state() -> AppError {
    let message = "must be that of a sign-in that this browser began in the last 10 minutes";
    AppError::field("state", "current", message)
}

/// The user of an ID token. The error does not reveal whether the token or the user is unknown.
///
/// # Errors
/// [`AppError::InvalidCredentials`]; [`AppError::Unavailable`] when Google's keys cannot be fetched;
/// [`AppError::Forbidden`] when sign-in with Google is not set up.
pub async fn identify(pool: &PgPool, google: Option<&Google>, token: &SecretString) -> AppResult<Identified> {
    let google = google.ok_or(NOT_SET_UP)?;
    let email = google.address(token, None).await?;
    identified(db::user::find(&mut *pool.acquire().await?, &email).await?)
}
