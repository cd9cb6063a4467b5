//! Bookings without tickets, and kept counts that differ from what is there.

use chrono::TimeDelta;
use domain::invariant::Rule;
use rstest::rstest;
use sqlx::PgConnection;
use testing::world::World;

use super::{broken, execute, healthy, is_counted, now, run_once};

#[rstest]
#[case::booking_marked_as_empty("update bookings set emptied = true", &[(Rule::BookingWithoutTicket, 1)])]
#[case::booking_without_ticket(
    "insert into bookings (id, partner_id, language, currency, departure_at, created_at, updated_at)
     select gen_random_uuid(), partner_id, language, currency, departure_at, created_at, updated_at from bookings",
    &[(Rule::BookingWithoutTicket, 1)]
)]
#[case::tickets_deleted("delete from tickets", &[(Rule::BookingWithoutTicket, 1)])]
#[case::counts_deleted(
    "delete from list_counts",
    &[(Rule::PartnerCountsDiffer, 1), (Rule::CompanyCountsDiffer, 1)]
)]
#[case::bookings_of_a_day(
    "update list_counts set n = n + 1 where list = 'bookings_by_departure'",
    &[(Rule::PartnerCountsDiffer, 1)]
)]
#[case::another_day_of_bookings(
    "update list_counts set part = '1' where list = 'bookings_by_id'",
    &[(Rule::PartnerCountsDiffer, 1)]
)]
#[case::tickets_by_creation(
    "update list_counts set n = n - 1 where list = 'tickets_by_creation'",
    &[(Rule::PartnerCountsDiffer, 1)]
)]
#[case::tickets_by_id("delete from list_counts where list = 'tickets_by_id'", &[(Rule::PartnerCountsDiffer, 1)])]
#[case::another_state_of_orders(
    "update list_counts set part = 'Confirmed/Paid' where list = 'orders_by_state'",
    &[(Rule::CompanyCountsDiffer, 1)]
)]
#[case::orders_by_id("delete from list_counts where list = 'orders_by_id'", &[(Rule::CompanyCountsDiffer, 1)])]
#[case::orders_by_trip(
    "update list_counts set n = n + 1 where list = 'orders_by_trip'",
    &[(Rule::CompanyCountsDiffer, 1)]
)]
#[tokio::test]
async fn what_breaks_a_rule_about_lists_is_counted(#[case] sql: &'static str, #[case] expected: &[(Rule, usize)]) {
    is_counted(sql, expected).await;
}

#[tokio::test]
async fn a_booking_whose_tickets_were_moved_is_no_violation() {
    let (db, _) = healthy().await;
    execute(
        &db,
        "insert into bookings (id, partner_id, language, currency, departure_at, created_at, updated_at)
         select gen_random_uuid(), partner_id, language, currency, departure_at, created_at, updated_at from bookings;
         insert into ticket_moves (id, ticket_id, from_booking_id, to_booking_id, at)
         select gen_random_uuid(), t.id, t.booking_id, b.id, now()
         from tickets t join bookings b on b.id <> t.booking_id;
         update tickets t set booking_id = m.to_booking_id from ticket_moves m where m.ticket_id = t.id",
    )
    .await;
    run_once(&db, now()).await;
    assert_eq!(broken(&db).await, []);
}

#[tokio::test]
async fn owners_are_recounted_in_turns_and_those_with_a_wrong_count_in_every_run() {
    let (db, _) = healthy().await;
    execute(
        &db,
        "update list_counts set n = n + 1 where list = 'tickets_by_id';
         insert into partners (id, slug, name, created_at)
         select ('00000000-0000-0000-0000-' || lpad(n::text, 12, '0'))::uuid, 'other-' || n, 'Other', now()
         from generate_series(1, 12) as n",
    )
    .await;
    let expected = [(Rule::PartnerCountsDiffer, 1)];
    // Thirteen partners, two in each run; the last one is the one that sold.
    for run in 0..9 {
        run_once(&db, now() + TimeDelta::seconds(run)).await;
        let expected = if run >= 6 { &expected[..] } else { &[][..] };
        assert_eq!(broken(&db).await, expected, "run {run}");
    }
    execute(&db, "select list_counts_mend()").await;
    run_once(&db, now() + TimeDelta::seconds(9)).await;
    assert_eq!(broken(&db).await, []);
}

/// Sequential scans of this transaction so far, of all tables, and whether the planner may choose them.
async fn scans(conn: &mut PgConnection) -> (i64, String) {
    let scans = "select coalesce(sum(seq_scan), 0)::bigint, current_setting('enable_seqscan')
                 from pg_stat_xact_user_tables";
    sqlx::query_as(scans).fetch_one(conn).await.unwrap()
}

/// In a table of one row, a sequential scan looks cheapest.
#[tokio::test]
async fn a_recount_reads_no_whole_table_and_leaves_the_setting_of_its_connection() {
    let (db, ticket) = healthy().await;
    execute(&db, "analyze tickets, bookings, list_counts, partners, companies").await;
    let mut tx = db.pool.begin().await.unwrap();
    let before = scans(&mut tx).await;
    assert_eq!(before.1, "on");
    for (rule, owner) in [
        (Rule::PartnerCountsDiffer, ticket.partner_id.0),
        (Rule::CompanyCountsDiffer, ticket.company_id.0),
    ] {
        let found = db::invariant::broken(&mut tx, rule, &[owner], now()).await.unwrap();
        assert!(found.is_empty(), "{rule}: {found:?}");
        assert_eq!(scans(&mut tx).await, before, "{rule}");
    }
}

/// A recount in each turn would take too long.
#[tokio::test]
async fn an_owner_of_very_many_tickets_is_not_recounted() {
    let (db, ticket) = healthy().await;
    let mut conn = db.pool.acquire().await.unwrap();
    World::new(&mut conn, now()).await.many_tickets(&ticket, 5_000).await;
    drop(conn);
    execute(&db, "delete from list_counts").await;
    run_once(&db, now()).await;
    let found = broken(&db).await;
    let about_counts =
        |(rule, _): &&(Rule, usize)| matches!(rule, Rule::PartnerCountsDiffer | Rule::CompanyCountsDiffer);
    assert_eq!(found.iter().find(about_counts), None, "{found:?}");
}
