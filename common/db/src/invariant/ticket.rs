//! Tickets among the given ones that break a rule. Each statement looks them up by their ids and is one snapshot, so a
//! change that is being made is seen whole or not at all.

use domain::invariant::Rule;
use domain::ticket::State;
use sqlx::PgConnection;
use uuid::Uuid;

use super::history;
use crate::error::AppResult;

/// Those that break a rule about tickets; none for rules about anything else.
///
/// # Errors
/// Database errors only.
pub async fn broken(conn: &mut PgConnection, rule: Rule, among: &[Uuid], limit: i64) -> AppResult<Vec<Uuid>> {
    match rule {
        Rule::SeatSoldTwice => seat_sold_twice(conn, among, limit).await,
        Rule::TicketWithoutSeat => without_seat(conn, among, limit).await,
        Rule::SeatNotOnBus => seat_not_on_bus(conn, among, limit).await,
        Rule::ExpiredTicketHoldsSeat => holding(conn, among, &["Uncompleted"], limit).await,
        Rule::EndedTicketHoldsSeat => holding(conn, among, &["Canceled", "Refund", "NotConfirmed"], limit).await,
        Rule::TicketWithoutHistory => history::without_first_line(conn, among, limit).await,
        Rule::HistoryDiffers => history::last_line_differs(conn, among, limit).await,
        Rule::HistoryImpossible => history::impossible(conn, among, limit).await,
        Rule::BoardingTimeDiffers => boarding_time_differs(conn, among, limit).await,
        Rule::TicketOfAnother => of_another(conn, among, limit).await,
        Rule::TicketStateImpossible => state_impossible(conn, among, limit).await,
        Rule::TicketAmountImpossible => amount_impossible(conn, among, limit).await,
        Rule::TicketWithoutTerms => without_terms(conn, among, limit).await,
        Rule::EventWithoutMessage => event_without_message(conn, among, limit).await,
        _ => Ok(Vec::new()),
    }
}

/// A constraint keeps two holds of a seat apart, but it can be dropped, and a ticket can name a seat that it does not
/// hold. So holds are compared with each other, and tickets without the hold of their seat with the other tickets of the
/// departure; both tickets of such a pair are returned. Each lookup is limited, so that PostgreSQL does it by index,
/// however many rows are checked.
async fn seat_sold_twice(conn: &mut PgConnection, among: &[Uuid], limit: i64) -> AppResult<Vec<Uuid>> {
    Ok(sqlx::query_scalar!(
        r#"select id as "id!" from (
             select unnest(array[t.id, sold.id]) as id from tickets t
             left join seat_holds h on h.ticket_id = t.id
                 and (h.trip_id, h.service_day, h.seat) = (t.trip_id, t.service_day, t.seat)
                 and h.stretch = int4range(t.boarding_position, t.alighting_position)
             cross join lateral (
                 select other.id from tickets other
                 where other.trip_id = t.trip_id and other.service_day = t.service_day and other.seat = t.seat
                   and other.status in ('Processing', 'Confirmed') and other.id <> t.id
                   and other.boarding_position < t.alighting_position
                   and other.alighting_position > t.boarding_position
                 limit $2
             ) as sold
             where t.id = any($1) and t.status in ('Processing', 'Confirmed') and h.ticket_id is null
             union
             select h.ticket_id from seat_holds h cross join lateral (
                 select from seat_holds other
                 where other.trip_id = h.trip_id and other.service_day = h.service_day and other.seat = h.seat
                   and other.stretch && h.stretch and other.ticket_id <> h.ticket_id
                 limit 1
             ) as held
             where h.ticket_id = any($1)
         ) as twice order by id limit $2"#,
        among,
        limit,
    )
    .fetch_all(conn)
    .await?)
}

/// A seat that is missing because the bus became smaller, or because an import gave the departure a smaller one, is no
/// violation: its passenger keeps it. So a seat that no bus of the company ever had always counts. Another seat that the
/// bus does not have counts if the ticket was sold after the last import, since buses change only then; an import bears
/// the instant at which it began, and takes at most 20 minutes (`timetable_publish`).
async fn seat_not_on_bus(conn: &mut PgConnection, among: &[Uuid], limit: i64) -> AppResult<Vec<Uuid>> {
    Ok(sqlx::query_scalar!(
        r#"select t.id as "id!" from tickets t cross join lateral (
             select b.company_id, b.seats from departures d join buses b on b.id = d.bus_id
             where d.trip_id = t.trip_id and d.service_day = t.service_day limit 1
         ) as bus
         where t.id = any($1) and t.status in ('Processing', 'Confirmed') and t.seat not between 1 and bus.seats
           and (t.seat not between 1 and (select max(most_seats) from buses where company_id = bus.company_id)
                or not exists (
                    select from routes r join feeds f on f.id = r.feed_id
                    where r.company_id = bus.company_id and f.imported_at > t.created_at - interval '30 minutes'))
         order by t.id limit $2"#,
        among,
        limit,
    )
    .fetch_all(conn)
    .await?)
}

async fn without_seat(conn: &mut PgConnection, among: &[Uuid], limit: i64) -> AppResult<Vec<Uuid>> {
    Ok(sqlx::query_scalar!(
        "select t.id from tickets t left join seat_holds h on h.ticket_id = t.id
         where t.id = any($1) and t.status in ('Processing', 'Confirmed')
           and (h.ticket_id is null
                or (t.trip_id, t.service_day, t.seat) <> (h.trip_id, h.service_day, h.seat)
                or h.stretch <> int4range(t.boarding_position, t.alighting_position))
         limit $2",
        among,
        limit,
    )
    .fetch_all(conn)
    .await?)
}

