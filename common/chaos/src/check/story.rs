//! Everything known about the objects in a finding.

use std::path::Path;
use std::process::Stdio;

use sqlx::PgPool;
use tokio::process::Command;
use uuid::Uuid;

use super::Finding;
use super::answers::inner;
use crate::error::Result;
use crate::load::{Journey, Records};

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

/// Everything known about the ids in a text: the story of each, and every change of its jobs, in chronological order.
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

/// Checks that the platform shows the story of a booking of a round, and names all messages about its tickets. It has
/// at least the message that it was created.
///
/// # Errors
/// When the database does not answer, or `admin` cannot be run.
pub async fn try_story(pool: &PgPool, records: &Records, admin: &Path, round: u64) -> Result<Vec<Finding>> {
    let journeys = records.journeys();
    let finding = |detail| Finding {
        rule: "the story of a booking names its messages",
        detail,
    };
    let Some(booking) = booking_of(&journeys, round) else {
        return Ok(vec![finding(format!("round {round} has no booking"))]);
    };
    let messages: Vec<String> = sqlx::query_scalar(MESSAGES)
        .bind(inner(booking))
        .fetch_all(pool)
        .await?;
    let wrong = match admin_story(admin, booking).await? {
        Err(said) => Some(said),
        Ok(story) => gap(&story, &messages),
    };
    let findings = wrong.map(|wrong| finding(format!("{booking}: {wrong}")));
    Ok(findings.into_iter().collect())
}

/// A booking of a round: of a client that pays, or else one that was not paid, since a long run sells out the days of
/// the others.
fn booking_of(journeys: &[Journey], round: u64) -> Option<&str> {
    [format!("r{round}k"), format!("r{round}a")].iter().find_map(|name| {
        let mut of_round = journeys.iter().filter(|journey| journey.key.starts_with(name));
        of_round.find_map(|journey| journey.booking.as_deref())
    })
}

/// What is missing in the story of a booking with these messages.
fn gap(story: &str, messages: &[String]) -> Option<String> {
    if messages.is_empty() {
        return Some("it has no message".to_owned());
    }
    let missing = messages.iter().find(|message| !story.contains(message.as_str()))?;
    Some(format!("{missing} is not in it:\n{story}"))
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

#[cfg(test)]
mod tests {
    use super::{booking_of, gap};
    use crate::load::{Journey, Sold};

    fn journey(key: &str, booking: Option<&str>) -> Journey {
        Journey {
            key: key.to_owned(),
            booking: booking.map(ToOwned::to_owned),
            orders: Vec::new(),
            passengers: 1,
            state: Sold::Nothing,
        }
    }

    #[test]
    fn a_booking_without_messages_or_a_story_without_one_of_them_is_found() {
        let messages = ["ntf_1", "ntf_2"].map(ToOwned::to_owned);
        assert_eq!(gap("ntf_2, then ntf_1", &messages), None);
        assert!(gap("ntf_2 alone", &messages).unwrap().starts_with("ntf_1 is not in it"));
        assert!(gap("a story", &[]).is_some());
    }

    #[test]
    fn a_booking_is_one_of_the_round() {
        let journeys = [
            journey("r1an1", Some("bkg_unpaid")),
            journey("r1k0p0n1", None),
            journey("r1k0p0n2", Some("bkg_sold")),
            journey("r2an1", Some("bkg_alone")),
            journey("r12k0p0n1", Some("bkg_later")),
            journey("r3k0p0n1", None),
        ];
        assert_eq!(booking_of(&journeys, 1), Some("bkg_sold"));
        assert_eq!(booking_of(&journeys, 2), Some("bkg_alone"));
        assert_eq!(booking_of(&journeys, 3), None);
    }
}
