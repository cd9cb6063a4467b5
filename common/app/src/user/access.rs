//! Accesses of users, as operators grant and withdraw them.

use chrono::{DateTime, Utc};
use connect::postgres::begin;
use domain::access::Workplace;
use domain::access_grant::AccessGrant;
use domain::party::{ContextType, WorkplaceName};
use domain::role::Role;
use serde_json::{Value, json};
use sqlx::{PgConnection, PgPool};

use super::named;
use crate::error::{AppError, AppResult};
use crate::ops::Operator;
use crate::people;

/// Grants accesses; in a workplace to which the user already has access, the role changes immediately. What the new role
/// does not include ends: reports by mail, invitations.
///
/// # Errors
/// No user has this e-mail address; an unknown company or partner.
pub async fn grant(
    pool: &PgPool,
    now: DateTime<Utc>,
    by: &Operator,
    email: &str,
    accesses: &[AccessGrant],
) -> AppResult<()> {
    let mut tx = begin(pool).await?;
    let id = named(&mut tx, email).await?;
    let accesses = resolve(&mut tx, accesses).await?;
    db::user::grant(&mut tx, id, &accesses).await?;
    for (place, role) in &accesses {
        people::lose(&mut tx, now, (id, email), *place, Some(*role)).await?;
    }
    by.record(&mut tx, now, "person.granted", &id.to_string(), details(&accesses))
        .await?;
    tx.commit().await?;
    Ok(())
}

/// Withdraws the accesses to these workplaces, all or none of them. Sessions there, reports by mail and open invitations
/// end immediately; sessions in other workplaces continue.
///
/// # Errors
/// No user has this e-mail address; an unknown company or partner; the user does not work there.
pub async fn withdraw(
    pool: &PgPool,
    now: DateTime<Utc>,
    by: &Operator,
    email: &str,
    places: &[WorkplaceName],
) -> AppResult<()> {
    let mut tx = begin(pool).await?;
    let id = named(&mut tx, email).await?;
    let mut withdrawn = Vec::new();
    for place in places {
        let context = context_of(&mut tx, place).await?;
        if !db::user::withdraw(&mut tx, id, context).await? {
            return Err(AppError::field(
                "access",
                "known",
                format!("must be an access of the user, not {place}"),
            ));
        }
        people::lose(&mut tx, now, (id, email), context, None).await?;
        withdrawn.push(context.word());
    }
    let details = [("places", json!(withdrawn))];
    by.record(&mut tx, now, "person.withdrawn", &id.to_string(), details)
        .await?;
    tx.commit().await?;
    Ok(())
}

/// The accesses, as details of an entry in the audit trail.
pub(super) fn details(accesses: &[(Workplace, Role)]) -> [(&'static str, Value); 1] {
    let listed = accesses.iter();
    let listed = listed.map(|(place, role)| json!({ "place": place.word(), "role": role.word() }));
    [("accesses", listed.collect())]
}

/// The workplaces and roles of these grants; only a few, so each is looked up separately.
pub(super) async fn resolve(conn: &mut PgConnection, grants: &[AccessGrant]) -> AppResult<Vec<(Workplace, Role)>> {
    let mut accesses: Vec<(Workplace, Role)> = Vec::new();
    for grant in grants {
        let context = context_of(conn, &grant.place).await?;
        if accesses.iter().any(|(known, _)| *known == context) {
            return Err(AppError::field(
                "access",
                "unique",
                format!("must not contain {} twice", grant.place),
            ));
        }
        accesses.push((context, grant.role));
    }
    Ok(accesses)
}

/// The company or partner that an operator named.
async fn context_of(conn: &mut PgConnection, place: &WorkplaceName) -> AppResult<Workplace> {
    let context = match place.context {
        ContextType::Company => db::company::find_id(conn, &place.slug).await?.map(Workplace::Company),
        ContextType::Partner => db::partner::find_id(conn, &place.slug).await?.map(Workplace::Partner),
        ContextType::Platform => Some(Workplace::Platform),
    };
    context.ok_or_else(|| {
        let message = format!("must be an existing company or partner, not {:?}", place.slug);
        AppError::field("access", "known", message)
    })
}
