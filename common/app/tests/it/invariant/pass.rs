//! The pass over rows that are not among the newest.

use chrono::{DateTime, TimeDelta, Utc};
use domain::invariant::Rule;

use super::{broken, execute, healthy, now, run_once};

#[tokio::test]
async fn what_is_old_is_found_by_a_pass_and_known_until_it_is_corrected() {
    let (db, ticket) = healthy().await;
    execute(&db, "delete from seat_holds").await;
    // Enough newer ones without a violation that the old one is not among the newest.
    let crowd = app::invariant::NEWEST + app::invariant::SLICE;
    let sql = "insert into tickets (id, booking_id, partner_id, company_id, passenger_id, trip_id, service_day, boarding_position,
            alighting_position, boarding_at, seat, status, payment_status, price_id, price, full_price, currency, created_at, updated_at)
        select ('ff' || lpad(to_hex(n), 30, '0'))::uuid, booking_id, partner_id, company_id, passenger_id, trip_id, service_day,
            boarding_position, alighting_position, boarding_at, seat, 'Canceled', payment_status, price_id, price, full_price,
            currency, created_at, updated_at
        from tickets, generate_series(1, $1::bigint) as n";
    sqlx::query(sql).bind(crowd).execute(&db.pool).await.unwrap();
    let sql = "insert into ticket_history (id, ticket_id, at, action, status, payment_status, actor)
        select gen_random_uuid(), id, now(), 'created', status, payment_status, 'system' from tickets where status = 'Canceled'";
    execute(&db, sql).await;
    execute(&db, "update passengers set email = null; delete from passenger_phones").await;
    for minute in 0..3 {
        run_once(&db, now() + TimeDelta::minutes(minute)).await;
        assert_eq!(broken(&db).await, [(Rule::TicketWithoutSeat, 1)], "run {minute}");
    }
    let held = "insert into seat_holds (ticket_id, trip_id, service_day, seat, stretch)
        select id, trip_id, service_day, seat, int4range(boarding_position, alighting_position) from tickets where id = $1";
    sqlx::query(held).bind(ticket.id).execute(&db.pool).await.unwrap();
    run_once(&db, now() + TimeDelta::minutes(3)).await;
    assert_eq!(broken(&db).await, []);
    let passed: Option<DateTime<Utc>> =
        sqlx::query_scalar("select ended_at from invariant_passes where subject = 'ticket'")
            .fetch_one(&db.pool)
            .await
            .unwrap();
    assert!(passed.is_some_and(|at| at > now()), "the pass goes round");
}