async fn holding(conn: &mut PgConnection, among: &[Uuid], statuses: &[&str], limit: i64) -> AppResult<Vec<Uuid>> {
    let statuses: Vec<String> = statuses.iter().map(|status| (*status).to_owned()).collect();
    Ok(sqlx::query_scalar!(
        "select t.id from tickets t join seat_holds h on h.ticket_id = t.id
         where t.id = any($1) and t.status = any($2) limit $3",
        among,
        &statuses,
        limit,
    )
    .fetch_all(conn)
    .await?)
}

async fn boarding_time_differs(conn: &mut PgConnection, among: &[Uuid], limit: i64) -> AppResult<Vec<Uuid>> {
    Ok(sqlx::query_scalar!(
        r#"select t.id as "id!" from tickets t join bookings b on b.id = t.booking_id
         left join departure_calls c
             on (c.trip_id, c.service_day, c.position) = (t.trip_id, t.service_day, t.boarding_position)
         left join departure_calls a
             on (a.trip_id, a.service_day, a.position) = (t.trip_id, t.service_day, t.alighting_position)
         where t.id = any($1)
           and (c.departure_at is distinct from t.boarding_at or b.departure_at <> t.boarding_at or a.trip_id is null)
         limit $2"#,
        among,
        limit,
    )
    .fetch_all(conn)
    .await?)
}

/// An import may give a route to another company; tickets that were sold before stay with the former one. So another
/// company counts only if the ticket was sold after the last import of the feed (see [`seat_not_on_bus`]).
async fn of_another(conn: &mut PgConnection, among: &[Uuid], limit: i64) -> AppResult<Vec<Uuid>> {
    Ok(sqlx::query_scalar!(
        "select t.id from tickets t
         join bookings b on b.id = t.booking_id
         join trips p on p.id = t.trip_id
         join routes r on r.id = p.route_id
         join feeds f on f.id = r.feed_id
         where t.id = any($1)
           and (t.partner_id <> b.partner_id
                or (t.company_id <> r.company_id and f.imported_at <= t.created_at - interval '30 minutes'))
         limit $2",
        among,
        limit,
    )
    .fetch_all(conn)
    .await?)
}

/// Terms of another company count as none: a company searches its own. Whether a word of them is missing is not asked.
async fn without_terms(conn: &mut PgConnection, among: &[Uuid], limit: i64) -> AppResult<Vec<Uuid>> {
    Ok(sqlx::query_scalar!(
        "select t.id from tickets t join passengers p on p.id = t.passenger_id
         where t.id = any($1)
           and not exists (select from order_terms o where o.ticket_id = t.id and o.company_id = t.company_id)
           and (p.email <> ''
                or exists (select from passenger_phones f where f.passenger_id = p.id)
                or search_key(p.first_name || ' ' || p.last_name) ~ '[^[:space:]-]')
         limit $2",
        among,
        limit,
    )
    .fetch_all(conn)
    .await?)
}

async fn state_impossible(conn: &mut PgConnection, among: &[Uuid], limit: i64) -> AppResult<Vec<Uuid>> {
    let reachable = State::reachable().into_iter();
    let (statuses, payments): (Vec<String>, Vec<String>) = reachable
        .map(|state| (state.status.to_string(), state.payment_status.to_string()))
        .unzip();
    Ok(sqlx::query_scalar!(
        "select t.id from tickets t
         where t.id = any($1) and not exists (
             select from unnest($2::text[], $3::text[]) as known (status, payment_status)
             where known.status = t.status and known.payment_status = t.payment_status
         ) limit $4",
        among,
        &statuses,
        &payments,
        limit,
    )
    .fetch_all(conn)
    .await?)
}

async fn amount_impossible(conn: &mut PgConnection, among: &[Uuid], limit: i64) -> AppResult<Vec<Uuid>> {
    Ok(sqlx::query_scalar!(
        "select t.id from tickets t join bookings b on b.id = t.booking_id
         where t.id = any($1) and (
             t.price > t.full_price
             or (t.discount_id is null and t.price <> t.full_price)
             or t.currency <> b.currency
             or (t.payment_status = 'Prepaid' and t.prepaid <= 0)
             or (t.status = 'Refund') <> (t.refund_amount is not null)
             or t.refund_amount not between 0 and t.price
         ) limit $2",
        among,
        limit,
    )
    .fetch_all(conn)
    .await?)
}

/// Every event is announced on each channel that reaches the passenger; a ticket that is sent to a corrected address
/// only on the channel of that address. How the passenger could be reached at an event is known if nothing replaced the
/// passenger or an address later; of tickets that were moved or sent again, only the last event is checked.
async fn event_without_message(conn: &mut PgConnection, among: &[Uuid], limit: i64) -> AppResult<Vec<Uuid>> {
    Ok(sqlx::query_scalar!(
        "select t.id from tickets t join passengers p on p.id = t.passenger_id
         cross join lateral (
             select id from ticket_history h
             where h.ticket_id = t.id order by number desc nulls last, h.id desc limit 1
         ) as last
         where t.id = any($1) and exists (
             select from ticket_history h
             where h.ticket_id = t.id
               and (h.id = last.id or not exists (
                   select from ticket_history r where r.ticket_id = t.id and r.action in ('moved', 'resent')))
               and case when h.action = 'resent' then
                   not exists (select from notifications n where n.history_id = h.id)
               else
                   (p.email <> '' and not exists (
                       select from notifications n where n.history_id = h.id and n.channel = 'Email'))
                   or (exists (
                           select from passenger_phones f where f.passenger_id = p.id and 'Viber' = any (f.messengers))
                       and not exists (
                           select from notifications n where n.history_id = h.id and n.channel = 'Viber'))
               end
         ) limit $2",
        among,
        limit,
    )
    .fetch_all(conn)
    .await?)
}
