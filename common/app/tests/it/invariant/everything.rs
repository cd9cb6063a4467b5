//! The look at everything, which takes minutes, while schedulers run and people repair what is broken.

use std::time::Duration;

use app::invariant::{check, latest};
use chrono::{DateTime, TimeDelta, Utc};
use domain::invariant::Rule;
use kernel::clock::Clock;
use sqlx::{Postgres, Transaction};
use testing::database::TestDb;
use testing::eventually::eventually;

use super::{broken, execute, healthy, look, now, run_once, violated};

/// For hangs only.
const LIMIT: Duration = Duration::from_secs(60);

/// Uploads are looked at last: as long as this transaction holds their table, a look at everything ends there.
pub async fn hold_uploads(db: &TestDb) -> Transaction<'static, Postgres> {
    let mut holder = db.pool.begin().await.unwrap();
    let lock = "lock table timetable_uploads";
    sqlx::raw_sql(lock).execute(&mut *holder).await.unwrap();
    holder
}

/// Executes statements once the look at everything has reached uploads, and lets it continue.
pub async fn once_uploads_are_reached(db: &TestDb, holder: Transaction<'static, Postgres>, sql: &'static str) {
    eventually("the look waits for uploads", LIMIT, async || {
        let waits = "select exists (select from pg_locks where relation = 'timetable_uploads'::regclass and not granted
             and database = (select oid from pg_database where datname = current_database()))";
        let waits: bool = sqlx::query_scalar(waits).fetch_one(&db.pool).await.unwrap();
        waits.then_some(())
    })
    .await;
    execute(db, sql).await;
    holder.commit().await.unwrap();
}

/// When a rule was checked last.
async fn checked_at(db: &TestDb, rule: Rule) -> Option<DateTime<Utc>> {
    let results = latest(&db.pool).await.unwrap();
    results.iter().find(|result| result.rule == rule).unwrap().checked_at
}

#[tokio::test]
async fn what_a_scheduler_finds_meanwhile_stays_and_what_is_repaired_meanwhile_does_not_count() {
    let (db, _) = healthy().await;
    let clock = Clock::manual(now());
    execute(&db, "update tickets set status = 'Confirmed', payment_status = 'Paid'").await;
    run_once(&db, now()).await;
    assert_eq!(broken(&db).await, [(Rule::HistoryDiffers, 1)]);
    let holder = hold_uploads(&db).await;
    let meanwhile = async {
        let sql = "insert into invariants (rule, broken, checked_at)
                   select 'ticket_without_seat', array[ticket_id], '2026-11-14T12:17:00Z' from seat_holds
                   on conflict (rule) do update set broken = excluded.broken, checked_at = excluded.checked_at;
                   delete from seat_holds;
                   update ticket_history set status = 'Confirmed', payment_status = 'Paid'";
        clock.advance(TimeDelta::minutes(3));
        once_uploads_are_reached(&db, holder, sql).await;
    };
    let (results, ()) = tokio::join!(check(&db.pool, &clock, Duration::ZERO), meanwhile);
    let expected = [(Rule::TicketWithoutSeat, 1)];
    assert_eq!(violated(&results.unwrap()), expected);
    assert_eq!(broken(&db).await, expected, "as stored");
    for rule in [Rule::TicketWithoutSeat, Rule::HistoryDiffers] {
        assert_eq!(
            checked_at(&db, rule).await,
            Some(now() + TimeDelta::minutes(3)),
            "{rule}"
        );
    }
}

/// Two slices of reports, each with more violations than are counted.
#[tokio::test]
async fn at_most_a_thousand_are_counted_over_all_slices() {
    let (db, _) = healthy().await;
    execute(
        &db,
        "insert into reports (id, company_id, date_from, date_to, date_field, status, created_at, ended_at)
         select gen_random_uuid(), id, '2026-11-01', '2026-11-30', 'createdAt', 'Failed', now(), now()
         from companies, generate_series(1, 12000)",
    )
    .await;
    let results = look(&db).await;
    let expected = [(Rule::ReportStateImpossible, 1000)];
    assert_eq!(violated(&results), expected);
    assert_eq!(broken(&db).await, expected, "as stored");
}
