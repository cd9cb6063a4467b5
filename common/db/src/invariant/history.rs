//! Tickets among the given ones whose history breaks a rule.

use domain::ticket::State;
use sqlx::PgConnection;
use uuid::Uuid;

use crate::error::AppResult;

/// Tickets without a first line. Each ticket begins with the line of its creation, and lines are never deleted.
///
/// # Errors
/// Database errors only.
pub async fn without_first_line(conn: &mut PgConnection, among: &[Uuid], limit: i64) -> AppResult<Vec<Uuid>> {
    Ok(sqlx::query_scalar!(
        "select t.id from tickets t
         where t.id = any($1) and not exists (
             select from ticket_history h where h.ticket_id = t.id and h.action = 'created'
         ) limit $2",
        among,
        limit,
    )
    .fetch_all(conn)
    .await?)
}

/// Tickets in another state than their last line names.
///
/// # Errors
/// Database errors only.
pub async fn last_line_differs(conn: &mut PgConnection, among: &[Uuid], limit: i64) -> AppResult<Vec<Uuid>> {
    Ok(sqlx::query_scalar!(
        "select t.id from tickets t cross join lateral (
             select status, payment_status from ticket_history h
             where h.ticket_id = t.id order by number desc nulls last, h.id desc limit 1
         ) as last
         where t.id = any($1) and (last.status, last.payment_status) <> (t.status, t.payment_status) limit $2",
        among,
        limit,
    )
    .fetch_all(conn)
    .await?)
}

/// Tickets with a line that cannot follow the line before it, since no action leads from the state before it to its
/// own: a line between them is missing, or one of them was changed.
///
/// # Errors
/// Database errors only.
pub async fn impossible(conn: &mut PgConnection, among: &[Uuid], limit: i64) -> AppResult<Vec<Uuid>> {
    let steps: Vec<String> = State::steps()
        .into_iter()
        .map(|(before, event, after)| {
            let (paid_before, paid_after) = (before.payment_status, after.payment_status);
            format!("{}/{paid_before} {event} {}/{paid_after}", before.status, after.status)
        })
        .collect();
    Ok(sqlx::query_scalar!(
        r#"select distinct line.ticket_id as "ticket_id!" from (
             select h.ticket_id, h.action, h.status || '/' || h.payment_status as state,
                    lag(h.status || '/' || h.payment_status)
                        over (partition by h.ticket_id order by h.number nulls first, h.id) as state_before
             from ticket_history h where h.ticket_id = any($1)
         ) as line
         where line.state_before is not null
           and (line.state_before || ' ' || line.action || ' ' || line.state) <> all($2::text[])
         limit $3"#,
        among,
        &steps,
        limit,
    )
    .fetch_all(conn)
    .await?)
}
