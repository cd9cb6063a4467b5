//! Rules that must always hold: nothing is found where nothing is wrong, and each violation is counted under its rule.

use std::time::Duration;

use app::invariant::{Checked, check, latest, run};
use app::notification::{Announcement, announce};
use chrono::{DateTime, TimeDelta, Utc};
use domain::invariant::Rule;
use domain::ticket::Event;
use kernel::clock::Clock;
use ledger::Cause;
use rstest::rstest;
use testing::database::TestDb;
use testing::world::{Sale, SoldTicket, World};
use uuid::Uuid;

mod all_files;
mod count;
mod everything;
mod file;
mod job;
mod no_violation;
mod pass;
mod repaired;
mod sale;
mod unsent;

fn now() -> DateTime<Utc> {
    "2026-11-14T12:15:00Z".parse().unwrap()
}

/// A database with a ticket as a sale leaves it, and a job in each state.
async fn healthy() -> (TestDb, SoldTicket) {
    let db = TestDb::new().await;
    let mut conn = db.pool.acquire().await.unwrap();
    let mut world = World::new(&mut conn, now()).await;
    let ticket = world.sell(&Sale::default()).await;
    let history_id = world.history(ticket.id, Event::Created).await;
    let announcement = Announcement {
        ticket_id: ticket.id,
        history_id,
        event: Event::Created,
    };
    announce(&mut conn, now(), &Cause::default(), &[announcement])
        .await
        .unwrap();
    drop(conn);
    execute(
        &db,
        "with worker as (insert into processes (id, name) values (gen_random_uuid(), 'worker') returning id)
         insert into jobs (id, queue, kind, payload, state, run_at, max_attempts, created_at, attempt, sent_at, epoch,
                           process_id, claimed_at, finished_at, last_error)
         select gen_random_uuid(), 'sweep', 'order_sweep', '{}', state, now(), 5, now(), 1, now(), gen_random_uuid(),
                case when state = 'running' then worker.id end, now(),
                case when state in ('done', 'dead') then now() end, case when state = 'dead' then 'no disk' end
         from worker, unnest(array['ready', 'sent', 'running', 'done', 'dead']) as state",
    )
    .await;
    (db, ticket)
}

async fn execute(db: &TestDb, sql: &'static str) {
    sqlx::raw_sql(sql).execute(&db.pool).await.unwrap();
}

/// The rules that are broken, as stored, with the number of violations.
async fn broken(db: &TestDb) -> Vec<(Rule, usize)> {
    violated(&latest(&db.pool).await.unwrap())
}

/// The rules that are broken, as a look at everything finds them.
async fn checked(db: &TestDb) -> Vec<(Rule, usize)> {
    violated(&look(db).await)
}

/// A look at everything, with no pause before what may be repaired is checked again.
async fn look(db: &TestDb) -> Vec<Checked> {
    check(&db.pool, &Clock::manual(now()), Duration::ZERO).await.unwrap()
}

fn violated(results: &[Checked]) -> Vec<(Rule, usize)> {
    let broken = results.iter().filter(|result| result.violations > 0);
    broken.map(|result| (result.rule, result.violations)).collect()
}

async fn run_once(db: &TestDb, at: DateTime<Utc>) {
    let mut tx = db.pool.begin().await.unwrap();
    run(&mut tx, at).await.unwrap();
    tx.commit().await.unwrap();
}

#[tokio::test]
async fn a_consistent_database_has_no_violations() {
    let (db, _) = healthy().await;
    for minute in 0..2 {
        run_once(&db, now() + TimeDelta::minutes(minute)).await;
        assert_eq!(broken(&db).await, []);
    }
    let results = latest(&db.pool).await.unwrap();
    assert_eq!(results.len(), Rule::ALL.len());
    for result in results {
        let expected = (!result.rule.is_about_files()).then(|| now() + TimeDelta::minutes(1));
        assert_eq!(result.checked_at, expected, "{}", result.rule);
    }
    let all = look(&db).await;
    assert!(all.iter().all(|result| result.violations == 0), "{all:?}");
}

