//! People with backoffice access.

use chrono::{DateTime, Utc};
use secrecy::SecretString;
use sqlx::{PgConnection, PgPool};

use super::password;
use crate::db;
use crate::db::user::{Context, NewUser};
use crate::domain::party::{AccessGrant, ContextType, Role};
use crate::error::{AppError, AppResult, FieldError};
use crate::id::UserId;

/// A person as an operator describes one.
#[derive(Debug, Clone)]
pub struct UserDraft {
    /// Mail address, in any case.
    pub email: String,
    /// Given name.
    pub first_name: String,
    /// Family name.
    pub last_name: String,
    /// In plain text, on its way to the hash.
    pub password: SecretString,
    /// Where the person works.
    pub accesses: Vec<AccessGrant>,
}

/// A mail address as it is stored and looked for.
#[must_use]
pub fn normal_email(email: &str) -> String {
    email.trim().to_lowercase()
}

impl UserDraft {
    fn email(&self) -> String {
        normal_email(&self.email)
    }

    fn check(&self) -> AppResult<()> {
        let mut wrong = Vec::new();
        let email = self.email();
        let shaped = email
            .split_once('@')
            .is_some_and(|(name, host)| !name.is_empty() && host.contains('.'));
        if !shaped || email.contains(char::is_whitespace) || email.len() > 254 {
            wrong.push(FieldError::new("email", "email", "must be a mail address"));
        }
        for (field, name) in [("firstName", &self.first_name), ("lastName", &self.last_name)] {
            if !(1..=100).contains(&name.trim().chars().count()) {
                wrong.push(FieldError::new(field, "length", "must have 1 to 100 characters"));
            }
        }
        if wrong.is_empty() {
            Ok(())
        } else {
            Err(AppError::Validation(wrong))
        }
    }
}

/// Creates a person with accesses.
///
/// # Errors
/// Names every field that breaks a rule; a mail address that is taken is one, an unknown company or partner another.
pub async fn create(pool: &PgPool, now: DateTime<Utc>, draft: &UserDraft) -> AppResult<UserId> {
    draft.check()?;
    let mut tx = pool.begin().await?;
    let accesses = resolve(&mut tx, &draft.accesses).await?;
    let id = insert(&mut tx, now, draft).await?;
    let id = id.ok_or_else(|| AppError::field("email", "unique", "a person with this mail address exists already"))?;
    db::user::grant(&mut tx, id, &accesses).await?;
    tx.commit().await?;
    Ok(id)
}

/// Creates a person, or gives the one of this mail address the password and the accesses; what is so already stays.
///
/// # Errors
/// As [`create`], but for a mail address that is taken.
pub async fn ensure(pool: &PgPool, now: DateTime<Utc>, draft: &UserDraft) -> AppResult<UserId> {
    draft.check()?;
    let mut tx = pool.begin().await?;
    let accesses = resolve(&mut tx, &draft.accesses).await?;
    let id = match db::user::find(&mut tx, &draft.email()).await? {
        Some((id, hash)) => {
            if !hash.is_some_and(|hash| password::fits(&draft.password, &hash)) {
                db::user::set_password(&mut tx, id, &password::hash(&draft.password)?).await?;
            }
            id
        }
        None => insert(&mut tx, now, draft)
            .await?
            .ok_or(AppError::Unavailable("somebody else creates this person"))?,
    };
    db::user::grant(&mut tx, id, &accesses).await?;
    tx.commit().await?;
    Ok(id)
}

async fn insert(conn: &mut PgConnection, now: DateTime<Utc>, draft: &UserDraft) -> AppResult<Option<UserId>> {
    let user = NewUser {
        email: draft.email(),
        first_name: draft.first_name.trim().to_owned(),
        last_name: draft.last_name.trim().to_owned(),
        password_hash: password::hash(&draft.password)?,
    };
    let id = UserId::new();
    Ok(db::user::insert(conn, id, &user, now).await?.then_some(id))
}

/// Companies and partners of a handful of accesses.
async fn resolve(conn: &mut PgConnection, grants: &[AccessGrant]) -> AppResult<Vec<(Context, Role)>> {
    let mut accesses: Vec<(Context, Role)> = Vec::new();
    for grant in grants {
        let context = match grant.context {
            ContextType::Company => db::company::find_id(conn, &grant.slug).await?.map(Context::Company),
            ContextType::Partner => db::partner::find_id(conn, &grant.slug).await?.map(Context::Partner),
        };
        let unknown = || {
            AppError::field(
                "access",
                "known",
                format!("there is no company or partner {:?}", grant.slug),
            )
        };
        let context = context.ok_or_else(unknown)?;
        if accesses.iter().any(|(known, _)| *known == context) {
            return Err(AppError::field(
                "access",
                "unique",
                format!("{:?} is there twice", grant.slug),
            ));
        }
        accesses.push((context, grant.role));
    }
    Ok(accesses)
}
