//! Inviting people into a company or to a partner: written by an administrator, sent by a job, accepted by the
//! recipient of the e-mail.

use chrono::{DateTime, TimeDelta, Utc};
use connect::postgres::begin;
pub use db::invitation::Invitation;
use db::user::NewUser;
use domain::access::Workplace;
use domain::email;
use domain::id::{InvitationId, UserId};
use domain::invitation::{InvitationKey, LIFETIME};
use domain::language::StaffLanguage;
use domain::role::Role;
use ledger::{Cause, NewJob};
use secrecy::SecretString;
use sqlx::PgPool;

use super::contact::{Contact, address};
use super::jobs::invitation_mail::InvitationMail;
use super::password::{self, Verifier};
use super::people::Admin;
use super::quota::at_most;
use super::work::Work;
use crate::error::{AppError, AppResult, FieldError, Noun};

pub(crate) mod mail;
mod preview;

pub use mail::send;
pub use preview::{Preview, preview};

/// The refusal to accept an invitation that is not open.
pub const ENDED: AppError = AppError::Gone("The invitation has expired, or was accepted or withdrawn");

/// Maximum number of open invitations of a workplace.
pub const MAX_OPEN: i64 = 100;

/// How often an address may be invited to a workplace within [`SPAN`]: each time it gets an e-mail.
pub const MOST: usize = 5;

/// See [`MOST`].
pub const SPAN: TimeDelta = TimeDelta::days(1);

/// The invitation that an administrator writes.
#[derive(Debug, Clone)]
pub struct NewInvitation {
    /// E-mail address, as it was typed.
    pub email: String,
    /// The role that the recipient gets.
    pub role: Role,
    /// Language of the mail.
    pub language: StaffLanguage,
}

/// Invites a user. An open invitation of the same address is withdrawn: its link no longer works. `page` is where
/// invitations are accepted.
///
/// # Errors
/// Validation of the address: it is invalid, its user works there already, or [`MAX_OPEN`] invitations are open; too many
/// requests, after [`MOST`] invitations of the address within a day; forbidden, when the user has just lost the role.
pub async fn invite(
    work: &Work,
    key: &InvitationKey,
    page: &str,
    admin: &Admin,
    new: &NewInvitation,
    cause: &Cause,
    now: DateTime<Utc>,
) -> AppResult<Invitation> {
    let email = address("email", &new.email).map_err(|wrong| AppError::Validation(vec![wrong]))?;
    let email = email::account(&email);
    let mut tx = work.begin().await?;
    // Invitations to a workplace are written one at a time, and none by a user whose access is being withdrawn.
    if !db::people::lock_admins(&mut tx, admin.workplace)
        .await?
        .contains(&admin.user_id)
    {
        return Err(AppError::Forbidden("The user is no longer allowed to invite people"));
    }
    if db::people::works_there(&mut tx, admin.workplace, &email).await? {
        return Err(AppError::field(
            "email",
            "unique",
            "must not be the address of a user who already works here",
        ));
    }
    let limit = i64::try_from(MOST).unwrap_or(i64::MAX);
    let earlier = db::invitation::times(&mut tx, admin.workplace, &email, now - SPAN, limit).await?;
    at_most(MOST, SPAN, &earlier, now)?;
    db::invitation::supersede(&mut tx, admin.workplace, &email, now).await?;
    let (_, open) = db::invitation::open(&mut tx, admin.workplace, 0, 0, now).await?;
    if open >= MAX_OPEN {
        let message = format!("must not be invited while {MAX_OPEN} invitations are open: withdraw one first");
        return Err(AppError::field("email", "max", message));
    }
    let invitation = Invitation {
        id: InvitationId::new(),
        email,
        role: new.role,
        language: new.language,
        created_at: now,
        expires_at: now + LIFETIME,
        sent_at: None,
    };
    let id = invitation.id;
    let link = format!("{page}#{}", key.sign(id, invitation.expires_at));
    db::invitation::insert(&mut tx, admin.workplace, &invitation, admin.user_id, &link).await?;
    let job = NewJob::new(&InvitationMail { invitation_id: id }, now)?.with_key(format!("invitation:{id}"));
    ledger::enqueue(&mut tx, now, cause, &[job]).await?;
    let details = [("role", new.role.word().into())];
    admin
        .record(&mut tx, now, "person.invited", id.to_string(), details)
        .await?;
    tx.commit().await?;
    Ok(invitation)
}

/// The open invitations of a workplace, newest first, and how many there are.
///
/// # Errors
/// Database errors only.
pub async fn list(
    pool: &PgPool,
    admin: &Admin,
    take: i64,
    skip: i64,
    now: DateTime<Utc>,
) -> AppResult<(Vec<Invitation>, i64)> {
    let mut snapshot = db::snapshot(pool).await?;
    let page = db::invitation::open(&mut snapshot, admin.workplace, take, skip, now).await?;
    snapshot.commit().await?;
    Ok(page)
}

