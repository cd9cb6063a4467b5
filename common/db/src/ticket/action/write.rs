//! The statement that writes an action on tickets (pay, book, cancel): new states, freed seats, history rows, messages
//! and jobs.

use chrono::{DateTime, Utc};
use ledger::{Cause, Creation};
use rust_decimal::Decimal;
use sqlx::PgConnection;
use tracing::Instrument;
use uuid::Uuid;

use crate::error::AppResult;
use crate::history::Author;
use crate::record::{Columns, Records};
use crate::ticket::Update;

/// Writes new states of locked tickets, the time of change into them and their bookings, and what is recorded of it, in
/// one statement; tickets whose new state holds no seat give theirs back. False, and nothing is written, when the
/// published state has another version than `version`.
///
/// # Errors
/// Database errors only.
pub async fn write(
    conn: &mut PgConnection,
    version: i64,
    updates: &[Update],
    records: &Records,
    author: Author<'_>,
    cause: &Cause,
    now: DateTime<Utc>,
) -> AppResult<bool> {
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
    let records = Columns::of(records);
    let creation = Creation::of(records.queues.iter().map(String::as_str));
    let cause = creation.continued(cause);
    let written = sqlx::query_scalar!(
        r#"with go as materialized (
               select 1 from publication where singleton and version = $1
           ), changed as (
               update tickets t
               set status = new.status, payment_status = new.payment_status, seat = new.seat,
                   refund_amount = coalesce(new.refund_amount, t.refund_amount), updated_at = $2
               from go, unnest($3::uuid[], $4::text[], $5::text[], $6::smallint[], $7::numeric[])
                        as new (id, status, payment_status, seat, refund_amount)
               where t.id = new.id
               returning t.booking_id
           ), touched as (
               update bookings set updated_at = $2 where id in (select booking_id from changed)
           ), freed as (
               delete from seat_holds where ticket_id = any($8) and exists (select from go)
           ), history as (
               insert into ticket_history (id, ticket_id, at, action, status, payment_status, actor, request_id, reason)
               select id, ticket_id, $2, action, status, payment_status, $9, $10, $11
               from go, unnest($12::uuid[], $13::uuid[], $14::text[], $15::text[], $16::text[])
                        as new (id, ticket_id, action, status, payment_status)
           ), messages as (
               insert into notifications (id, ticket_id, history_id, channel, event, created_at)
               select new.*, $2
               from go, unnest($17::uuid[], $18::uuid[], $19::uuid[], $20::text[], $21::text[]) as new
           ), queued as (
               insert into jobs (id, queue, kind, payload, dedupe_key, run_at, max_attempts, request_id, trace_id,
                                 traceparent, is_urgent, tenant, created_at)
               select id, queue, kind, payload, dedupe_key, $2, max_attempts, $10, $28, $29, is_urgent, tenant, $2
               from go, unnest($22::uuid[], $23::text[], $24::text[], $25::jsonb[], $26::text[], $27::smallint[],
                               $30::bool[], $31::uuid[])
                        as new (id, queue, kind, payload, dedupe_key, max_attempts, is_urgent, tenant)
               on conflict (dedupe_key) do nothing
           )
           select count(*) as "written!" from go"#,
        version,
        now,
        &ids,
        &statuses,
        &payment_statuses,
        &seats,
        &refunds as &[Option<Decimal>],
        &freed,
        author.name,
        author.request_id,
        author.reason,
        &records.history_ids,
        &records.history_tickets,
        &records.actions,
        &records.statuses,
        &records.payment_statuses,
        &records.message_ids,
        &records.message_tickets,
        &records.message_lines,
        &records.channels,
        &records.events,
        &records.job_ids,
        &records.queues,
        &records.kinds,
        &records.payloads,
        &records.dedupe_keys as &[Option<String>],
        &records.max_attempts,
        cause.trace_id,
        cause.traceparent.map(String::from),
        &records.are_urgent,
        &records.tenants,
    )
    .fetch_one(conn)
    .instrument(creation.span)
    .await?;
    Ok(written == 1)
}
