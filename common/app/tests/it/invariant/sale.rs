//! What was sold, and what is kept of it elsewhere: history, booking, route, search terms, messages.

use domain::invariant::Rule;
use domain::ticket::State;
use rstest::rstest;

use super::{broken, execute, healthy, is_counted, now, run_once};

#[rstest]
#[case::middle_line_of_the_history_deleted(
    "update tickets set status = 'Refund', payment_status = 'Paid', refund_amount = 0; delete from seat_holds;
     insert into ticket_history (id, ticket_id, at, action, status, payment_status, actor)
     select gen_random_uuid(), id, now(), 'paid', 'Confirmed', 'Paid', 'system' from tickets;
     insert into ticket_history (id, ticket_id, at, action, status, payment_status, actor)
     select gen_random_uuid(), id, now(), 'canceled', 'Refund', 'Paid', 'system' from tickets;
     insert into notifications (id, ticket_id, history_id, channel, event, state, attempts, sent_at, created_at)
     select gen_random_uuid(), ticket_id, id, channel, action, 'sent', 1, now(), now()
     from ticket_history, unnest(array['Email', 'Viber']) as channel where action <> 'created';
     delete from ticket_history where action = 'paid'",
    &[(Rule::HistoryImpossible, 1)]
)]
#[case::line_of_another_action(
    "update tickets set status = 'Confirmed', payment_status = 'Paid';
     insert into ticket_history (id, ticket_id, at, action, status, payment_status, actor)
     select gen_random_uuid(), id, now(), 'booked', status, payment_status, 'system' from tickets;
     insert into notifications (id, ticket_id, history_id, channel, event, state, attempts, sent_at, created_at)
     select gen_random_uuid(), ticket_id, id, channel, action, 'sent', 1, now(), now()
     from ticket_history, unnest(array['Email', 'Viber']) as channel where action <> 'created'",
    &[(Rule::HistoryImpossible, 1)]
)]
#[case::alights_where_the_departure_does_not_call(
    "update tickets set alighting_position = 99; update seat_holds set stretch = int4range(0, 99)",
    &[(Rule::BoardingTimeDiffers, 1)]
)]
#[case::another_partner_than_the_booking(
    "insert into partners (id, slug, name, created_at) values (gen_random_uuid(), 'other', 'other', now());
     update tickets set partner_id = (select id from partners where slug = 'other')",
    &[(Rule::TicketOfAnother, 1)]
)]
#[case::another_company_than_the_route(
    "update feeds set imported_at = imported_at - interval '1 day';
     insert into companies (id, slug, name, time_zone, created_at)
     values (gen_random_uuid(), 'other', 'other', 'Europe/Kyiv', now());
     update tickets set company_id = (select id from companies where slug = 'other');
     update order_terms set company_id = (select id from companies where slug = 'other')",
    &[(Rule::TicketOfAnother, 1)]
)]
#[case::another_company_since_an_import(
    "insert into companies (id, slug, name, time_zone, created_at)
     values (gen_random_uuid(), 'other', 'other', 'Europe/Kyiv', now());
     update tickets set company_id = (select id from companies where slug = 'other')",
    &[(Rule::TicketWithoutTerms, 1)]
)]
#[case::no_search_terms("delete from order_terms", &[(Rule::TicketWithoutTerms, 1)])]
#[case::message_about_another_ticket(
    "insert into tickets (id, booking_id, partner_id, company_id, passenger_id, trip_id, service_day, boarding_position,
         alighting_position, boarding_at, seat, status, payment_status, price_id, price, full_price, currency, created_at, updated_at)
     select gen_random_uuid(), booking_id, partner_id, company_id, passenger_id, trip_id, service_day, boarding_position,
         alighting_position, boarding_at, seat + 1, 'Canceled', payment_status, price_id, price, full_price, currency,
         created_at, updated_at
     from tickets;
     insert into ticket_history (id, ticket_id, at, action, status, payment_status, actor)
     select gen_random_uuid(), id, now(), 'created', status, payment_status, 'system' from tickets where status = 'Canceled';
     insert into notifications (id, ticket_id, history_id, channel, event, state, attempts, sent_at, created_at)
     select gen_random_uuid(), t.id, h.id, channel, 'created', 'sent', 1, now(), now()
     from ticket_history h, tickets t, unnest(array['Email', 'Viber']) as channel
     where h.status = 'Canceled' and t.status <> 'Canceled'",
    &[(Rule::MessageStateImpossible, 2)]
)]
#[case::message_about_another_event("update notifications set event = 'paid'", &[(Rule::MessageStateImpossible, 2)])]
#[case::message_that_repeats_no_ticket(
    "update ticket_history set action = 'resent';
     insert into ticket_history (id, ticket_id, at, action, status, payment_status, actor, number)
     select gen_random_uuid(), id, created_at, 'created', status, payment_status, 'system', null from tickets",
    &[(Rule::MessageStateImpossible, 2)]
)]
#[tokio::test]
async fn what_breaks_a_rule_about_a_sale_is_counted(#[case] sql: &'static str, #[case] expected: &[(Rule, usize)]) {
    is_counted(sql, expected).await;
}

/// Every line that may follow another one, as the history of a ticket.
#[tokio::test]
async fn no_history_that_actions_lead_to_is_a_violation() {
    let (db, _) = healthy().await;
    for (before, event, after) in State::steps() {
        execute(&db, "delete from ticket_history").await;
        let lines = [("created".to_owned(), before), (event.to_string(), after)];
        for (action, state) in lines {
            let sql = "insert into ticket_history (id, ticket_id, at, action, status, payment_status, actor)
                select gen_random_uuid(), id, now(), $1, $2, $3, 'system' from tickets";
            sqlx::query(sql)
                .bind(action)
                .bind(state.status.to_string())
                .bind(state.payment_status.to_string())
                .execute(&db.pool)
                .await
                .unwrap();
        }
        run_once(&db, now()).await;
        let found = broken(&db).await;
        let about_lines = |(rule, _): &&(Rule, usize)| *rule == Rule::HistoryImpossible;
        assert_eq!(found.iter().find(about_lines), None, "{before:?} {event} {after:?}");
    }
}