/// Withdraws an invitation; its link stops working. Withdrawing it again changes nothing.
///
/// # Errors
/// Not found, when it is unknown, another workplace's, or accepted.
pub async fn withdraw(pool: &PgPool, admin: &Admin, id: InvitationId, now: DateTime<Utc>) -> AppResult<()> {
    let mut tx = begin(pool).await?;
    let is_new = db::invitation::withdraw(&mut tx, admin.workplace, id, now).await?;
    if is_new.ok_or(AppError::NotFound(Noun::Resource))? {
        admin
            .record(&mut tx, now, "invitation.withdrawn", id.to_string(), [])
            .await?;
    }
    tx.commit().await?;
    Ok(())
}

/// The details of a new user who accepts an invitation. Not needed from a user with an account.
#[derive(Debug, Clone, Default)]
pub struct Newcomer {
    /// Given name.
    pub first_name: Option<String>,
    /// Family name.
    pub last_name: Option<String>,
    /// In plain text, to be hashed.
    pub password: Option<SecretString>,
}

/// An invitation that was accepted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Accepted {
    /// The address to sign in with.
    pub email: String,
    /// The company or the partner.
    pub workplace: Workplace,
    /// Its name.
    pub name: String,
    /// The role there.
    pub role: Role,
}

/// Accepts an invitation: the user with its address gets the access, and is created if there is none. An administrator
/// stays one: a user must not lose rights by accepting. No connection is held while the password is hashed.
///
/// # Errors
/// Not found, when we did not issue the token; [`AppError::Gone`] when the invitation has expired, or was accepted or
/// withdrawn; validation, naming the missing or invalid details of a user without an account.
pub async fn accept(
    pool: &PgPool,
    key: &InvitationKey,
    verifier: &Verifier,
    token: &str,
    newcomer: &Newcomer,
    now: DateTime<Utc>,
) -> AppResult<Accepted> {
    let id = key.verify(token).ok_or(AppError::NotFound(Noun::Resource))?;
    let found = accepting(&mut *pool.acquire().await?, id, now).await?;
    let known = db::user::find(&mut *pool.acquire().await?, &found.email).await?;
    let new = match &known {
        Some(_) => None,
        None => Some(new_user(newcomer, &found.email, verifier).await?),
    };
    let mut tx = begin(pool).await?;
    // Read again, under its lock.
    let found = accepting(&mut tx, id, now).await?;
    let user_id = match (known, new) {
        (Some(known), _) => known.id,
        (None, Some(new)) => {
            let user_id = UserId::new();
            if !db::user::insert(&mut tx, user_id, &new, now).await? {
                return Err(AppError::Unavailable("the user is being created by another request"));
            }
            user_id
        }
        (None, None) => return Err(AppError::Internal("invitation accepted without a user".to_owned())),
    };
    let role = db::invitation::join(&mut tx, user_id, found.place, found.role).await?;
    db::invitation::accept(&mut tx, id, now).await?;
    tx.commit().await?;
    Ok(Accepted {
        email: found.email,
        workplace: found.place,
        name: found.name,
        role,
    })
}

/// An invitation that can be accepted; locked, if `conn` is in a transaction.
async fn accepting(
    conn: &mut sqlx::PgConnection,
    id: InvitationId,
    now: DateTime<Utc>,
) -> AppResult<db::invitation::Accepting> {
    let found = db::invitation::lock(conn, id).await?;
    let found = found.ok_or(AppError::NotFound(Noun::Resource))?;
    if found.is_over || found.expires_at <= now {
        return Err(ENDED);
    }
    Ok(found)
}

/// The new user, from the given details.
async fn new_user(newcomer: &Newcomer, email: &str, verifier: &Verifier) -> AppResult<NewUser> {
    let missing = |field: &str| FieldError::new(field, "required", "is required for a new account");
    let (Some(first_name), Some(last_name), Some(password)) =
        (&newcomer.first_name, &newcomer.last_name, &newcomer.password)
    else {
        let fields = [
            ("firstName", newcomer.first_name.is_none()),
            ("lastName", newcomer.last_name.is_none()),
            ("password", newcomer.password.is_none()),
        ];
        let fields = fields.into_iter().filter(|(_, is_missing)| *is_missing);
        return Err(AppError::Validation(fields.map(|(field, _)| missing(field)).collect()));
    };
    let contact = Contact {
        first_name: first_name.clone(),
        last_name: last_name.clone(),
        email: None,
    };
    let contact = contact.checked("").map_err(AppError::Validation)?;
    password::check("password", password)?;
    Ok(NewUser {
        email: email.to_owned(),
        first_name: contact.first_name,
        last_name: contact.last_name,
        password_hash: verifier.hash(password).await?,
    })
}
