//! Accounts at tracking providers and their trackers, as companies and operators see them. The jobs on them are in
//! [`crate::tracking`].

use chrono::{DateTime, TimeDelta, Utc};
use connect::postgres::begin;
pub use db::position::{Position, Span};
use db::tracking::NewAccount;
pub use db::tracking::tracker::Tracker;
use domain::id::{CompanyId, TrackerId, TrackingAccountId};
use domain::position::LONGEST_TRACK;
use domain::tracking::Provider;
use domain::vault::{Purpose, Vault};
use ledger::{Cause, NewJob};
use secrecy::{ExposeSecret, SecretString};
use sqlx::PgPool;

use super::poll::write_poll;
use super::sync::SYNC_PERIOD;
use crate::error::{AppError, AppResult, FieldError, Noun};
use crate::jobs::tracking_poll;
use crate::jobs::tracking_sync::{self, TrackingSync};
use crate::ops::Operator;
use crate::work::Work;

/// Maximum length of a token.
const TOKEN_BYTES: usize = 4096;

const TOKEN_RULE: &str = "must be printable ASCII characters without blanks";

fn is_token(token: &SecretString) -> bool {
    let token = token.expose_secret();
    (1..=TOKEN_BYTES).contains(&token.len()) && token.bytes().all(|b| b.is_ascii_graphic())
}

/// An account to create.
#[derive(Debug)]
pub struct AccountDraft {
    /// Protocol.
    pub provider: Provider,
    /// Name for people; unique in the company.
    pub name: String,
    /// Base URL of the provider, or URL of the file.
    pub url: String,
    /// Token for signing in at the provider.
    pub token: Option<SecretString>,
    /// Seconds between two polls.
    pub poll_seconds: i32,
}

impl AccountDraft {
    fn problems(&self) -> Vec<FieldError> {
        let mut wrong = Vec::new();
        let mut require = |good: bool, field: &str, constraint: &str, message: &str| {
            if !good {
                wrong.push(FieldError::new(field, constraint, message));
            }
        };
        let name = self.name.trim();
        require(
            !name.is_empty() && name.chars().count() <= 100 && !name.contains(char::is_control),
            "name",
            "length",
            "must be 1 to 100 characters long",
        );
        let url = reqwest::Url::parse(&self.url).ok();
        require(
            url.as_ref().is_some_and(|url| {
                matches!(url.scheme(), "http" | "https") && url.has_host() && self.url.len() <= 2000
            }),
            "url",
            "url",
            "must be an http(s) URL",
        );
        require(
            url.is_none_or(|url| url.username().is_empty() && url.password().is_none()),
            "url",
            "url",
            "must not contain credentials: use the token",
        );
        require(
            self.provider != Provider::Wialon || self.token.is_some(),
            "token",
            "required",
            "is required with Wialon",
        );
        require(self.token.as_ref().is_none_or(is_token), "token", "token", TOKEN_RULE);
        require(
            (1..=3600).contains(&self.poll_seconds),
            "pollSeconds",
            "range",
            "must be between 1 and 3600",
        );
        wrong
    }
}

/// Creates an account; its list of trackers is fetched immediately.
///
/// # Errors
/// Names every field that breaks a rule; a name that the company already uses is one.
pub async fn create_account(
    pool: &PgPool,
    vault: &Vault,
    (now, by): (DateTime<Utc>, &Operator),
    company_id: CompanyId,
    draft: &AccountDraft,
) -> AppResult<TrackingAccountId> {
    let wrong = draft.problems();
    if !wrong.is_empty() {
        return Err(AppError::Validation(wrong));
    }
    let id = TrackingAccountId::new();
    let token = match &draft.token {
        Some(token) => Some(vault.seal(id, Purpose::Token, token)?),
        None => None,
    };
    let new = NewAccount {
        id,
        company_id,
        provider: draft.provider,
        name: draft.name.trim().to_owned(),
        url: draft.url.clone(),
        token,
        poll_seconds: draft.poll_seconds,
    };
    let key = tracking_sync::key(id, now);
    let mut tx = begin(pool).await?;
    if !db::tracking::insert(&mut tx, &new, &key, now + SYNC_PERIOD, now).await? {
        let message = format!("the company has an account {:?} already", new.name);
        return Err(AppError::field("name", "unique", message));
    }
    let sync = NewJob::new(&TrackingSync { account_id: id }, now)?.with_key(key);
    ledger::enqueue(&mut tx, now, &Cause::default(), &[sync]).await?;
    let place = [("place", company_id.to_string().into())];
    by.record(&mut tx, now, "tracking_account.created", &id.to_string(), place)
        .await?;
    tx.commit().await?;
    Ok(id)
}

/// The account of a company with this name, created if there is none. An existing one does not change.
///
/// # Errors
/// As [`create_account`].
pub async fn ensure_account(
    pool: &PgPool,
    vault: &Vault,
    (now, by): (DateTime<Utc>, &Operator),
    company_id: CompanyId,
    draft: &AccountDraft,
) -> AppResult<TrackingAccountId> {
    let found = db::tracking::find_id(&mut *pool.acquire().await?, company_id, draft.name.trim()).await?;
    match found {
        Some(id) => Ok(id),
        None => create_account(pool, vault, (now, by), company_id, draft).await,
    }
}

