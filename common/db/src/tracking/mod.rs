//! Accounts at tracking providers. The writes of polls, syncs and the scheduler are in [`poll`], [`sync`] and [`due`],
//! trackers in [`tracker`].
//!
//! Lock order: the account before its trackers.

use chrono::{DateTime, Utc};
use domain::id::{CompanyId, TrackingAccountId};
use domain::tracking::Provider;
use sqlx::PgConnection;

use crate::error::AppResult;

pub mod due;
pub mod poll;
pub mod sync;
pub mod tracker;

/// An account to store.
#[derive(Debug, Clone)]
pub struct NewAccount {
    /// Its id; encrypted values are bound to it.
    pub id: TrackingAccountId,
    /// Its company.
    pub company_id: CompanyId,
    /// Protocol.
    pub provider: Provider,
    /// For people; unique in the company.
    pub name: String,
    /// Base URL, or URL of the file.
    pub url: String,
    /// Encrypted.
    pub token: Option<Vec<u8>>,
    /// Seconds between two polls.
    pub poll_seconds: i32,
}

/// Stores an account whose first sync is the job of this key; false when the company has one of this name.
///
/// # Errors
/// Database errors only.
pub async fn insert(
    conn: &mut PgConnection,
    new: &NewAccount,
    sync_job_key: &str,
    next_sync_at: DateTime<Utc>,
    now: DateTime<Utc>,
) -> AppResult<bool> {
    let inserted = sqlx::query!(
        "insert into tracking_accounts (id, company_id, provider, name, url, token, poll_seconds, next_poll_at,
                                        sync_job_key, next_sync_at, created_at)
         values ($1, $2, $3, $4, $5, $6, $7, $10, $8, $9, $10)
         on conflict on constraint tracking_accounts_company_name_key do nothing",
        new.id as TrackingAccountId,
        new.company_id as CompanyId,
        new.provider.word(),
        new.name,
        new.url,
        new.token.as_deref(),
        new.poll_seconds,
        sync_job_key,
        next_sync_at,
        now,
    )
    .execute(conn)
    .await?;
    Ok(inserted.rows_affected() == 1)
}

/// The account of a company with this name.
///
/// # Errors
/// Database errors only.
pub async fn find_id(
    conn: &mut PgConnection,
    company_id: CompanyId,
    name: &str,
) -> AppResult<Option<TrackingAccountId>> {
    Ok(sqlx::query_scalar!(
        r#"select id as "id: TrackingAccountId" from tracking_accounts where company_id = $1 and name = $2"#,
        company_id as CompanyId,
        name,
    )
    .fetch_optional(conn)
    .await?)
}

/// An account as workers need it.
#[derive(Debug, Clone)]
pub struct Account {
    /// Its company.
    pub company_id: CompanyId,
    /// Protocol.
    pub provider: Provider,
    /// Base URL, or URL of the file.
    pub url: String,
    /// Encrypted.
    pub token: Option<Vec<u8>>,
    /// Encrypted.
    pub session: Option<Vec<u8>>,
    /// Seconds between two polls.
    pub poll_seconds: i32,
    /// Failed polls in a row.
    pub failures: i32,
    /// The scheduler writes no poll before it.
    pub next_poll_at: DateTime<Utc>,
}

/// An account.
///
/// # Errors
/// Database errors only.
pub async fn find(conn: &mut PgConnection, id: TrackingAccountId) -> AppResult<Option<Account>> {
    Ok(sqlx::query_as!(
        Account,
        r#"select company_id as "company_id: CompanyId", provider as "provider: Provider", url, token, session,
                  poll_seconds, failures, next_poll_at
           from tracking_accounts where id = $1"#,
        id as TrackingAccountId,
    )
    .fetch_optional(conn)
    .await?)
}

/// Replaces the session that all workers share; false when it or the token was replaced since the account was read.
///
/// # Errors
/// Database errors only.
pub async fn replace_session(
    conn: &mut PgConnection,
    id: TrackingAccountId,
    known: &Account,
    new: &[u8],
) -> AppResult<bool> {
    let updated = sqlx::query!(
        "update tracking_accounts set session = $4
         where id = $1 and session is not distinct from $2 and token is not distinct from $3",
        id as TrackingAccountId,
        known.session.as_deref(),
        known.token.as_deref(),
        new,
    )
    .execute(conn)
    .await?;
    Ok(updated.rows_affected() == 1)
}

/// Replaces the token. What was begun with the old one and what failed with it is forgotten: the account is due for a
/// list and a poll.
///
/// # Errors
/// Database errors only.
pub async fn replace_token(
    conn: &mut PgConnection,
    id: TrackingAccountId,
    sealed: &[u8],
    now: DateTime<Utc>,
) -> AppResult<()> {
    sqlx::query!(
        "update tracking_accounts
         set token = $2, token_replaced_at = $3, session = null, failures = 0, error_message = null,
             next_poll_at = least(next_poll_at, $3), next_sync_at = least(next_sync_at, $3)
         where id = $1",
        id as TrackingAccountId,
        sealed,
        now,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// An account, locked.
#[derive(Debug, Clone)]
pub struct Locked {
    /// Dedupe key of the pending or running poll.
    pub poll_job_key: Option<String>,
    /// Whether that poll has read which trackers are enabled.
    pub poll_begun: bool,
    /// Whether a tracker was enabled since.
    pub poll_again: bool,
    /// Whether that poll is neither done nor dead.
    pub poll_is_alive: bool,
    /// Seconds between two polls.
    pub poll_seconds: i32,
    /// Failed polls in a row.
    pub failures: i32,
    /// The scheduler writes no poll before it.
    pub next_poll_at: DateTime<Utc>,
}

/// Locks an account until the transaction ends.
///
/// # Errors
/// Database errors only.
pub async fn lock(conn: &mut PgConnection, id: TrackingAccountId) -> AppResult<Option<Locked>> {
    // The job's state is read after the lock, by a statement of its own: one statement sees one instant.
    let locked = sqlx::query!(
        "select from tracking_accounts where id = $1 for update",
        id as TrackingAccountId
    )
    .fetch_optional(&mut *conn)
    .await?;
    if locked.is_none() {
        return Ok(None);
    }
    Ok(sqlx::query_as!(
        Locked,
        r#"select poll_job_key, poll_begun, poll_again, poll_seconds, failures, next_poll_at,
                  exists (select from jobs where dedupe_key = poll_job_key and state in ('ready', 'sent', 'running'))
                      as "poll_is_alive!"
           from tracking_accounts where id = $1"#,
        id as TrackingAccountId,
    )
    .fetch_optional(conn)
    .await?)
}
