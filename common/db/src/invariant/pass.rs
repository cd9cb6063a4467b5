//! Which rows are checked: the newest ones in every run, the others slice by slice, by their primary keys.

use chrono::{DateTime, Utc};
use domain::invariant::Subject;
use sqlx::PgConnection;
use uuid::Uuid;

use crate::error::AppResult;

/// How far the passes over a table have come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Pass {
    /// Rows up to this id were checked.
    pub reached: Uuid,
    /// When a pass ended last.
    pub ended_at: Option<DateTime<Utc>>,
}

/// The newest rows, at most `limit`; none of partners and companies, which sell whether they are new or old.
///
/// # Errors
/// Database errors only.
pub async fn newest(conn: &mut PgConnection, subject: Subject, limit: i64) -> AppResult<Vec<Uuid>> {
    let query = match subject {
        Subject::Ticket => {
            sqlx::query_scalar!("select id from tickets order by id desc limit $1", limit).fetch_all(conn)
        }
        Subject::Booking => {
            sqlx::query_scalar!("select id from bookings order by id desc limit $1", limit).fetch_all(conn)
        }
        Subject::Message => {
            sqlx::query_scalar!("select id from notifications order by id desc limit $1", limit).fetch_all(conn)
        }
        Subject::Report => {
            sqlx::query_scalar!("select id from reports order by id desc limit $1", limit).fetch_all(conn)
        }
        Subject::Upload => {
            sqlx::query_scalar!("select id from timetable_uploads order by id desc limit $1", limit).fetch_all(conn)
        }
        Subject::Partner | Subject::Company | Subject::DepartureMatch | Subject::Job => return Ok(Vec::new()),
    };
    Ok(query.await?)
}

/// About how many rows the table of a subject has, as PostgreSQL estimates it; `None` if it is empty or was never analysed.
///
/// # Errors
/// Database errors only.
pub async fn rows(conn: &mut PgConnection, subject: Subject) -> AppResult<Option<i64>> {
    let table = match subject {
        Subject::Ticket => "tickets",
        Subject::Booking => "bookings",
        Subject::Partner => "partners",
        Subject::Company => "companies",
        Subject::Message => "notifications",
        Subject::Report => "reports",
        Subject::Upload => "timetable_uploads",
        Subject::DepartureMatch | Subject::Job => return Ok(None),
    };
    let estimate = sqlx::query_scalar!(
        r#"select reltuples::bigint as "rows!" from pg_class where oid = to_regclass($1)"#,
        table
    );
    Ok(estimate.fetch_optional(conn).await?.filter(|rows| *rows > 0))
}

/// The rows that follow an id, at most `limit`, in the order of their ids.
///
/// # Errors
/// Database errors only.
pub async fn slice(conn: &mut PgConnection, subject: Subject, after: Uuid, limit: i64) -> AppResult<Vec<Uuid>> {
    let query = match subject {
        Subject::Ticket => sqlx::query_scalar!(
            "select id from tickets where id > $1 order by id limit $2",
            after,
            limit
        )
        .fetch_all(conn),
        Subject::Booking => sqlx::query_scalar!(
            "select id from bookings where id > $1 order by id limit $2",
            after,
            limit
        )
        .fetch_all(conn),
        Subject::Partner => sqlx::query_scalar!(
            "select id from partners where id > $1 order by id limit $2",
            after,
            limit
        )
        .fetch_all(conn),
        Subject::Company => sqlx::query_scalar!(
            "select id from companies where id > $1 order by id limit $2",
            after,
            limit
        )
        .fetch_all(conn),
        Subject::Message => sqlx::query_scalar!(
            "select id from notifications where id > $1 order by id limit $2",
            after,
            limit
        )
        .fetch_all(conn),
        Subject::Report => sqlx::query_scalar!(
            "select id from reports where id > $1 order by id limit $2",
            after,
            limit
        )
        .fetch_all(conn),
        Subject::Upload => sqlx::query_scalar!(
            "select id from timetable_uploads where id > $1 order by id limit $2",
            after,
            limit
        )
        .fetch_all(conn),
        Subject::DepartureMatch | Subject::Job => return Ok(Vec::new()),
    };
    Ok(query.await?)
}

/// How far the passes of a name have come.
///
/// # Errors
/// Database errors only.
pub async fn passes(conn: &mut PgConnection, name: &str) -> AppResult<Pass> {
    let pass = sqlx::query_as!(
        Pass,
        "select reached, ended_at from invariant_passes where subject = $1",
        name
    );
    Ok(pass.fetch_optional(conn).await?.unwrap_or_default())
}

/// Stores how far the pass of a name has come.
///
/// # Errors
/// Database errors only.
pub async fn reach(conn: &mut PgConnection, name: &str, pass: Pass) -> AppResult<()> {
    sqlx::query!(
        "insert into invariant_passes (subject, reached, ended_at) values ($1, $2, $3)
         on conflict (subject) do update set reached = excluded.reached, ended_at = excluded.ended_at",
        name,
        pass.reached,
        pass.ended_at,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// When the pass ended that ended longest ago, among the latest ones of these names; `None` while one has never ended.
///
/// # Errors
/// Database errors only.
pub async fn ended(conn: &mut PgConnection, names: &[String]) -> AppResult<Option<DateTime<Utc>>> {
    Ok(sqlx::query_scalar!(
        "select case when count(ended_at) = cardinality($1::text[]) then min(ended_at) end
         from invariant_passes where subject = any($1)",
        names,
    )
    .fetch_one(conn)
    .await?)
}
