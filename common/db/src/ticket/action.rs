//! Paying, booking and canceling in two statements: one reads, under their locks, the tickets of one or more bookings
//! with everything that the decisions and the responses need; the other writes everything that the actions change.
//!
//! **Why the data that were read are current.** The departures are not known before the tickets are read, so one
//! statement finds them, locks them in the order of their keys, and then locks the tickets. If it had to wait,
//! PostgreSQL reads each locked row again, in its newest version (EvalPlanQual): a ticket that moved to another booking
//! meanwhile is left out, the others have their current state, seat and booking. What belongs to a ticket is as old as
//! the statement: the passenger, whose address a resend corrects, and calls, buses, permissions, cutoffs and refund
//! rules, which change only with the published version. A ticket that another transaction has changed meanwhile is
//! marked ([`Found::was_reread`]); the action then reads again, under the locks that it has. The writing statement,
//! which begins when all locks are held, writes only if the published version is the one that was read; otherwise, too,
//! the action reads again. A ticket whose departure changed during the wait is on a departure that is not locked
//! ([`Found::departure`]): the action then starts again.

use chrono::{DateTime, TimeDelta, Utc};
use domain::booking::{Passenger, Phone};
use domain::company::Permission;
use domain::discount::{Discount, DiscountRule};
use domain::id::{
    BookingId, BusId, CompanyId, DiscountId, PartnerId, PassengerId, PhoneId, PriceId, RefundRuleId, StopId, TicketId,
    TripId,
};
use domain::language::Language;
use domain::money::{Currency, Money};
use domain::reference::Reference;
use domain::refund_rule::RefundRule;
use domain::ticket::{PaymentStatus, State, TicketStatus};
use domain::timetable::FrozenCall;
use rust_decimal::Decimal;
use sqlx::PgConnection;
use uuid::Uuid;

use super::LockedTicket;
use crate::departure::Locked;
use crate::error::AppResult;
use crate::permission;
use crate::refund_rule;

mod write;

pub use write::{Change, write};

/// A locked ticket with what belongs to it.
#[derive(Debug, Clone)]
pub struct Found {
    /// The ticket.
    pub ticket: LockedTicket,
    /// Its reference.
    pub reference: Reference,
    /// The booking that it is in.
    pub booking_id: BookingId,
    /// That booking.
    pub booking: Head,
    /// Refunded amount.
    pub refund_amount: Option<Decimal>,
    /// A remark of the partner.
    pub note: Option<String>,
    /// Id of the price.
    pub price_id: PriceId,
    /// Its passenger.
    pub passenger: Passenger,
    /// The discount that was given.
    pub discount: Option<Discount>,
    /// The partner's permissions with the company.
    pub permission: Permission,
    /// Hours before boarding from which paid tickets are not canceled any more.
    pub cancellation_cutoff: Option<TimeDelta>,
    /// Refund tiers of a paid ticket.
    pub refund_rules: Vec<RefundRule>,
    /// Whether the ticket changed while the statement waited for its lock, so that what belongs to it may be outdated.
    pub was_reread: bool,
    /// Its departure; `None` when that is not locked because the ticket has moved.
    pub departure: Option<Locked>,
    /// The bus of the departure.
    pub bus_id: Option<BusId>,
    /// The calls from boarding to alighting as they were frozen, those at stops that belong to a city.
    pub calls: Vec<FrozenCall>,
}

/// The fields of the booking itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Head {
    /// Its reference.
    pub reference: Reference,
    /// Language of its messages and names.
    pub language: Language,
    /// When it was created.
    pub created_at: DateTime<Utc>,
    /// When the booking or the ticket that it was read with last changed.
    pub updated_at: DateTime<Utc>,
    /// Boarding instant.
    pub departure_at: DateTime<Utc>,
}

