//! The statement that writes actions on tickets (pay, book, cancel): new states, freed seats, history rows, messages
//! and jobs.

use chrono::{DateTime, Utc};
use domain::id::PartnerId;
use ledger::{Cause, Creation};
use rust_decimal::Decimal;
use sqlx::PgConnection;
use tracing::Instrument;
use uuid::Uuid;

use crate::error::AppResult;
use crate::record::{Causes, Columns, Records, line_requests};
use crate::ticket::Update;

/// What an action changes, and what is recorded of it.
#[derive(Debug, Clone, Copy)]
pub struct Change<'a> {
    /// New states of locked tickets.
    pub updates: &'a [Update],
    /// The records that are written with them: one line of history for each of them, in their order.
    pub records: &'a Records,
    /// The request.
    pub cause: &'a Cause,
}

/// Writes what actions on locked tickets of a partner change, the time of change into the tickets and their bookings,
/// and what is recorded of it, in one statement; tickets whose new state holds no seat give theirs back. False, and
/// nothing is written, when the published state has another version than `version`. `actor` carries out all of them,
/// for this `reason` if there is one.
///
/// # Errors
/// Database errors only.
pub async fn write(
    conn: &mut PgConnection,
    version: i64,
    partner_id: PartnerId,
    actor: &str,
    reason: Option<&str>,
    changes: &[Change<'_>],
    now: DateTime<Utc>,
) -> AppResult<bool> {
    let updates: Vec<&Update> = changes.iter().flat_map(|change| change.updates).collect();
    let ids: Vec<Uuid> = updates.iter().map(|u| u.id.0).collect();
    let statuses: Vec<String> = updates.iter().map(|u| u.state.status.to_string()).collect();
    let payment_statuses: Vec<String> = updates.iter().map(|u| u.state.payment_status.to_string()).collect();
    let seats: Vec<i16> = updates
        .iter()
        .map(|u| i16::try_from(u.seat).unwrap_or(i16::MAX))
        .collect();
    let refunds: Vec<Option<Decimal>> = updates.iter().map(|u| u.refund_amount).collect();
    let freed: Vec<Uuid> = updates
        .iter()
        .filter(|u| !u.state.holds_seat())
        .map(|u| u.id.0)
        .collect();
    let mut records = Columns::default();
    for change in changes {
        records.add(change.records);
    }
    let caused = || changes.iter().map(|change| (change.records, change.cause));
    let line_requests = line_requests(caused());
    let creation = Creation::of(records.queues.iter().map(String::as_str));
    let causes = Causes::of(caused(), |cause| creation.continued(cause));
    // A message has the ticket, the event and the request of its line of history, and its job has the key of the
    // message, which is new, and the partner as its tenant.
    let written = sqlx::query_scalar!(
        r#"with go as materialized (
               select 1 from publication where singleton and version = $1
           ), change as materialized (
               select new.*
               from go, unnest($3::uuid[], $4::text[], $5::text[], $6::smallint[], $7::numeric[], $8::uuid[],
                               $9::text[], $10::text[])
                        as new (ticket_id, status, payment_status, seat, refund_amount, line_id, action, request_id)
           ), ticket as (
               update tickets t
               set status = change.status, payment_status = change.payment_status, seat = change.seat,
                   refund_amount = coalesce(change.refund_amount, t.refund_amount), updated_at = $2
               from change
               where t.id = change.ticket_id
           ), freed as (
               delete from seat_holds where ticket_id = any($11) and exists (select from go)
           ), history as (
               insert into ticket_history (id, ticket_id, at, action, status, payment_status, actor, request_id, reason)
               select line_id, ticket_id, $2, action, status, payment_status, $12, request_id, $13 from change
           ), message as materialized (
               select new.*, change.ticket_id, change.action, change.request_id
               from unnest($14::uuid[], $15::uuid[], $16::text[], $17::uuid[], $18::text[], $19::text[], $20::jsonb[],
                           $21::smallint[], $22::text[], $23::text[], $24::bool[])
                    as new (id, line_id, channel, job_id, queue, kind, payload, max_attempts, trace_id, traceparent,
                            is_urgent)
               join change on change.line_id = new.line_id
           ), messages as (
               insert into notifications (id, ticket_id, history_id, channel, event, created_at)
               select id, ticket_id, line_id, channel, action, $2 from message
           ), queued as (
               insert into jobs (id, queue, kind, payload, dedupe_key, run_at, max_attempts, request_id, trace_id,
                                 traceparent, is_urgent, tenant, created_at)
               select job_id, queue, kind, payload, 'ntf_' || replace(id::text, '-', ''), $2, max_attempts, request_id,
                      trace_id, traceparent, is_urgent, $25, $2
               from message
           )
           select count(*) as "written!" from go"#,
        version,
        now,
        &ids,
        &statuses,
        &payment_statuses,
        &seats,
        &refunds as &[Option<Decimal>],
        &records.history_ids,
        &records.actions,
        &line_requests as &[Option<String>],
        &freed,
        actor,
        reason,
        &records.message_ids,
        &records.message_lines,
        &records.channels,
        &records.job_ids,
        &records.queues,
        &records.kinds,
        &records.payloads,
        &records.max_attempts,
        &causes.trace_ids as &[Option<String>],
        &causes.traceparents as &[Option<String>],
        &records.are_urgent,
        partner_id as PartnerId,
    )
    .fetch_one(conn)
    .instrument(creation.span)
    .await?;
    Ok(written == 1)
}
