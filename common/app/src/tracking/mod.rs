//! Jobs on accounts at tracking providers: poll positions, fetch the list of trackers, drop old positions.
//!
//! No request to a provider is made inside a transaction. A failure of the provider is stored with the account, and a
//! later scheduled job tries again, so that a job fails only if the database does.

use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use clients::breaker::{BreakerSlot, Breakers, TurnedAway};
use clients::tracking::{Access, TrackingError, TrackingProvider};
use db::partition::POSITIONS;
use db::tracking::Account;
use domain::id::TrackingAccountId;
use domain::provider::Fault;
use domain::tracking::Provider;
use domain::vault::{Purpose, Vault};
use kernel::clock::Clock;
use ledger::{NewJob, effect};
use secrecy::SecretString;
use sqlx::PgPool;

use crate::error::{AppError, AppResult};
use crate::housekeeping;

pub mod account;
mod judged;
mod poll;
mod setup;
mod sync;

pub use poll::{Polled, poll};
pub use sync::{SYNC_PERIOD, Synced, sync};

/// The name of providers' hosts in logs.
const HOST: &str = "host of a tracking provider";

/// Makes a poll of an account beside the scheduled ones, with its key, now and due at an instant.
type NewPoll = fn(TrackingAccountId, DateTime<Utc>, DateTime<Utc>) -> ledger::Result<(String, NewJob)>;

/// The dependencies of polls and syncs.
#[derive(Clone)]
pub struct Tracking {
    /// Connections to the database.
    pub pool: PgPool,
    /// The time.
    pub clock: Clock,
    /// Decrypts tokens and sessions.
    pub vault: Arc<Vault>,
    /// How long positions are kept.
    pub retention: TimeDelta,
    /// Breakers per host: many accounts may share a host, and if it fails or hangs, no account is the cause.
    hosts: Arc<Breakers>,
    wialon: Arc<dyn TrackingProvider>,
    gtfs_realtime: Arc<dyn TrackingProvider>,
    /// A poll that ends may have to write the next one, whose job calls it.
    new_poll: NewPoll,
}

/// Why a poll or sync was not completed.
#[derive(Debug, thiserror::Error)]
enum Trouble {
    /// A failure of the provider; it is stored with the account.
    #[error(transparent)]
    Provider(#[from] TrackingError),
    /// An internal error; the job is tried again.
    #[error(transparent)]
    App(#[from] AppError),
}

impl From<sqlx::Error> for Trouble {
    fn from(error: sqlx::Error) -> Self {
        Self::App(error.into())
    }
}

impl Tracking {
    /// The same in a worker with this number of slots.
    #[must_use]
    pub fn with_slots(self, slots: usize) -> Self {
        Self {
            hosts: Arc::new(Breakers::new(HOST, slots)),
            ..self
        }
    }

    /// A slot at the host of an account.
    async fn slot(&self, account: &Account) -> Result<BreakerSlot<'_>, TurnedAway> {
        let url = reqwest::Url::parse(&account.url).ok();
        let host = url.as_ref().and_then(reqwest::Url::host_str).unwrap_or_default();
        let port = url.as_ref().and_then(reqwest::Url::port_or_known_default);
        self.hosts.enter(&format!("{host}:{}", port.unwrap_or_default())).await
    }

    fn provider(&self, provider: Provider) -> &dyn TrackingProvider {
        match provider {
            Provider::Wialon => self.wialon.as_ref(),
            Provider::GtfsRealtime => self.gtfs_realtime.as_ref(),
        }
    }

    /// Decrypts the secrets of an account. A token that cannot be decrypted must be replaced by the operator: it is
    /// recorded like a refusal. A session that cannot be decrypted counts as missing.
    fn access(&self, id: TrackingAccountId, account: &Account) -> Result<Access, TrackingError> {
        let token = account.token.as_ref();
        let token = token
            .map(|sealed| self.vault.open(id, Purpose::Token, sealed))
            .transpose();
        Ok(Access {
            url: account.url.clone(),
            token: token.map_err(|e| TrackingError::Refused(e.to_string()))?,
            session: self.session(id, account.session.as_deref()),
        })
    }

    fn session(&self, id: TrackingAccountId, sealed: Option<&[u8]>) -> Option<SecretString> {
        self.vault.open(id, Purpose::Session, sealed?).ok()
    }

    /// Provides a session other than `account.session`: one that another worker has begun meanwhile, else a new one.
    /// The account then holds what is stored.
    async fn renew(&self, id: TrackingAccountId, account: &mut Account, access: &mut Access) -> Result<(), Trouble> {
        if self.take_over(id, account, access).await? {
            return Ok(());
        }
        let Some(new) = self.provider(account.provider).log_in(access).await? else {
            return Err(TrackingError::Malformed("it requires a session but returned none".to_owned()).into());
        };
        let sealed = self.vault.seal(id, Purpose::Session, &new).map_err(AppError::from)?;
        let known = &*account;
        let is_stored = effect::record("a session at a tracking provider", async || {
            db::tracking::replace_session(&mut *self.pool.acquire().await?, id, known, &sealed).await
        });
        if is_stored.await {
            account.session = Some(sealed);
            access.session = Some(new);
            return Ok(());
        }
        // Either another worker was faster: its session is used, and the new one expires unused. Or the new one was
        // stored and the response was lost: then it is taken over like any other.
        if !self.take_over(id, account, access).await? {
            access.session = Some(new);
        }
        Ok(())
    }

    /// Takes over the stored session if it has changed.
    async fn take_over(
        &self,
        id: TrackingAccountId,
        account: &mut Account,
        access: &mut Access,
    ) -> Result<bool, Trouble> {
        let mut conn = self.pool.acquire().await?;
        let Some(stored) = db::tracking::find(&mut conn, id).await? else {
            return Ok(false);
        };
        if stored.session == account.session {
            return Ok(false);
        }
        account.session = stored.session;
        access.session = self.session(id, account.session.as_deref());
        Ok(access.session.is_some())
    }

    /// Access with a session, where the provider has them.
    async fn enter(&self, id: TrackingAccountId, account: &mut Account) -> Result<Access, Trouble> {
        let mut access = self.access(id, account)?;
        if access.session.is_none() && account.provider == Provider::Wialon {
            self.renew(id, account, &mut access).await?;
        }
        Ok(access)
    }
}

/// Reports to its host's breaker how the requests of an account ended; `None` when no request was sent.
fn note(slot: BreakerSlot<'_>, ended: Option<Result<(), &Trouble>>) {
    match ended {
        None | Some(Err(Trouble::App(_))) => slot.unsaid(),
        Some(Err(Trouble::Provider(error))) if error.is_silence() => slot.failed(Fault::Provider, None),
        Some(_) => slot.answered(),
    }
}

/// The pause that the provider asked for, or the remaining pause of a host that failed.
fn asked(error: &TrackingError, now: DateTime<Utc>) -> Option<TimeDelta> {
    let after = match error {
        TrackingError::Busy { after, .. } => after.map(|after| after.wait(now)),
        TrackingError::TurnedAway(turned_away) => Some(turned_away.after),
        _ => None,
    };
    after.and_then(|after| TimeDelta::from_std(after).ok())
}

/// Drops the partitions of days that are past the retention, and returns how many.
///
/// # Errors
/// Database errors only; later days may then not have been dropped.
pub async fn clean_up(pool: &PgPool, now: DateTime<Utc>, retention: TimeDelta) -> AppResult<usize> {
    housekeeping::drop_days(pool, POSITIONS, now, retention).await
}
