//! People with access to the back office.

use chrono::{DateTime, Utc};
use domain::access::Workplace;
use domain::email;
use domain::id::{AccessId, UserId};
use domain::role::Role;
use sqlx::PgConnection;

use crate::access::columns;
use crate::error::AppResult;

/// A person to store.
#[derive(Debug, Clone)]
pub struct NewUser {
    /// Lower case; unique.
    pub email: String,
    /// Given name.
    pub first_name: String,
    /// Family name.
    pub last_name: String,
    /// argon2id in PHC format.
    pub password_hash: String,
}

/// Stores a person; false when the mail address is taken.
///
/// # Errors
/// Database errors only.
pub async fn insert(conn: &mut PgConnection, id: UserId, user: &NewUser, now: DateTime<Utc>) -> AppResult<bool> {
    let done = sqlx::query!(
        "insert into users (id, email, first_name, last_name, password_hash, created_at)
         values ($1, $2, $3, $4, $5, $6)
         on conflict (email) do nothing",
        id as UserId,
        user.email,
        user.first_name,
        user.last_name,
        user.password_hash,
        now,
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// The data needed to authenticate a user.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Credentials {
    /// Their user.
    pub id: UserId,
    /// argon2id in PHC format; `None` for people who sign in only by other means.
    pub password_hash: Option<String>,
    /// Increases whenever sign-ins in progress must fail.
    pub version: i32,
    /// Whether the person may not sign in.
    pub is_disabled: bool,
}

/// The credentials of the person of this mail address, in any spelling.
///
/// # Errors
/// Database errors only.
pub async fn find(conn: &mut PgConnection, email: &str) -> AppResult<Option<Credentials>> {
    // People with an international domain may have been stored before it was kept in ASCII.
    let (account, typed) = (email::account(email), email.trim().to_lowercase());
    let credentials = sqlx::query_as!(
        Credentials,
        r#"select id as "id: UserId", password_hash, credentials_version as version,
                  disabled_at is not null as "is_disabled!"
           from users where email in ($1, $2) order by email = $1 desc limit 1"#,
        account,
        typed,
    )
    .fetch_optional(conn)
    .await?;
    Ok(credentials)
}

/// The credentials of a person.
///
/// # Errors
/// Database errors only.
pub async fn credentials(conn: &mut PgConnection, id: UserId) -> AppResult<Option<Credentials>> {
    let credentials = sqlx::query_as!(
        Credentials,
        r#"select id as "id: UserId", password_hash, credentials_version as version,
                  disabled_at is not null as "is_disabled!"
           from users where id = $1"#,
        id as UserId,
    )
    .fetch_optional(conn)
    .await?;
    Ok(credentials)
}

/// Replaces the password that belongs to this version of the credentials, and makes sign-ins that have begun with it
/// fail; false if the version has changed meanwhile, or the user is disabled.
///
/// # Errors
/// Database errors only.
pub async fn replace_password(conn: &mut PgConnection, id: UserId, version: i32, hash: &str) -> AppResult<bool> {
    let done = sqlx::query!(
        "update users set password_hash = $3, credentials_version = credentials_version + 1
         where id = $1 and credentials_version = $2 and disabled_at is null",
        id as UserId,
        version,
        hash,
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Keeps the credentials of a person as they are until the transaction ends; false when this is not their version any
/// more, or the person is disabled.
///
/// # Errors
/// Database errors only.
pub async fn hold(conn: &mut PgConnection, id: UserId, version: i32) -> AppResult<bool> {
    let held = sqlx::query_scalar!(
        r#"select 1 as "held!" from users
           where id = $1 and credentials_version = $2 and disabled_at is null for share"#,
        id as UserId,
        version,
    )
    .fetch_optional(conn)
    .await?;
    Ok(held.is_some())
}

/// Makes sign-ins in progress fail; waits for those that are being completed.
///
/// # Errors
/// Database errors only.
pub async fn outdate(conn: &mut PgConnection, id: UserId) -> AppResult<()> {
    sqlx::query!(
        "update users set credentials_version = credentials_version + 1 where id = $1",
        id as UserId
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Disables a person (the time of the first disabling stays), or enables them again.
///
/// # Errors
/// Database errors only.
pub async fn set_disabled(conn: &mut PgConnection, id: UserId, since: Option<DateTime<Utc>>) -> AppResult<()> {
    sqlx::query!(
        "update users set disabled_at = case when $2::timestamptz is null then null else coalesce(disabled_at, $2) end
         where id = $1",
        id as UserId,
        since,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// The name of a user.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Profile {
    /// Their user.
    pub id: UserId,
    /// Mail address, lower case.
    pub email: String,
    /// Given name.
    pub first_name: String,
    /// Family name.
    pub last_name: String,
}

/// Name of a person.
///
/// # Errors
/// Database errors only.
pub async fn profile(conn: &mut PgConnection, id: UserId) -> AppResult<Option<Profile>> {
    let profile = sqlx::query_as!(
        Profile,
        r#"select id as "id: UserId", email, first_name, last_name from users where id = $1"#,
        id as UserId,
    )
    .fetch_optional(conn)
    .await?;
    Ok(profile)
}

/// Stores another password.
///
/// # Errors
/// Database errors only.
pub async fn set_password(conn: &mut PgConnection, id: UserId, password_hash: &str) -> AppResult<()> {
    sqlx::query!(
        "update users set password_hash = $2 where id = $1",
        id as UserId,
        password_hash
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Replaces the hash of a password by another one of the same password; nothing happens when the person has another
/// password meanwhile.
///
/// # Errors
/// Database errors only.
pub async fn renew_password(conn: &mut PgConnection, id: UserId, old: &str, new: &str) -> AppResult<()> {
    sqlx::query!(
        "update users set password_hash = $3 where id = $1 and password_hash = $2",
        id as UserId,
        old,
        new,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Gives a person accesses; an existing access gets the role. Returns how many are new or have another role.
///
/// # Errors
/// Database errors only.
pub async fn grant(conn: &mut PgConnection, user_id: UserId, accesses: &[(Workplace, Role)]) -> AppResult<u64> {
    let ids: Vec<_> = accesses.iter().map(|_| AccessId::new().0).collect();
    let columns = || accesses.iter().map(|(place, _)| columns(*place));
    let contexts: Vec<_> = columns().map(|(context, ..)| context.word().to_owned()).collect();
    let companies: Vec<_> = columns().map(|(_, company, _)| company).collect();
    let partners: Vec<_> = columns().map(|(.., partner)| partner).collect();
    let roles: Vec<_> = accesses.iter().map(|(_, role)| role.word().to_owned()).collect();
    let granted = sqlx::query!(
        "insert into accesses (user_id, id, context_type, company_id, partner_id, role)
         select $1, new.* from unnest($2::uuid[], $3::text[], $4::uuid[], $5::uuid[], $6::text[]) as new
         on conflict (user_id, company_id, partner_id) do update set role = excluded.role
         where accesses.role <> excluded.role",
        user_id as UserId,
        &ids,
        &contexts,
        &companies as &[Option<uuid::Uuid>],
        &partners as &[Option<uuid::Uuid>],
        &roles,
    )
    .execute(conn)
    .await?;
    Ok(granted.rows_affected())
}

/// Takes an access away from a person, and with it the sessions in it; false when the person does not have it.
///
/// # Errors
/// Database errors only.
pub async fn withdraw(conn: &mut PgConnection, user_id: UserId, place: Workplace) -> AppResult<bool> {
    let (_, company, partner) = columns(place);
    let done = sqlx::query!(
        "delete from accesses
         where user_id = $1 and company_id is not distinct from $2 and partner_id is not distinct from $3",
        user_id as UserId,
        company,
        partner,
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected() == 1)
}
