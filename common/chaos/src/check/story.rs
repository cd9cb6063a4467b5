//! Everything known about the objects in a finding.

use std::path::Path;
use std::process::Stdio;

use sqlx::PgPool;
use tokio::process::Command;
use uuid::Uuid;

use super::Finding;
use super::answers::inner;
use crate::error::Result;
use crate::load::Records;

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

/// Ids of an object with the prefix that the platform gives them.
const NAMES: &str = "
    select name from (
        select 1 as rank, 'bkg_' || replace(id::text, '-', '') as name from bookings where id = $1
        union all select 2, 'ord_' || replace(id::text, '-', '') from tickets where id = $1
        union all select 3, 'ord_' || replace(ticket_id::text, '-', '') from ticket_history where id = $1
        union all select 4, 'ntf_' || replace(id::text, '-', '') from notifications where id = $1
        union all select 5, 'rpt_' || replace(id::text, '-', '') from reports where id = $1
        union all select 6, 'tup_' || replace(id::text, '-', '') from timetable_uploads where id = $1
        union all select 7, 'job_' || replace(id::text, '-', '') from all_jobs where id = $1
    ) as names order by rank limit 1";

/// Ids of the messages about the tickets of a booking.
const MESSAGES: &str = "
    select 'ntf_' || replace(n.id::text, '-', '') from notifications n join tickets t on t.id = n.ticket_id
    where t.booking_id = $1";

/// Number of lines of a story that are printed.
const MOST: usize = 120;

/// Everything known about the ids in a text: the story that the platform tells of each, and every change of its jobs, in
/// chronological order.
///
/// # Errors
/// When the database does not answer, or `admin` cannot be run.
pub async fn tell(pool: &PgPool, admin: &Path, text: &str) -> Result<Vec<String>> {
    let words = text.split(|letter: char| !(letter.is_ascii_alphanumeric() || letter == '-' || letter == '_'));
    let mut ids: Vec<Uuid> = words
        .filter_map(|word| Uuid::parse_str(word).ok().or_else(|| inner(word)))
        .collect();
    ids.dedup();
    let mut lines = Vec::new();
    for id in ids.into_iter().take(3) {
        let name: Option<String> = sqlx::query_scalar(NAMES).bind(id).fetch_optional(pool).await?;
        if let Some(name) = name {
            let story = match admin_story(admin, &name).await? {
                Ok(story) | Err(story) => story,
            };
            lines.push(format!("admin story {name}"));
            lines.extend(story.lines().take(MOST).map(ToOwned::to_owned));
            lines.push("the changes of its jobs".to_owned());
        }
        let told: Vec<String> = sqlx::query_scalar(LINES).bind(id).fetch_all(pool).await?;
        lines.extend(told);
    }
    Ok(lines)
}

/// Checks that the platform tells the story of a booking of a round, and names all messages about its tickets. The keys
/// of the journeys of the round begin with a text.
///
/// # Errors
/// When the database does not answer, or `admin` cannot be run.
pub async fn try_story(pool: &PgPool, records: &Records, admin: &Path, of_round: &str) -> Result<Vec<Finding>> {
    let journeys = records.journeys();
    let mut journeys = journeys.iter().filter(|journey| journey.key.starts_with(of_round));
    let Some(booking) = journeys.find_map(|journey| journey.booking.as_deref()) else {
        return Ok(vec![Finding {
            rule: "every round has a booking",
            detail: format!("no journey of {of_round} has one"),
        }]);
    };
    let messages: Vec<String> = sqlx::query_scalar(MESSAGES)
        .bind(inner(booking))
        .fetch_all(pool)
        .await?;
    let detail = match admin_story(admin, booking).await? {
        Err(said) => Some(said),
        Ok(_) if messages.is_empty() => Some("it has no messages".to_owned()),
        Ok(story) => messages
            .iter()
            .find(|message| !story.contains(message.as_str()))
            .map(|message| format!("{message} is not in it:\n{story}")),
    };
    let finding = |detail| Finding {
        rule: "the story of a booking names its messages",
        detail: format!("{booking}: {detail}"),
    };
    Ok(detail.map(finding).into_iter().collect())
}

/// What `admin story` prints about an id, or how it fails.
async fn admin_story(admin: &Path, id: &str) -> Result<std::result::Result<String, String>> {
    let told = Command::new(admin)
        .args(["story", id])
        .stdin(Stdio::null())
        .output()
        .await?;
    let text = String::from_utf8_lossy(&told.stdout).into_owned();
    if told.status.success() {
        return Ok(Ok(text));
    }
    Ok(Err(text + &String::from_utf8_lossy(&told.stderr)))
}
