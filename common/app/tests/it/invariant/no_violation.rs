//! What looks like a violation and is none.

use app::housekeeping::delete_jobs;
use chrono::TimeDelta;
use domain::invariant::Rule;

use super::{broken, execute, healthy, now, run_once};

#[tokio::test]
async fn a_seat_of_a_canceled_ticket_may_be_sold_and_a_smaller_bus_breaks_nothing() {
    let (db, _) = healthy().await;
    let sql = "insert into tickets (id, booking_id, partner_id, company_id, passenger_id, trip_id, service_day,
             boarding_position, alighting_position, boarding_at, seat, status, payment_status, price_id, price,
             full_price, currency, created_at, updated_at)
         select gen_random_uuid(), booking_id, partner_id, company_id, passenger_id, trip_id, service_day,
             boarding_position + n, alighting_position + n, boarding_at, seat,
             case n when 0 then 'Canceled' else status end, payment_status, price_id, price, full_price, currency,
             created_at, updated_at
         from tickets, generate_series(0, 1) as n;
         update buses set seats = 10";
    execute(&db, sql).await;
    run_once(&db, now()).await;
    let broken = broken(&db).await;
    let about_seats = |(rule, _): &&(Rule, usize)| matches!(rule, Rule::SeatSoldTwice | Rule::SeatNotOnBus);
    assert_eq!(broken.iter().find(about_seats), None, "{broken:?}");
}

#[tokio::test]
async fn a_ticket_that_went_to_a_corrected_address_only_is_no_violation() {
    let (db, _) = healthy().await;
    execute(
        &db,
        "update ticket_history set action = 'resent';
         insert into ticket_history (id, ticket_id, at, action, status, payment_status, actor, number)
         select gen_random_uuid(), id, created_at, 'created', status, payment_status, 'system', null from tickets;
         delete from notifications where channel = 'Viber';
         update notifications set event = 'confirmed'",
    )
    .await;
    run_once(&db, now()).await;
    assert_eq!(broken(&db).await, []);
}

#[tokio::test]
async fn a_route_that_an_import_gives_to_another_company_is_no_violation() {
    let (db, _) = healthy().await;
    execute(
        &db,
        "insert into companies (id, slug, name, time_zone, created_at)
         values (gen_random_uuid(), 'other', 'other', 'Europe/Kyiv', now());
         update routes set company_id = (select id from companies where slug = 'other');
         update feeds set imported_at = imported_at + interval '1 hour'",
    )
    .await;
    run_once(&db, now()).await;
    assert_eq!(broken(&db).await, []);
}

#[tokio::test]
async fn a_discarded_message_is_no_violation_for_as_long_as_it_is_not_sent() {
    let (db, _) = healthy().await;
    execute(
        &db,
        "update jobs set state = 'canceled', finished_at = '2026-10-01T00:00:00Z' where kind = 'email_notification'",
    )
    .await;
    let (retention, budget) = (TimeDelta::days(14), std::time::Duration::from_secs(10));
    delete_jobs(&db.pool, now(), retention, budget).await.unwrap();
    run_once(&db, now()).await;
    assert_eq!(broken(&db).await, []);
    // An operator retried it, it was sent, and the job was canceled only then.
    execute(
        &db,
        "update notifications set state = 'sent', attempts = 1, sent_at = now()",
    )
    .await;
    let cleared = delete_jobs(&db.pool, now(), retention, budget).await.unwrap();
    assert_eq!(cleared.rows, 1);
}

/// What was claimed was sent before it.
#[tokio::test]
async fn a_job_that_waits_for_its_turn_in_redis_is_not_lost() {
    let (db, _) = healthy().await;
    let sql = "
     insert into finished_jobs (id, queue, kind, payload, run_at, attempt, max_attempts, crashes, sent_at, claimed_at,
                                finished_at, created_at, is_urgent, tenant)
     select gen_random_uuid(), queue, kind, payload, run_at, attempt, max_attempts, crashes,
            now() - interval '60 seconds', now() - interval '55 seconds', now() - interval '50 seconds',
            created_at, is_urgent, tenant
     from jobs where state = 'sent';
     update jobs set sent_at = now() - interval '50 seconds' where state = 'sent'";
    execute(&db, sql).await;
    for minute in 0..2 {
        run_once(&db, now() + TimeDelta::minutes(minute)).await;
        assert_eq!(broken(&db).await, []);
    }
}

/// It was claimed before the clock was set back, and its process is alive: its outcome and its deadline end it.
#[tokio::test]
async fn a_job_that_began_before_the_clock_was_set_back_is_no_violation() {
    let (db, _) = healthy().await;
    let sql = "update jobs set sent_at = now() + interval '30 minutes', claimed_at = now() + interval '30 minutes',
                               deadline_at = now() + interval '1 minute'
               where state = 'running'";
    execute(&db, sql).await;
    for minute in 0..2 {
        run_once(&db, now() + TimeDelta::minutes(minute)).await;
        assert_eq!(broken(&db).await, []);
    }
}

#[tokio::test]
async fn a_job_that_waits_behind_urgent_ones_of_its_queue_is_not_lost() {
    let (db, _) = healthy().await;
    let sql = "update jobs set sent_at = now() - interval '2 minutes' where state = 'sent';
               update jobs set claimed_at = now() - interval '20 seconds', is_urgent = true where state in ('running', 'done')";
    execute(&db, sql).await;
    for minute in 0..2 {
        run_once(&db, now() + TimeDelta::minutes(minute)).await;
        assert_eq!(broken(&db).await, []);
    }
}
