//! The statement that writes sales.

use chrono::{DateTime, Utc};
use domain::id::{BusId, CompanyId, PartnerId, StopId, TicketId, TripId};
use domain::reference::Reference;
use domain::seat::Hold;
use domain::ticket::{PaymentStatus, State, TicketStatus};
use ledger::Creation;
use sqlx::PgConnection;
use tracing::Instrument;
use uuid::Uuid;

use super::columns::{Columns, Sale, small};
use crate::error::AppResult;
use crate::record::{Causes, line_requests};

/// The references that a sale assigned.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct References {
    /// Its booking.
    pub booking: Reference,
    /// Its tickets, in the order of their ids.
    pub tickets: Vec<Reference>,
}

/// The required state of the departure for a sale to be written.
#[derive(Debug, Clone, Copy)]
pub enum Start<'a> {
    /// It is stored, and these seats are held, in the order of the tickets' ids.
    Held(&'a [(TicketId, Hold)]),
    /// It is not stored: the sale stores it, and freezes its calls (stop, arrival, departure, by position).
    First {
        /// The bus.
        bus_id: BusId,
        /// The calls.
        calls: &'a [(StopId, DateTime<Utc>, DateTime<Utc>)],
    },
}

/// Writes bookings with their passengers, their phones, tickets and seats, and their records, in one statement; `None`,
/// and nothing is written, when the published state has another version than `version` or the departure differs from
/// `start`. The `sales`, at least one, have the same partner, company and departure, and the ids of their bookings and
/// tickets ascend. `author` is the name of who makes them. The references are in the order of the sales.
///
/// # Errors
/// Database errors; the constraint `seat_holds_no_overlap` if the lock was not taken.
pub async fn write(
    conn: &mut PgConnection,
    version: i64,
    start: Start<'_>,
    sales: &[Sale<'_>],
    author: &str,
    now: DateTime<Utc>,
) -> AppResult<Option<Vec<References>>> {
    let Some(Sale { common, .. }) = sales.first() else {
        return Ok(Some(Vec::new()));
    };
    let (holds, first) = match start {
        Start::Held(holds) => (holds, None),
        Start::First { bus_id, calls } => (&[][..], Some((bus_id, calls))),
    };
    let held_by: Vec<Uuid> = holds.iter().map(|(ticket, _)| ticket.0).collect();
    let held: Vec<i16> = holds.iter().map(|(_, hold)| small(hold.seat)).collect();
    let calls = first.map(|(_, calls)| calls).unwrap_or_default();
    let stops: Vec<Uuid> = calls.iter().map(|(stop, ..)| stop.0).collect();
    let arrivals: Vec<DateTime<Utc>> = calls.iter().map(|(_, arrival, _)| *arrival).collect();
    let departures: Vec<DateTime<Utc>> = calls.iter().map(|(.., departure)| *departure).collect();
    // If a candidate of a reference is already taken, the statement leaves it out and the trigger of the table computes
    // the next one, which takes ten times as long.
    let Columns {
        bookings,
        people,
        tickets,
        records,
    } = Columns::of(sales);
    let caused = || sales.iter().map(|sale| (sale.records, sale.cause));
    let line_requests = line_requests(caused());
    let creation = Creation::of(records.queues.iter().map(String::as_str));
    let causes = Causes::of(caused(), |cause| creation.continued(cause));
    let written = sqlx::query!(
        r#"with ready as (
               select 1 from publication
               where singleton and version = $1
                 and ($4::uuid[], $5::smallint[]) = (
                     select coalesce(array_agg(h.ticket_id), '{}'), coalesce(array_agg(h.seat), '{}')
                     from (select ticket_id, seat from seat_holds
                           where trip_id = $2 and service_day = $3 order by ticket_id) h)
           ), stored as (
               insert into departures (trip_id, service_day, bus_id)
               select $2, $3, $6::uuid from ready where $6::uuid is not null
               on conflict do nothing
               returning 1
           ), go as materialized (
               select 1 from ready where $6::uuid is null or exists (select from stored)
           ), frozen as (
               insert into departure_calls (trip_id, service_day, position, stop_id, arrival_at, departure_at)
               select $2, $3, position - 1, stop_id, arrival_at, departure_at
               from go, unnest($7::uuid[], $8::timestamptz[], $9::timestamptz[])
                        with ordinality as call (stop_id, arrival_at, departure_at, position)
           ), booked as (
               insert into bookings (id, partner_id, language, currency, departure_at, created_at, updated_at, reference)
               select id, $10, language, currency, departure_at, $11, $11,
                      case when (select 1 from bookings b where b.reference = new.reference) is null
                            and (select 1 from tickets t where t.reference = new.reference) is null
                           then new.reference end
               from go, unnest($12::uuid[], $13::text[], $14::text[], $15::timestamptz[], $16::text[])
                        as new (id, language, currency, departure_at, reference)
               returning id, reference
           ), people as (
               insert into passengers (id, first_name, last_name, email)
               select new.* from go, unnest($17::uuid[], $18::text[], $19::text[], $20::text[]) as new
           ), phones as (
               insert into passenger_phones (id, passenger_id, position, phone, messengers)
               select id, passenger_id, position, phone, string_to_array(messengers, ',')
               from go, unnest($21::uuid[], $22::uuid[], $23::smallint[], $24::text[], $25::text[])
                        as new (id, passenger_id, position, phone, messengers)
           ), sold as (
               insert into tickets (id, booking_id, partner_id, company_id, passenger_id, trip_id, service_day,
                                    boarding_position, alighting_position, boarding_at, seat, status, payment_status,
                                    price_id, price, full_price, currency, discount_id, prepaid, note, created_at,
                                    updated_at, reference)
               select id, booking_id, $10, $26, passenger_id, $2, $3, boarding, alighting, boarding_at, seat, $27, $28,
                      price_id, price, full_price, currency, discount_id, prepaid, note, $11, $11,
                      case when (select 1 from bookings b where b.reference = new.reference) is null
                            and (select 1 from tickets t where t.reference = new.reference) is null
                           then new.reference end
               from go, unnest($29::uuid[], $30::uuid[], $17::uuid[], $31::smallint[], $32::smallint[],
                               $33::timestamptz[], $34::smallint[], $35::uuid[], $36::numeric[], $37::numeric[],
                               $38::text[], $39::uuid[], $40::numeric[], $41::text[], $42::text[])
                        as new (id, booking_id, passenger_id, boarding, alighting, boarding_at, seat, price_id, price,
                                full_price, currency, discount_id, prepaid, note, reference)
               returning id, reference
           ), seats as (
               insert into seat_holds (ticket_id, trip_id, service_day, seat, stretch)
               select id, $2, $3, seat, int4range(boarding, alighting)
               from go, unnest($29::uuid[], $34::smallint[], $31::smallint[], $32::smallint[])
                        as new (id, seat, boarding, alighting)
           ), history as (
               insert into ticket_history (id, ticket_id, at, action, status, payment_status, actor, request_id)
               select id, ticket_id, $11, action, status, payment_status, $43, request_id
               from go, unnest($44::uuid[], $45::uuid[], $46::text[], $47::text[], $48::text[], $49::text[])
                        as new (id, ticket_id, action, status, payment_status, request_id)
           ), messages as (
               insert into notifications (id, ticket_id, history_id, channel, event, created_at)
               select new.*, $11
               from go, unnest($50::uuid[], $51::uuid[], $52::uuid[], $53::text[], $54::text[]) as new
           ), queued as (
               insert into jobs (id, queue, kind, payload, dedupe_key, run_at, max_attempts, request_id, trace_id,
                                 traceparent, is_urgent, tenant, created_at)
               select id, queue, kind, payload, dedupe_key, $11, max_attempts, request_id, trace_id, traceparent,
                      is_urgent, tenant, $11
               from go, unnest($55::uuid[], $56::text[], $57::text[], $58::jsonb[], $59::text[], $60::smallint[],
                               $61::text[], $62::text[], $63::text[], $64::bool[], $65::uuid[])
                        as new (id, queue, kind, payload, dedupe_key, max_attempts, request_id, trace_id, traceparent,
                                is_urgent, tenant)
               on conflict (dedupe_key) do nothing
           )
           select array(select reference from booked order by id) as "bookings!: Vec<Reference>",
                  array(select reference from sold order by id) as "tickets!: Vec<Reference>""#,
        version,
        common.departure.0 as TripId,
        common.departure.1,
        &held_by,
        &held,
        first.map(|(bus_id, _)| bus_id) as Option<BusId>,
        &stops,
        &arrivals,
        &departures,
        common.partner_id as PartnerId,
        now,
        &bookings.ids,
        &bookings.languages,
        &bookings.currencies,
        &bookings.departures,
        &bookings.references,
        &people.ids,
        &people.first_names,
        &people.last_names,
        &people.emails as &[Option<String>],
        &people.phones.ids,
        &people.phones.owners,
        &people.phones.positions,
        &people.phones.numbers,
        &people.phones.messengers,
        common.company_id as CompanyId,
        State::NEW.status as TicketStatus,
        State::NEW.payment_status as PaymentStatus,
        &tickets.ids,
        &tickets.bookings,
        &tickets.boardings,
        &tickets.alightings,
        &tickets.boarding_times,
        &tickets.seats,
        &tickets.price_ids,
        &tickets.prices,
        &tickets.full_prices,
        &tickets.currencies,
        &tickets.discounts as &[Option<Uuid>],
        &tickets.prepaid,
        &tickets.notes as &[Option<String>],
        &tickets.references,
        author,
        &records.history_ids,
        &records.history_tickets,
        &records.actions,
        &records.statuses,
        &records.payment_statuses,
        &line_requests as &[Option<String>],
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
        &causes.request_ids as &[Option<String>],
        &causes.trace_ids as &[Option<String>],
        &causes.traceparents as &[Option<String>],
        &records.are_urgent,
        &records.tenants,
    )
    .fetch_one(conn)
    .instrument(creation.span)
    .await?;
    if written.bookings.is_empty() {
        return Ok(None);
    }
    let mut tickets = written.tickets.into_iter();
    let references = sales.iter().zip(written.bookings).map(|(sale, booking)| References {
        booking,
        tickets: tickets.by_ref().take(sale.tickets.len()).collect(),
    });
    Ok(Some(references.collect()))
}
