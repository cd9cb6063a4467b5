//! Changes are seen, each of them.

use std::time::Duration;

use app::cache::OldChanges;
use chrono::TimeDelta;
use domain::company::PartnerAccess;
use testing::eventually::eventually;

use crate::cache::support::{LIMIT, Stand};

#[tokio::test]
async fn what_a_long_transaction_commits_after_later_ones_is_not_missed() {
    let stand = Stand::new().await;
    let cache = stand.looking().await;
    // The long one has the lower number, and writes before the other; it commits after a look that saw the other.
    let mut long = stand.db.pool.begin().await.unwrap();
    stand.sell(&mut long, 1).await;
    let mut short = stand.db.pool.begin().await.unwrap();
    stand.sell(&mut short, 2).await;
    short.commit().await.unwrap();
    assert_eq!(stand.seats(&cache).await, [2, 17]);
    for seat in 3..6 {
        let mut other = stand.db.pool.begin().await.unwrap();
        stand.sell(&mut other, seat).await;
        other.commit().await.unwrap();
        assert_eq!(stand.seats(&cache).await.len(), usize::try_from(seat).unwrap());
    }
    stand.sell(&mut long, 6).await;
    long.commit().await.unwrap();
    assert_eq!(stand.seats(&cache).await, [1, 2, 3, 4, 5, 6, 17]);
    assert_eq!(cache.lag().loads, 1, "nothing was read twice for it");
}

#[tokio::test]
async fn several_changes_of_one_departure_between_two_looks_are_one() {
    let stand = Stand::new().await;
    let cache = stand.looking().await;
    for seat in 1..4 {
        let mut tx = stand.db.pool.begin().await.unwrap();
        stand.sell(&mut tx, seat).await;
        tx.commit().await.unwrap();
    }
    assert_eq!(stand.seats(&cache).await, [1, 2, 3, 17]);
    for sql in [
        "update tickets set seat = 5 where seat = 1",
        "update tickets set status = 'Canceled' where seat = 2",
    ] {
        stand.sql(sql).await;
    }
    assert_eq!(stand.seats(&cache).await, [3, 5, 17]);
    assert_eq!(cache.lag().loads, 1);
}

#[tokio::test]
async fn what_is_rolled_back_leaves_nothing() {
    let stand = Stand::new().await;
    let cache = stand.looking().await;
    let mut tx = stand.db.pool.begin().await.unwrap();
    stand.sell(&mut tx, 1).await;
    assert_eq!(stand.seats(&cache).await, [17]);
    tx.rollback().await.unwrap();
    let mut tx = stand.db.pool.begin().await.unwrap();
    sqlx::raw_sql("savepoint s").execute(&mut *tx).await.unwrap();
    stand.sell(&mut tx, 2).await;
    sqlx::raw_sql("rollback to s; savepoint t")
        .execute(&mut *tx)
        .await
        .unwrap();
    stand.sell(&mut tx, 3).await;
    sqlx::raw_sql("release t").execute(&mut *tx).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(stand.seats(&cache).await, [3, 17]);
}

#[tokio::test]
async fn every_change_is_seen_by_the_cache() {
    let stand = Stand::new().await;
    let cache = stand.looking().await;
    let key = (stand.sold.trip_id, stand.sold.service_day);
    let fixed = || cache.sold(key).unwrap().holds(stand.clock.now())[0].fixed;
    assert!(!fixed());
    stand
        .sql("update tickets set status = 'Confirmed', payment_status = 'Paid'")
        .await;
    assert_eq!(stand.seats(&cache).await, [17]);
    assert!(fixed());
    stand.sql("update tickets set seat = 4").await;
    assert_eq!(stand.seats(&cache).await, [4]);
    stand.sql("update departures set closed_at = now()").await;
    stand.seats(&cache).await;
    assert!(cache.sold(key).unwrap().closed);
    stand.sql("update departures set closed_at = null").await;
    stand
        .sql("update tickets set note = 'changes nothing', updated_at = now()")
        .await;
    stand.seats(&cache).await;
    assert!(!cache.sold(key).unwrap().closed);
    // The ticket goes to another departure, as an import has it.
    stand
        .sql(
            "insert into departures (trip_id, service_day, bus_id)
             select trip_id, service_day + 1, bus_id from departures;
             update tickets set service_day = service_day + 1",
        )
        .await;
    assert_eq!(stand.seats(&cache).await, [0u16; 0]);
    let next = cache.sold((key.0, key.1.succ_opt().unwrap())).unwrap();
    assert_eq!(next.holds(stand.clock.now())[0].seat, 4);
    stand.sql("update tickets set status = 'Canceled'").await;
    stand.seats(&cache).await;
    assert!(cache.departures().is_empty());
    assert_eq!(cache.lag().loads, 1);
    stand.sql("truncate tickets, departures cascade").await;
    stand.seats(&cache).await;
    assert_eq!(
        cache.lag().loads,
        2,
        "an emptied table is read again with everything else"
    );
}