/// Gives the account of a company another token. The session of the old one is forgotten, and the account is listed and
/// polled immediately, even if it had failed.
///
/// # Errors
/// Names `name` when the company has no such account, `token` when it is malformed.
pub async fn replace_token(
    pool: &PgPool,
    vault: &Vault,
    (now, by): (DateTime<Utc>, &Operator),
    company_id: CompanyId,
    name: &str,
    token: &SecretString,
) -> AppResult<()> {
    if !is_token(token) {
        return Err(AppError::field("token", "token", TOKEN_RULE));
    }
    let mut tx = begin(pool).await?;
    let Some(id) = db::tracking::find_id(&mut tx, company_id, name).await? else {
        return Err(AppError::field(
            "name",
            "exists",
            "must be the name of an account of the company",
        ));
    };
    let sealed = vault.seal(id, Purpose::Token, token)?;
    db::tracking::replace_token(&mut tx, id, &sealed, now).await?;
    let place = [("place", company_id.to_string().into())];
    by.record(&mut tx, now, "tracking_account.token", &id.to_string(), place)
        .await?;
    tx.commit().await?;
    Ok(())
}

/// The trackers of a company's accounts, by name, and how many there are.
///
/// # Errors
/// Database errors only.
pub async fn list(pool: &PgPool, company_id: CompanyId, take: i64, skip: i64) -> AppResult<(Vec<Tracker>, i64)> {
    let mut snapshot = db::snapshot(pool).await?;
    db::tracking::tracker::list(&mut snapshot, company_id, take, skip).await
}

/// Switches a tracker on or off. One that is switched on is polled immediately; for one that is switched off, nothing
/// more is stored, not even by a poll in progress.
///
/// # Errors
/// Not found when the tracker is not the company's.
pub async fn toggle(
    work: &Work,
    now: DateTime<Utc>,
    company_id: CompanyId,
    id: TrackerId,
    enabled: bool,
    cause: &Cause,
) -> AppResult<Tracker> {
    let mut tx = work.begin().await?;
    let tracker = db::tracking::tracker::find(&mut tx, company_id, id).await?;
    let tracker = tracker.ok_or(AppError::NotFound(Noun::Tracker))?;
    let account = db::tracking::lock(&mut tx, tracker.account_id)
        .await?
        .ok_or(AppError::NotFound(Noun::Tracker))?;
    let changed = db::tracking::tracker::set_enabled(&mut tx, company_id, id, enabled).await?;
    if changed && enabled {
        match (account.poll_is_alive, account.poll_begun) {
            // The poll has not yet read which trackers are enabled.
            (true, false) => {}
            // The poll has read them, and enqueues another one when it ends.
            (true, true) => db::tracking::poll::ask_again(&mut tx, tracker.account_id).await?,
            (false, _) => {
                // A provider that fails or asked for a pause is not polled earlier because of a switch.
                let run_at = if account.failures > 0 {
                    account.next_poll_at.max(now)
                } else {
                    now
                };
                let poll = tracking_poll::new_job(tracker.account_id, now, run_at)?;
                write_poll(&mut tx, tracker.account_id, now, poll, cause).await?;
            }
        }
    }
    let tracker = db::tracking::tracker::find(&mut tx, company_id, id)
        .await?
        .ok_or(AppError::NotFound(Noun::Tracker))?;
    tx.commit().await?;
    Ok(tracker)
}

/// The track of a tracker, ascending, and how many positions the span holds.
///
/// # Errors
/// Not found when the tracker is not the company's; a span that is reversed or longer than 31 days.
pub async fn track(
    pool: &PgPool,
    company_id: CompanyId,
    id: TrackerId,
    span: &Span,
) -> AppResult<(Vec<Position>, i64)> {
    if span.from >= span.to {
        return Err(AppError::field("to", "min", "must be after from"));
    }
    if span.to - span.from > LONGEST_TRACK {
        let days = LONGEST_TRACK.num_days();
        return Err(AppError::field(
            "to",
            "max",
            format!("must be at most {days} days after from"),
        ));
    }
    let mut snapshot = db::snapshot(pool).await?;
    if db::tracking::tracker::find(&mut snapshot, company_id, id)
        .await?
        .is_none()
    {
        return Err(AppError::NotFound(Noun::Tracker));
    }
    db::position::track(&mut snapshot, company_id, id, span).await
}

/// The default span of a track: the day before `to`, which defaults to now.
#[must_use]
pub fn span(
    from: Option<DateTime<Utc>>,
    to: Option<DateTime<Utc>>,
    now: DateTime<Utc>,
) -> (DateTime<Utc>, DateTime<Utc>) {
    let to = to.unwrap_or(now);
    (from.unwrap_or(to - TimeDelta::days(1)), to)
}