/// Locks the tickets of a partner's bookings, after their departures, and reads what an action on them needs: tickets
/// in the order of their ids, after the version under which the action is to be written, and that of the published
/// state ([`crate::publication::version`]). Nothing is found of a booking that all tickets have left; they are under
/// another one ([`crate::booking::current`]).
///
/// # Errors
/// Database errors only.
pub async fn read(
    conn: &mut PgConnection,
    partner_id: PartnerId,
    bookings: &[BookingId],
) -> AppResult<(i64, i64, Vec<Found>)> {
    let bookings: Vec<Uuid> = bookings.iter().map(|id| id.0).collect();
    let rows = sqlx::query!(
        r#"with departure as materialized (
               select d.trip_id, d.service_day, d.bus_id, coalesce(d.closed_at, d.company_closed_at) is not null as closed
               from departures d
               where (d.trip_id, d.service_day) in (select t.trip_id, t.service_day from tickets t
                                                    where t.booking_id = any($2) and t.partner_id = $1)
               order by d.trip_id, d.service_day
               for no key update
           ), ticket as materialized (
               select t.* from tickets t
               where t.booking_id = any($2) and t.partner_id = $1 and (select count(*) from departure) > 0
               order by t.id
               for update
           )
           select p.version, p.version - p.unread as "published!", t.id,
                  t.reference as "reference!: Reference", t.booking_id, t.company_id, t.trip_id, t.service_day,
                  t.boarding_position,
                  t.alighting_position, t.boarding_at, t.seat, t.status as "status: TicketStatus",
                  t.payment_status as "payment_status: PaymentStatus", t.price_id, t.price,
                  t.currency as "currency: Currency", t.refund_amount, t.note, t.created_at, t.passenger_id,
                  b.reference as "booking_reference: Reference", b.language as "language: Language", b.created_at as booked_at,
                  greatest(b.updated_at, t.updated_at) as "updated_at!", b.departure_at,
                  w.first_name, w.last_name, w.email,
                  f.ids as "phone_ids?", f.numbers as "phones?", f.messengers as "messengers?",
                  r.id as "discount_id?", r.name as "discount_name?", r.rule as "rule?: DiscountRule",
                  r.amount as "amount?", r.currency as "discount_currency?: Currency", r.start_date as "start_date?",
                  r.end_date as "end_date?",
                  g.id as "grant_id?", g.accesses as "accesses?", c.cancellation_cutoff_hours,
                  u.ids as "rule_ids?", u.hours as "rule_hours?", u.percents as "percents?: Vec<Option<Decimal>>",
                  u.amounts as "rule_amounts?: Vec<Option<Decimal>>",
                  u.currencies as "rule_currencies?: Vec<Option<Currency>>",
                  d.closed as "closed?", d.bus_id as "bus_id?",
                  (select x.updated_at from tickets x where x.id = t.id) is distinct from t.updated_at as "was_reread!",
                  s.positions as "positions?", s.stops as "stops?", s.arrivals as "arrivals?",
                  s.departures as "departures?"
           from ticket t
           join publication p on p.singleton
           join bookings b on b.id = t.booking_id
           join passengers w on w.id = t.passenger_id
           join companies c on c.id = t.company_id
           left join departure d on (d.trip_id, d.service_day) = (t.trip_id, t.service_day)
           left join discounts r on r.id = t.discount_id
           left join partner_permissions g on g.partner_id = $1 and g.company_id = t.company_id
           cross join lateral (
               select array_agg(x.id) as ids, array_agg(x.phone) as numbers,
                      array_agg(array_to_string(x.messengers, ',')) as messengers
               from (select id, phone, messengers from passenger_phones
                     where passenger_id = t.passenger_id order by position) x
           ) f
           cross join lateral (
               select array_agg(x.id) as ids, array_agg(x.hours) as hours, array_agg(x.percent) as percents,
                      array_agg(x.amount) as amounts, array_agg(x.currency) as currencies
               from refund_rules x where x.company_id = t.company_id
           ) u
           cross join lateral (
               select array_agg(x.position) as positions, array_agg(x.stop_id) as stops,
                      array_agg(x.arrival_at) as arrivals, array_agg(x.departure_at) as departures
               from (select k.position, k.stop_id, k.arrival_at, k.departure_at
                     from departure_calls k join stops on stops.id = k.stop_id and stops.city_id is not null
                     where k.trip_id = t.trip_id and k.service_day = t.service_day
                       and k.position between t.boarding_position and t.alighting_position
                     order by k.position) x
           ) s
           order by t.id"#,
        partner_id as PartnerId,
        &bookings,
    )
    .fetch_all(conn)
    .await?;
    let (version, published) = rows.first().map_or((0, 0), |row| (row.version, row.published));
    let found = rows.into_iter().map(|row| {
        let phones = phones(row.phone_ids, row.phones, row.messengers);
        let calls = calls(row.positions, row.stops, row.arrivals, row.departures);
        let refund_rules = (row.rule_ids.unwrap_or_default().into_iter())
            .zip(row.rule_hours.unwrap_or_default())
            .zip(row.percents.unwrap_or_default())
            .zip(row.rule_amounts.unwrap_or_default())
            .zip(row.rule_currencies.unwrap_or_default())
            .filter_map(|((((id, hours), percent), amount), currency)| {
                refund_rule::rule(RefundRuleId(id), hours, percent, amount.zip(currency))
            });
        let discount = || {
            Some(Discount {
                id: DiscountId(row.discount_id?),
                company_id: CompanyId(row.company_id),
                name: row.discount_name.clone()?,
                rule: row.rule?,
                amount: row.amount?,
                currency: row.discount_currency,
                start_date: row.start_date,
                end_date: row.end_date,
            })
        };
        let company_id = CompanyId(row.company_id);
        Found {
            ticket: LockedTicket {
                id: TicketId(row.id),
                company_id,
                departure: (TripId(row.trip_id), row.service_day),
                segment: row.boarding_position.unsigned_abs()..row.alighting_position.unsigned_abs(),
                boarding_at: row.boarding_at,
                seat: row.seat.unsigned_abs(),
                state: State {
                    status: row.status,
                    payment_status: row.payment_status,
                },
                price: Money::new(row.price, row.currency),
                created_at: row.created_at,
            },
            reference: row.reference,
            booking_id: BookingId(row.booking_id),
            booking: Head {
                reference: row.booking_reference,
                language: row.language,
                created_at: row.booked_at,
                updated_at: row.updated_at,
                departure_at: row.departure_at,
            },
            refund_amount: row.refund_amount,
            discount: discount(),
            note: row.note,
            price_id: PriceId(row.price_id),
            passenger: Passenger {
                id: PassengerId(row.passenger_id),
                first_name: row.first_name,
                last_name: row.last_name,
                email: row.email,
                phones,
            },
            permission: match (row.grant_id, row.accesses) {
                (Some(id), Some(accesses)) => permission::granted(id, &accesses),
                _ => Permission::everything(company_id),
            },
            cancellation_cutoff: row
                .cancellation_cutoff_hours
                .map(|hours| TimeDelta::hours(hours.into())),
            refund_rules: refund_rules.collect(),
            was_reread: row.was_reread,
            departure: row.closed.map(|closed| Locked { closed }),
            bus_id: row.bus_id.map(BusId),
            calls,
        }
    });
    Ok((version, published, found.collect()))
}

fn phones(ids: Option<Vec<Uuid>>, numbers: Option<Vec<String>>, messengers: Option<Vec<String>>) -> Vec<Phone> {
    let phone = |((id, phone), messengers): ((Uuid, String), String)| Phone {
        id: PhoneId(id),
        phone,
        messengers: messengers.split(',').filter_map(|word| word.parse().ok()).collect(),
    };
    let rows = ids.unwrap_or_default().into_iter().zip(numbers.unwrap_or_default());
    rows.zip(messengers.unwrap_or_default()).map(phone).collect()
}

fn calls(
    positions: Option<Vec<i16>>,
    stops: Option<Vec<Uuid>>,
    arrivals: Option<Vec<DateTime<Utc>>>,
    departures: Option<Vec<DateTime<Utc>>>,
) -> Vec<FrozenCall> {
    (positions.unwrap_or_default().into_iter())
        .zip(stops.unwrap_or_default())
        .zip(arrivals.unwrap_or_default())
        .zip(departures.unwrap_or_default())
        .map(|(((position, stop), arrives_at), departs_at)| FrozenCall {
            position: position.unsigned_abs(),
            stop_id: StopId(stop),
            arrives_at,
            departs_at,
        })
        .collect()
}
