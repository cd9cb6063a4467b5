//! Messages to passengers among the given ones that break a rule.

use chrono::{DateTime, Utc};
use domain::ticket::Event;
use sqlx::PgConnection;
use uuid::Uuid;

use crate::error::AppResult;
use crate::housekeeping::UNSENT_RETENTION;

/// Messages that were not sent, and that no job will send. The canceled job of an older message may have been deleted.
///
/// # Errors
/// Database errors only.
pub async fn without_job(
    conn: &mut PgConnection,
    among: &[Uuid],
    now: DateTime<Utc>,
    limit: i64,
) -> AppResult<Vec<Uuid>> {
    Ok(sqlx::query_scalar!(
        "select n.id from notifications n
         where n.id = any($1) and n.state <> 'sent' and n.created_at > $3 and not exists (
             select from jobs j where j.dedupe_key = 'ntf_' || replace(n.id::text, '-', '') and j.state <> 'done'
         ) limit $2",
        among,
        limit,
        now - UNSENT_RETENTION,
    )
    .fetch_all(conn)
    .await?)
}

/// Messages that contradict themselves or their line of history. The messages of a ticket that is sent again repeat an
/// event that carried it.
///
/// # Errors
/// Database errors only.
pub async fn state_impossible(conn: &mut PgConnection, among: &[Uuid], limit: i64) -> AppResult<Vec<Uuid>> {
    let carrying = Event::ALL.iter().filter(|event| event.carries_ticket());
    let carrying: Vec<String> = carrying.map(ToString::to_string).collect();
    Ok(sqlx::query_scalar!(
        "select n.id from notifications n join ticket_history h on h.id = n.history_id
         where n.id = any($1) and (
             (n.state = 'sent' and (n.sent_at is null or n.attempts = 0))
             or n.ticket_id <> h.ticket_id
             or case when h.action = 'resent' then n.event <> all($2::text[]) else n.event <> h.action end
         ) limit $3",
        among,
        &carrying,
        limit,
    )
    .fetch_all(conn)
    .await?)
}