/// What breaks a rule, and the other rules that it breaks by the way.
#[rstest]
#[case::seat_sold_twice(
    "alter table seat_holds drop constraint seat_holds_no_overlap;
     insert into tickets (id, booking_id, partner_id, company_id, passenger_id, trip_id, service_day, boarding_position,
         alighting_position, boarding_at, seat, status, payment_status, price_id, price, full_price, currency, created_at, updated_at)
     select gen_random_uuid(), booking_id, partner_id, company_id, passenger_id, trip_id, service_day, boarding_position,
         alighting_position, boarding_at, seat, status, payment_status, price_id, price, full_price, currency, created_at, updated_at
     from tickets;
     insert into seat_holds (ticket_id, trip_id, service_day, seat, stretch)
     select id, trip_id, service_day, seat, int4range(0, 1) from tickets where id not in (select ticket_id from seat_holds)",
    &[(Rule::SeatSoldTwice, 2), (Rule::TicketWithoutHistory, 1)]
)]
#[case::another_ticket_for_the_seat(
    "insert into tickets (id, booking_id, partner_id, company_id, passenger_id, trip_id, service_day, boarding_position,
         alighting_position, boarding_at, seat, status, payment_status, price_id, price, full_price, currency, created_at, updated_at)
     select gen_random_uuid(), booking_id, partner_id, company_id, passenger_id, trip_id, service_day, boarding_position,
         alighting_position, boarding_at, seat, status, payment_status, price_id, price, full_price, currency, created_at, updated_at
     from tickets",
    &[(Rule::SeatSoldTwice, 2), (Rule::TicketWithoutSeat, 1), (Rule::TicketWithoutHistory, 1)]
)]
#[case::the_seat_of_another_ticket(
    "insert into tickets (id, booking_id, partner_id, company_id, passenger_id, trip_id, service_day, boarding_position,
         alighting_position, boarding_at, seat, status, payment_status, price_id, price, full_price, currency, created_at, updated_at)
     select gen_random_uuid(), booking_id, partner_id, company_id, passenger_id, trip_id, service_day, boarding_position,
         alighting_position, boarding_at, seat + 1, status, payment_status, price_id, price, full_price, currency,
         created_at, updated_at
     from tickets;
     insert into seat_holds (ticket_id, trip_id, service_day, seat, stretch)
     select id, trip_id, service_day, seat, int4range(0, 1) from tickets where id not in (select ticket_id from seat_holds);
     update tickets set seat = (select min(seat) from tickets)",
    &[(Rule::SeatSoldTwice, 2), (Rule::TicketWithoutSeat, 1), (Rule::TicketWithoutHistory, 1)]
)]
#[case::seat_not_on_bus("update tickets set seat = 51; update seat_holds set seat = 51", &[(Rule::SeatNotOnBus, 1)])]
#[case::seat_zero("update tickets set seat = 0; update seat_holds set seat = 0", &[(Rule::SeatNotOnBus, 1)])]
#[case::seat_on_a_former_bus_only(
    "update feeds set imported_at = imported_at - interval '1 day'; update buses set seats = 40;
     update tickets set seat = 45; update seat_holds set seat = 45",
    &[(Rule::SeatNotOnBus, 1)]
)]
#[case::seat_that_no_smaller_bus_had(
    "update buses set seats = 10; update tickets set seat = 51; update seat_holds set seat = 51",
    &[(Rule::SeatNotOnBus, 1)]
)]
#[case::doubtful_run_on_sale(
    "insert into departure_matches (id, sold_trip_id, sold_day, trip_id, service_day, found_at)
     select gen_random_uuid(), trip_id, service_day, trip_id, service_day, now() from departures",
    &[(Rule::DoubtfulRunOnSale, 1)]
)]
#[case::without_seat("delete from seat_holds", &[(Rule::TicketWithoutSeat, 1)])]
#[case::another_seat("update seat_holds set seat = 18", &[(Rule::TicketWithoutSeat, 1)])]
#[case::expired_holds(
    "update tickets set status = 'Uncompleted'; update ticket_history set status = 'Uncompleted'",
    &[(Rule::ExpiredTicketHoldsSeat, 1)]
)]
#[case::canceled_holds(
    "update tickets set status = 'Canceled'; update ticket_history set status = 'Canceled'",
    &[(Rule::EndedTicketHoldsSeat, 1)]
)]
#[case::without_history("delete from ticket_history", &[(Rule::TicketWithoutHistory, 1)])]
#[case::without_first_line(
    "insert into ticket_history (id, ticket_id, at, action, status, payment_status, actor)
     select gen_random_uuid(), id, now(), 'confirmed', 'Processing', 'Unpaid', 'system' from tickets;
     insert into notifications (id, ticket_id, history_id, channel, event, state, attempts, sent_at, created_at)
     select gen_random_uuid(), ticket_id, id, channel, 'confirmed', 'sent', 1, now(), now()
     from ticket_history, unnest(array['Email', 'Viber']) as channel where action = 'confirmed';
     delete from ticket_history where action = 'created'",
    &[(Rule::TicketWithoutHistory, 1)]
)]
#[case::history_differs(
    "update tickets set status = 'Confirmed', payment_status = 'Paid'",
    &[(Rule::HistoryDiffers, 1)]
)]
#[case::boarding_time(
    "update departure_calls set departure_at = departure_at + interval '1 minute' where position = 0",
    &[(Rule::BoardingTimeDiffers, 1)]
)]
#[case::booking_time(
    "update bookings set departure_at = departure_at + interval '1 minute'",
    &[(Rule::BoardingTimeDiffers, 1)]
)]
#[case::state_impossible(
    "update tickets set payment_status = 'Paid'; update ticket_history set payment_status = 'Paid'",
    &[(Rule::TicketStateImpossible, 1)]
)]
#[case::paid_without_amount(
    "update tickets set status = 'Confirmed', payment_status = 'Paid', price = 0;
     update ticket_history set status = 'Confirmed', payment_status = 'Paid'",
    &[(Rule::TicketAmountImpossible, 1)]
)]
#[case::price_lowered_without_a_discount(
    "update tickets set status = 'Confirmed', payment_status = 'Paid', price = 1;
     update ticket_history set status = 'Confirmed', payment_status = 'Paid'",
    &[(Rule::TicketAmountImpossible, 1)]
)]
#[case::prepaid_nothing(
    "update tickets set status = 'Confirmed', payment_status = 'Prepaid';
     update ticket_history set status = 'Confirmed', payment_status = 'Prepaid'",
    &[(Rule::TicketAmountImpossible, 1)]
)]
#[case::refund_without_amount(
    "update tickets set status = 'Refund', payment_status = 'Paid'; delete from seat_holds;
     update ticket_history set status = 'Refund', payment_status = 'Paid'",
    &[(Rule::TicketAmountImpossible, 1)]
)]
#[case::another_currency("update bookings set currency = 'EUR'", &[(Rule::TicketAmountImpossible, 1)])]
#[case::event_without_message("delete from notifications where channel = 'Viber'", &[(Rule::EventWithoutMessage, 1)])]
#[case::earlier_event_without_message(
    "delete from notifications where channel = 'Viber'; update tickets set status = 'Confirmed';
     insert into ticket_history (id, ticket_id, at, action, status, payment_status, actor)
     select gen_random_uuid(), id, now(), 'confirmed', 'Confirmed', 'Unpaid', 'system' from tickets;
     insert into notifications (id, ticket_id, history_id, channel, event, state, attempts, sent_at, created_at)
     select gen_random_uuid(), ticket_id, id, channel, 'confirmed', 'sent', 1, now(), now()
     from ticket_history, unnest(array['Email', 'Viber']) as channel where action = 'confirmed'",
    &[(Rule::EventWithoutMessage, 1)]
)]
#[case::sent_again_without_message(
    "update ticket_history set action = 'resent';
     insert into ticket_history (id, ticket_id, at, action, status, payment_status, actor, number)
     select gen_random_uuid(), id, created_at, 'created', status, payment_status, 'system', null from tickets;
     delete from notifications",
    &[(Rule::EventWithoutMessage, 1)]
)]
#[case::message_without_job("delete from jobs where kind = 'email_notification'", &[(Rule::MessageWithoutJob, 1)])]
#[case::message_job_done(
    "update jobs set state = 'done', finished_at = now() where kind = 'email_notification'",
    &[(Rule::MessageWithoutJob, 1)]
)]
#[case::message_sent_never("update notifications set state = 'sent'", &[(Rule::MessageStateImpossible, 2)])]
#[case::dead_without_error("update jobs set last_error = null where state = 'dead'", &[(Rule::JobDeadWithoutError, 1)])]
#[case::job_impossible(
    "update jobs set epoch = null, process_id = null where state = 'sent';
     update jobs set claimed_at = null where state = 'running';
     update jobs set finished_at = null where state in ('done', 'dead')",
    &[(Rule::JobStateImpossible, 4)]
)]
#[case::report_impossible(
    "insert into reports (id, company_id, date_from, date_to, date_field, status, created_at, ended_at)
     select gen_random_uuid(), id, '2026-11-01', '2026-11-30', 'createdAt', status, now(), now()
     from companies, unnest(array['Completed', 'Failed']) as status",
    &[(Rule::ReportStateImpossible, 2)]
)]
#[case::upload_impossible(
    "insert into timetable_uploads (id, company_id, status, report, size_bytes, sha256, checked_at, created_at)
     select gen_random_uuid(), id, 'Ready', '{}', 1, 'ab', now(), now() from companies;
     insert into timetable_uploads (id, company_id, status, kind, report, size_bytes, created_at, published_at)
     select gen_random_uuid(), id, status, kind, report::jsonb, size_bytes, now(), case when status = 'Published' then now() end
     from companies, (values ('Ready', 'Upload', null, 1), ('Ready', 'Upload', '{}', null), ('Published', 'Upload', '{}', 1),
         ('Published', 'Undo', null, null), ('Published', 'Undo', '{}', null), ('Refused', 'Upload', null, 1),
         ('Failed', 'Undo', null, null)) as upload (status, kind, report, size_bytes)",
    &[(Rule::UploadStateImpossible, 6)]
)]
#[tokio::test]
async fn every_violation_is_counted(#[case] sql: &'static str, #[case] expected: &[(Rule, usize)]) {
    is_counted(sql, expected).await;
}