#[tokio::test]
async fn a_departure_that_left_is_offered_by_no_timetable_from_before() {
    let stand = Stand::new().await;
    let cache = stand.looking().await;
    let key = (stand.sold.trip_id, stand.sold.service_day);
    let before = cache.recent_publication_version(LIMIT).unwrap();
    stand
        .sql(
            "begin;
             insert into departures (trip_id, service_day, bus_id)
             select trip_id, service_day + 1, bus_id from departures;
             update tickets set service_day = service_day + 1;
             update seat_holds set service_day = service_day + 1;
             delete from departures d where not exists (
                 select from tickets t where (t.trip_id, t.service_day) = (d.trip_id, d.service_day));
             update publication set version = version + 1;
             commit",
        )
        .await;
    stand.seats(&cache).await;
    let left = cache.sold(key).unwrap();
    assert!(!left.is_on_sale(before) && left.is_on_sale(before + 1));
    assert!(left.holds(stand.clock.now()).is_empty());
    stand
        .sql("insert into departures (trip_id, service_day, bus_id) select trip_id, service_day - 1, bus_id from departures;
              update tickets set service_day = service_day - 1")
        .await;
    assert_eq!(stand.seats(&cache).await, [17], "it is back");
}

#[tokio::test]
async fn an_unpaid_ticket_lapses_without_a_sweep() {
    let stand = Stand::new().await;
    let cache = stand.looking().await;
    stand.clock.advance(TimeDelta::minutes(20) - TimeDelta::microseconds(1));
    assert_eq!(stand.in_memory(&cache), [17]);
    stand.clock.advance(TimeDelta::microseconds(1));
    assert_eq!(stand.in_memory(&cache), [0u16; 0]);
}

#[tokio::test]
async fn permissions_and_the_publication_are_followed() {
    let stand = Stand::new().await;
    let cache = stand.looking().await;
    let (partner, company) = (stand.sold.partner_id, stand.sold.company_id);
    assert!(cache.permissions(partner).of(company).allows(PartnerAccess::Book));
    let mut conn = stand.db.pool.acquire().await.unwrap();
    let search = [PartnerAccess::Search];
    db::permission::set(&mut conn, company, partner, &search, stand.clock.now())
        .await
        .unwrap();
    db::publication::bump(&mut conn).await.unwrap();
    stand.seats(&cache).await;
    assert!(!cache.permissions(partner).of(company).allows(PartnerAccess::Book));
    assert_eq!(
        cache.recent_publication_version(LIMIT),
        Some(db::publication::version(&mut conn).await.unwrap())
    );
    stand.sql("delete from partner_permissions").await;
    stand.seats(&cache).await;
    assert!(cache.permissions(partner).of(company).allows(PartnerAccess::Book));
}

#[tokio::test]
async fn a_cache_too_far_behind_reads_everything_again() {
    let stand = Stand::new().await;
    let cache = stand.looking().await;
    let mut conn = stand.db.pool.acquire().await.unwrap();
    let mut tx = stand.db.pool.begin().await.unwrap();
    stand.sell(&mut tx, 1).await;
    let number: String = sqlx::query_scalar("select pg_current_xact_id()::text")
        .fetch_one(&mut *tx)
        .await
        .unwrap();
    stand.sql("update tickets set seat = 18").await;
    // What a running transaction has changed is not deleted, nor what others changed after it began.
    db::cache::forget(&mut conn, "9000000000000000000", 1000).await.unwrap();
    tx.commit().await.unwrap();
    let kept = async || {
        sqlx::query_scalar::<_, i64>("select count(*) from changes where xid >= $1::text::xid8")
            .bind(&number)
            .fetch_one(&stand.db.pool)
            .await
            .unwrap()
    };
    assert_eq!(kept().await, 2);
    // Transactions of other tests run on the same server; what they may not have seen stays until they end.
    eventually("both are deleted, in batches", LIMIT, async || {
        let mut conn = stand.db.pool.acquire().await.unwrap();
        let oldest = db::cache::oldest(&mut conn).await.unwrap();
        assert!(db::cache::forget(&mut conn, &oldest, 1).await.unwrap() <= 1);
        (kept().await == 0).then_some(())
    })
    .await;
    assert_eq!(stand.seats(&cache).await, [1, 18]);
    assert_eq!(cache.lag().loads, 2);
    stand.sql("update tickets set seat = 19 where seat = 18").await;
    assert_eq!(stand.seats(&cache).await, [1, 19]);
    assert_eq!(cache.lag().loads, 2, "from then on it follows again");
}

#[tokio::test]
async fn a_process_without_requests_deletes_only_what_it_has_read() {
    let stand = Stand::new().await;
    let cache = stand.looking().await;
    stand.sql("update tickets set seat = 3").await;
    let mut old = OldChanges::default();
    // Transactions of other tests run on the same server; what they may not have seen stays until they end.
    let emptied = tokio::time::timeout(LIMIT, async {
        loop {
            old.delete(&stand.db.pool, &cache).await.unwrap();
            let left: i64 = sqlx::query_scalar("select count(*) from changes")
                .fetch_one(&stand.db.pool)
                .await
                .unwrap();
            if left == 0 {
                return;
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    });
    emptied.await.unwrap();
    assert_eq!(stand.in_memory(&cache), [3]);
    assert_eq!(stand.seats(&cache).await, [3]);
    assert_eq!(cache.lag().loads, 1, "nothing had to be read again");
}

#[tokio::test]
async fn a_restored_database_neither_hides_changes_nor_is_read_over_and_over() {
    let stand = Stand::new().await;
    let cache = stand.looking().await;
    // What was changed past the triggers, and numbers of another server.
    stand
        .sql(
            "alter table tickets disable trigger tickets_update_noted;
             update tickets set seat = 20;
             alter table tickets enable trigger tickets_update_noted;
             update change_log set generation = generation + 1, deleted_xid = '9000000000000000000';
             insert into changes (xid, kind, subject) values ('9000000000000000000', 'key', gen_random_uuid())",
        )
        .await;
    assert_eq!(stand.seats(&cache).await, [20]);
    assert_eq!(cache.lag().loads, 2);
    stand.sql("update tickets set seat = 21").await;
    assert_eq!(stand.seats(&cache).await, [21]);
    assert_eq!(cache.lag().loads, 2);
    let mut conn = stand.db.pool.acquire().await.unwrap();
    db::cache::forget(&mut conn, "1", 1000).await.unwrap();
    let foreign = "select count(*) from changes where xid = '9000000000000000000'";
    let left: i64 = sqlx::query_scalar(foreign).fetch_one(&stand.db.pool).await.unwrap();
    assert_eq!(left, 0);
    assert_eq!(stand.seats(&cache).await, [21]);
}

#[tokio::test]
async fn departures_of_the_past_are_forgotten() {
    let stand = Stand::new().await;
    let cache = stand.looking().await;
    stand.sql("update tickets set status = 'Confirmed'").await;
    stand.clock.advance(TimeDelta::days(16));
    assert_eq!(stand.seats(&cache).await, [17], "a trip may take a week");
    stand.clock.advance(TimeDelta::days(1));
    stand.seats(&cache).await;
    assert!(cache.departures().is_empty());
    stand.sql("update tickets set seat = 1").await;
    stand.seats(&cache).await;
    assert!(cache.departures().is_empty());
}
