//! Users of the back office, as operators manage them; each change is recorded in the audit trail. How users change
//! their own passwords is in [`password::change`].

use chrono::{DateTime, Utc};
use connect::postgres::begin;
use db::user::NewUser;
use domain::access_grant::AccessGrant;
use domain::email;
use domain::id::UserId;
use secrecy::SecretString;
use sqlx::{PgConnection, PgPool};

use super::contact::Contact;
use super::ops::Operator;
use super::password::{self, Fit};
use super::people;
use crate::error::{AppError, AppResult};

mod access;
use access::{details, resolve};
pub use access::{grant, withdraw};

/// A user as an operator describes it.
#[derive(Debug, Clone)]
pub struct UserDraft {
    /// E-mail address, in upper or lower case.
    pub email: String,
    /// Given name.
    pub first_name: String,
    /// Family name.
    pub last_name: String,
    /// In plain text, to be hashed.
    pub password: SecretString,
    /// Accesses of the user.
    pub accesses: Vec<AccessGrant>,
}

impl UserDraft {
    /// The names and the address in the form in which they are stored.
    fn checked(&self) -> AppResult<Contact> {
        let contact = Contact {
            first_name: self.first_name.clone(),
            last_name: self.last_name.clone(),
            email: Some(self.email.clone()),
        };
        contact.checked("").map_err(AppError::Validation)
    }
}

/// Creates a user with accesses.
///
/// # Errors
/// Names every field that breaks a rule; so are a taken e-mail address and an unknown company or partner.
pub async fn create(pool: &PgPool, now: DateTime<Utc>, by: &Operator, draft: &UserDraft) -> AppResult<UserId> {
    let contact = draft.checked()?;
    let mut tx = begin(pool).await?;
    let accesses = resolve(&mut tx, &draft.accesses).await?;
    let id = insert(&mut tx, now, contact, &draft.password).await?;
    let id = id.ok_or_else(|| {
        AppError::field(
            "email",
            "unique",
            "must be unique: a user with this e-mail address already exists",
        )
    })?;
    db::user::grant(&mut tx, id, &accesses).await?;
    by.record(&mut tx, now, "person.created", &id.to_string(), details(&accesses))
        .await?;
    tx.commit().await?;
    Ok(id)
}

/// Creates a user, or gives the existing one with this e-mail address the password and the accesses; its other accesses
/// stay.
///
/// # Errors
/// As [`create`], except for a taken e-mail address.
pub async fn ensure(pool: &PgPool, now: DateTime<Utc>, by: &Operator, draft: &UserDraft) -> AppResult<UserId> {
    let contact = draft.checked()?;
    let mut tx = begin(pool).await?;
    let accesses = resolve(&mut tx, &draft.accesses).await?;
    let found = db::user::find(&mut tx, &draft.email).await?;
    let action = found.as_ref().map_or("person.created", |_| "person.granted");
    let id = match found {
        Some(found) => {
            let hash = found.password_hash.as_deref().unwrap_or_default();
            if password::fit(&draft.password, hash)? != Fit::Yes {
                replace_password(&mut tx, now, by, found.id, &draft.password).await?;
            }
            found.id
        }
        None => insert(&mut tx, now, contact, &draft.password)
            .await?
            .ok_or(AppError::Unavailable("the user is being created by another request"))?,
    };
    for (place, role) in &accesses {
        people::lose(&mut tx, now, (id, &draft.email), *place, Some(*role)).await?;
    }
    if db::user::grant(&mut tx, id, &accesses).await? > 0 {
        by.record(&mut tx, now, action, &id.to_string(), details(&accesses))
            .await?;
    }
    tx.commit().await?;
    Ok(id)
}

/// Sets another password. All sessions of the user end immediately, and a sign-in in progress with the old password
/// fails.
///
/// # Errors
/// The password breaks a rule; no user has this e-mail address.
pub async fn set_password(
    pool: &PgPool,
    now: DateTime<Utc>,
    by: &Operator,
    email: &str,
    password: &SecretString,
) -> AppResult<()> {
    let mut tx = begin(pool).await?;
    let id = named(&mut tx, email).await?;
    replace_password(&mut tx, now, by, id, password).await?;
    tx.commit().await?;
    Ok(())
}

/// The e-mail address of a signed-in user.
///
/// # Errors
/// [`AppError::NoSession`] when the user does not exist any more.
pub async fn email(pool: &PgPool, id: UserId) -> AppResult<String> {
    let profile = db::user::profile(&mut *pool.acquire().await?, id).await?;
    Ok(profile.ok_or(AppError::NoSession)?.email)
}

/// Disables a user: all sessions end immediately, and no new one can begin. Accesses are kept in case the user is
/// enabled again; open invitations that the user wrote end.
///
/// # Errors
/// No user has this e-mail address.
pub async fn disable(pool: &PgPool, now: DateTime<Utc>, by: &Operator, email: &str) -> AppResult<()> {
    let mut tx = begin(pool).await?;
    let id = named(&mut tx, email).await?;
    db::user::set_disabled(&mut tx, id, Some(now)).await?;
    db::invitation::withdraw_by(&mut tx, id, None, now).await?;
    end_sessions(&mut tx, now, id).await?;
    by.record(&mut tx, now, "person.disabled", &id.to_string(), []).await?;
    tx.commit().await?;
    Ok(())
}

/// Lets a disabled user sign in again. Earlier sessions stay ended.
///
/// # Errors
/// No user has this e-mail address.
pub async fn enable(pool: &PgPool, now: DateTime<Utc>, by: &Operator, email: &str) -> AppResult<()> {
    let mut tx = begin(pool).await?;
    let id = named(&mut tx, email).await?;
    db::user::set_disabled(&mut tx, id, None).await?;
    by.record(&mut tx, now, "person.enabled", &id.to_string(), []).await?;
    tx.commit().await?;
    Ok(())
}

/// Stores another password, and ends the user's sessions.
async fn replace_password(
    conn: &mut PgConnection,
    now: DateTime<Utc>,
    by: &Operator,
    id: UserId,
    password: &SecretString,
) -> AppResult<()> {
    db::user::set_password(conn, id, &password::hash(password)?).await?;
    end_sessions(conn, now, id).await?;
    by.record(conn, now, "user.password", &id.to_string(), []).await
}

/// Ends the sessions of a user, including those that are being started: a sign-in that started before this holds the
/// user's row, so this waits for it; a later one finds another version of the credentials.
async fn end_sessions(conn: &mut PgConnection, now: DateTime<Utc>, id: UserId) -> AppResult<()> {
    db::user::outdate(conn, id).await?;
    db::session::revoke_all(conn, id, now).await
}

/// The user with the e-mail address that an operator named.
async fn named(conn: &mut PgConnection, email: &str) -> AppResult<UserId> {
    let found = db::user::find(conn, email).await?;
    let unknown = || AppError::field("email", "known", "must be the e-mail address of a user");
    Ok(found.ok_or_else(unknown)?.id)
}

async fn insert(
    conn: &mut PgConnection,
    now: DateTime<Utc>,
    contact: Contact,
    password: &SecretString,
) -> AppResult<Option<UserId>> {
    let user = NewUser {
        email: contact.email.as_deref().map(email::account).unwrap_or_default(),
        first_name: contact.first_name,
        last_name: contact.last_name,
        password_hash: password::hash(password)?,
    };
    let id = UserId::new();
    Ok(db::user::insert(conn, id, &user, now).await?.then_some(id))
}