/// Checks that statements break these rules, and no others.
async fn is_counted(sql: &'static str, expected: &[(Rule, usize)]) {
    let (db, ticket) = healthy().await;
    execute(&db, sql).await;
    run_once(&db, now()).await;
    assert_eq!(broken(&db).await, expected);
    let results = look(&db).await;
    assert_eq!(violated(&results), expected, "the look at everything finds the same");
    let (rule, _) = expected[0];
    let found = results.iter().find(|result| result.rule == rule).unwrap();
    if matches!(rule, Rule::TicketWithoutSeat | Rule::HistoryDiffers) {
        assert_eq!(found.examples, [ticket.id.to_string()], "by the id that people see");
    }
}

#[tokio::test]
async fn at_most_a_thousand_are_distinguished() {
    let (db, _) = healthy().await;
    execute(
        &db,
        "insert into jobs (id, queue, kind, payload, state, run_at, max_attempts, created_at, finished_at)
         select gen_random_uuid(), 'sweep', 'order_sweep', '{}', 'dead', now(), 5, now(), now() from generate_series(1, 1500)",
    )
    .await;
    run_once(&db, now()).await;
    assert_eq!(broken(&db).await, [(Rule::JobDeadWithoutError, 1000)]);
    let ids: Vec<Uuid> = sqlx::query_scalar("select unnest(broken) from invariants")
        .fetch_all(&db.pool)
        .await
        .unwrap();
    assert_eq!(ids.len(), 1000);
}
