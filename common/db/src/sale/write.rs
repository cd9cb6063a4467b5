//! The statement that writes a sale.

use chrono::{DateTime, Utc};
use domain::booking::Passenger;
use domain::id::{BookingId, BusId, CompanyId, PartnerId, PriceId, StopId, TicketId, TripId};
use domain::language::Language;
use domain::money::Currency;
use domain::reference::Reference;
use domain::seat::Hold;
use domain::ticket::{PaymentStatus, State, TicketStatus};
use ledger::{Cause, Creation};
use rust_decimal::Decimal;
use sqlx::PgConnection;
use tracing::Instrument;
use uuid::Uuid;

use crate::error::AppResult;
use crate::history::Author;
use crate::passenger::Columns as Passengers;
use crate::record::{Columns, Records};
use crate::ticket::{Common, NewTicket};

/// The rows that a sale writes.
#[derive(Debug, Clone, Copy)]
pub struct Sale<'a> {
    /// What its tickets have in common.
    pub common: &'a Common<'a>,
    /// Language of the booking.
    pub language: Language,
    /// The tickets, each at the index of its passenger.
    pub tickets: &'a [NewTicket],
    /// Passengers.
    pub passengers: &'a [Passenger],
    /// The records that are written with them.
    pub records: &'a Records,
    /// Who makes the sale.
    pub author: Author<'a>,
    /// The request.
    pub cause: &'a Cause,
}

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

/// Writes a booking with its passengers, their phones, tickets and seats, and their records, in one statement; `None`,
/// and nothing is written, when the published state has another version than `version` or the departure differs from
/// `start`.
///
/// # Errors
/// Database errors; the constraint `seat_holds_no_overlap` if the lock was not taken.
pub async fn write(
    conn: &mut PgConnection,
    version: i64,
    start: Start<'_>,
    sale: Sale<'_>,
    now: DateTime<Utc>,
) -> AppResult<Option<References>> {
    let small = |n: u16| i16::try_from(n).unwrap_or(i16::MAX);
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
    let Sale { common, tickets, .. } = sale;
    let ids: Vec<Uuid> = tickets.iter().map(|t| t.id.0).collect();
    let seats: Vec<i16> = tickets.iter().map(|t| small(t.seat)).collect();
    let prices: Vec<Decimal> = tickets.iter().map(|t| t.price).collect();
    let discounts: Vec<Option<Uuid>> = tickets.iter().map(|t| t.discount_id.map(|d| d.0)).collect();
    let prepaid: Vec<Decimal> = tickets.iter().map(|t| t.prepaid).collect();
    // If a candidate is already taken, the statement leaves it out and the trigger of the table computes the next one,
    // which takes ten times as long.
    let reference = Reference::candidate(common.booking_id.0);
    let references: Vec<String> = tickets
        .iter()
        .map(|t| Reference::candidate(t.id.0).to_string())
        .collect();
    let people = Passengers::of(sale.passengers);
    let records = Columns::of(sale.records);
    let creation = Creation::of(records.queues.iter().map(String::as_str));
    let cause = creation.continued(sale.cause);
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
           ), booking as (
               insert into bookings (id, partner_id, language, currency, departure_at, created_at, updated_at, reference)
               select $10, $11, $12, $13, $14, $15, $15,
                      case when (select 1 from bookings where reference = $61) is null
                            and (select 1 from tickets where reference = $61) is null
                           then $61 end
               from go
               returning reference
           ), people as (
               insert into passengers (id, first_name, last_name, email)
               select new.* from go, unnest($16::uuid[], $17::text[], $18::text[], $19::text[]) as new
           ), phones as (
               insert into passenger_phones (id, passenger_id, position, phone, messengers)
               select id, passenger_id, position, phone, string_to_array(messengers, ',')
               from go, unnest($20::uuid[], $21::uuid[], $22::smallint[], $23::text[], $24::text[])
                        as new (id, passenger_id, position, phone, messengers)
           ), sold as (
               insert into tickets (id, booking_id, partner_id, company_id, passenger_id, trip_id, service_day,
                                    boarding_position, alighting_position, boarding_at, seat, status, payment_status,
                                    price_id, price, full_price, currency, discount_id, prepaid, note, created_at,
                                    updated_at, reference)
               select id, $10, $11, $25, passenger_id, $2, $3, $26, $27, $14, seat, $28, $29, $30, price, $31, $13,
                      discount_id, prepaid, $32, $15, $15,
                      case when (select 1 from bookings b where b.reference = new.reference) is null
                            and (select 1 from tickets t where t.reference = new.reference) is null
                           then new.reference end
               from go, unnest($33::uuid[], $16::uuid[], $34::smallint[], $35::numeric[], $36::uuid[], $37::numeric[],
                               $62::text[])
                        as new (id, passenger_id, seat, price, discount_id, prepaid, reference)
               returning id, reference
           ), seats as (
               insert into seat_holds (ticket_id, trip_id, service_day, seat, stretch)
               select id, $2, $3, seat, int4range($26::smallint, $27::smallint)
               from go, unnest($33::uuid[], $34::smallint[]) as new (id, seat)
           ), history as (
               insert into ticket_history (id, ticket_id, at, action, status, payment_status, actor, request_id, reason)
               select id, ticket_id, $15, action, status, payment_status, $38, $39, $40
               from go, unnest($41::uuid[], $42::uuid[], $43::text[], $44::text[], $45::text[])
                        as new (id, ticket_id, action, status, payment_status)
           ), messages as (
               insert into notifications (id, ticket_id, history_id, channel, event, created_at)
               select new.*, $15
               from go, unnest($46::uuid[], $47::uuid[], $48::uuid[], $49::text[], $50::text[]) as new
           ), queued as (
               insert into jobs (id, queue, kind, payload, dedupe_key, run_at, max_attempts, request_id, trace_id,
                                 traceparent, is_urgent, tenant, created_at)
               select id, queue, kind, payload, dedupe_key, $15, max_attempts, $39, $57, $58, is_urgent, tenant, $15
               from go, unnest($51::uuid[], $52::text[], $53::text[], $54::jsonb[], $55::text[], $56::smallint[],
                               $59::bool[], $60::uuid[])
                        as new (id, queue, kind, payload, dedupe_key, max_attempts, is_urgent, tenant)
               on conflict (dedupe_key) do nothing
           )
           select (select reference from booking) as "booking?: Reference",
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
        common.booking_id as BookingId,
        common.partner_id as PartnerId,
        sale.language as Language,
        common.currency as Currency,
        common.boarding_at,
        now,
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
        small(common.boarding),
        small(common.alighting),
        State::NEW.status as TicketStatus,
        State::NEW.payment_status as PaymentStatus,
        common.price_id as PriceId,
        common.full_price,
        common.note,
        &ids,
        &seats,
        &prices,
        &discounts as &[Option<Uuid>],
        &prepaid,
        sale.author.name,
        sale.author.request_id,
        sale.author.reason,
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
        reference.as_str(),
        &references,
    )
    .fetch_one(conn)
    .instrument(creation.span)
    .await?;
    let tickets = written.tickets;
    Ok(written.booking.map(|booking| References { booking, tickets }))
}
