//! The users of a company or a partner, as its administrators manage them: roles and leaving. How users join is in
//! [`crate::invitation`].

use chrono::{DateTime, Utc};
use connect::postgres::begin;
pub use db::people::Colleague;
use domain::access::Workplace;
use domain::id::UserId;
use domain::role::{Right, Role};
use serde_json::Value;
use sqlx::{PgConnection, PgPool};

use crate::error::{AppError, AppResult, Noun};
use crate::ops::Operator;

/// An administrator who performs an action.
#[derive(Debug, Clone)]
pub struct Admin {
    /// The person.
    pub user_id: UserId,
    /// The workplace of which they are an administrator.
    pub workplace: Workplace,
    /// The request.
    pub request_id: Option<String>,
}

impl Admin {
    /// Writes what was done into the audit trail.
    pub(crate) async fn record(
        &self,
        conn: &mut PgConnection,
        now: DateTime<Utc>,
        action: &str,
        subject: String,
        details: impl IntoIterator<Item = (&'static str, Value)>,
    ) -> AppResult<()> {
        let details = details.into_iter().chain([("place", self.workplace.word().into())]);
        let who = Operator::new(self.user_id.to_string(), "by an administrator", self.request_id.clone())?;
        who.record(conn, now, action, &subject, details).await
    }
}

/// The users of a workplace, by name, and how many there are.
///
/// # Errors
/// Database errors only.
pub async fn list(pool: &PgPool, admin: &Admin, take: i64, skip: i64) -> AppResult<(Vec<Colleague>, i64)> {
    let mut snapshot = db::snapshot(pool).await?;
    let page = db::people::list(&mut snapshot, admin.workplace, take, skip).await?;
    snapshot.commit().await?;
    Ok(page)
}

/// Sets the role of a user of the workplace, with immediate effect. With a role that has no right to reports, they get
/// no more scheduled reports by mail; with one that has no right to manage people, their open invitations end.
///
/// # Errors
/// Not found, when the person does not work there; [`AppError::LastAdministrator`] when the workplace would have no
/// administrator.
pub async fn set_role(
    pool: &PgPool,
    admin: &Admin,
    id: UserId,
    role: Role,
    now: DateTime<Utc>,
) -> AppResult<Colleague> {
    let mut tx = begin(pool).await?;
    let before = leaving(&mut tx, admin, id, role == Role::Admin).await?;
    db::user::grant(&mut tx, id, &[(admin.workplace, role)]).await?;
    lose(&mut tx, now, (id, &before.email), admin.workplace, Some(role)).await?;
    if before.role != role {
        let details = [("from", before.role.word().into()), ("to", role.word().into())];
        admin
            .record(&mut tx, now, "person.role", id.to_string(), details)
            .await?;
    }
    tx.commit().await?;
    Ok(Colleague { role, ..before })
}

/// Withdraws a user's access to the workplace. Their sessions there end immediately, and they get no more scheduled
/// reports of it by mail, and their open invitations end; sessions in other workplaces continue.
///
/// # Errors
/// As [`set_role`].
pub async fn withdraw(pool: &PgPool, admin: &Admin, id: UserId, now: DateTime<Utc>) -> AppResult<()> {
    let mut tx = begin(pool).await?;
    let before = leaving(&mut tx, admin, id, false).await?;
    db::user::withdraw(&mut tx, id, admin.workplace).await?;
    lose(&mut tx, now, (id, &before.email), admin.workplace, None).await?;
    let details = [("role", before.role.word().into())];
    admin
        .record(&mut tx, now, "person.withdrawn", id.to_string(), details)
        .await?;
    tx.commit().await?;
    Ok(())
}

/// Ends what a user with this address has at a workplace that their role there (`None`: no access) does not include any
/// more: reports that are mailed to them, and invitations that they wrote.
pub(crate) async fn lose(
    conn: &mut PgConnection,
    now: DateTime<Utc>,
    (id, email): (UserId, &str),
    place: Workplace,
    role: Option<Role>,
) -> AppResult<()> {
    let keeps = |right: Right| role.is_some_and(|role| right.roles().contains(&role));
    if let Workplace::Company(company_id) = place
        && !keeps(Right::Reports)
    {
        db::report::schedule::forget(conn, company_id, email).await?;
    }
    if !keeps(Right::People) {
        db::invitation::withdraw_by(conn, id, Some(place), now).await?;
    }
    Ok(())
}

/// A user who may stop being an administrator; `stays` means that they remain one.
async fn leaving(conn: &mut PgConnection, admin: &Admin, id: UserId, stays: bool) -> AppResult<Colleague> {
    let admins = db::people::lock_admins(conn, admin.workplace).await?;
    let person = db::people::find(conn, admin.workplace, id).await?;
    let person = person.ok_or(AppError::NotFound(Noun::Resource))?;
    if !stays && admins == [id] {
        return Err(AppError::LastAdministrator);
    }
    Ok(person)
}
