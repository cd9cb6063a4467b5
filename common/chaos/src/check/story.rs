//! Everything known about the objects in a finding.

use sqlx::PgPool;
use uuid::Uuid;

use super::answers::inner;
use crate::error::Result;

/// Lines about an object: a ticket, a booking, a line of history, a message, a job or a report.
const LINES: &str = "
    with of_tickets as (
        select id from tickets where id = $1 or booking_id = $1
        union select ticket_id from ticket_history where id = $1
        union select ticket_id from notifications where id = $1
        union select n.ticket_id from notifications n
              join all_jobs j on j.dedupe_key = 'ntf_' || replace(n.id::text, '-', '') where j.id = $1
    ), of_messages as (
        select n.* from notifications n join of_tickets t on t.id = n.ticket_id
    ), of_jobs as (
        select j.* from all_jobs j
        where j.id = $1 or j.dedupe_key = 'report:rpt_' || replace($1::text, '-', '')
           or j.dedupe_key in (select 'ntf_' || replace(id::text, '-', '') from of_messages)
    )
    select line from (
        select h.at, 'ticket ' || ticket_id || ' ' || action || ': ' || status || ' ' || payment_status || ', by ' || actor
                     || coalesce(', request ' || request_id, '') as line
        from ticket_history h join of_tickets t on t.id = h.ticket_id
        union all
        select created_at, 'message ' || id || ' (' || channel || ' ' || event || '): ' || state || ', attempts ' || attempts
                           || coalesce(', sent ' || sent_at, '') || coalesce(', ' || last_error, '')
        from of_messages
        union all
        select created_at, 'job ' || id || ' (' || kind || '): ' || state || ', attempt ' || attempt || ', crashes ' || crashes
                           || coalesce(', ' || last_error, '')
        from of_jobs
        union all
        select (failure ->> 'at')::timestamptz, 'job ' || id || ': attempt ' || (failure ->> 'attempt') || ' failed'
                           || coalesce(', ' || (failure ->> 'times') || ' times until ' || (failure ->> 'until'), '')
                           || coalesce(', in ' || (failure ->> 'process'), '') || ': ' || coalesce(failure ->> 'error', '')
        from of_jobs cross join lateral jsonb_array_elements(failures) as f (failure)
        union all
        select x.at, 'job ' || job_id || ': ' || coalesce(old_state, '') || ' ' || old_attempt || ' became ' || new_state
                     || ' ' || new_attempt || coalesce(', process ' || new_process, coalesce(', process was ' || old_process, ''))
                     || ', backend ' || backend
        from chaos.transitions x where job_id in (select id from of_jobs)
        union all
        select lost_at, 'job ' || job_id || ': attempt ' || attempt || ' was lost with process ' || process_id
        from job_losses where job_id in (select id from of_jobs)
    ) as lines order by at limit 120";

/// Everything known about the ids in a text, in chronological order.
///
/// # Errors
/// When the database does not answer.
pub async fn tell(pool: &PgPool, text: &str) -> Result<Vec<String>> {
    let words = text.split(|letter: char| !(letter.is_ascii_alphanumeric() || letter == '-' || letter == '_'));
    let mut ids: Vec<Uuid> = words
        .filter_map(|word| Uuid::parse_str(word).ok().or_else(|| inner(word)))
        .collect();
    ids.dedup();
    let mut lines = Vec::new();
    for id in ids.into_iter().take(3) {
        let told: Vec<String> = sqlx::query_scalar(LINES).bind(id).fetch_all(pool).await?;
        lines.extend(told);
    }
    Ok(lines)
}
