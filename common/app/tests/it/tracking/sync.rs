//! The list of trackers of an account.

use app::tracking::{Synced, sync};
use domain::id::{BusId, TrackingAccountId};
use simulators::tracking::Fault;
use testing::world::World;

use crate::tracking::support::{Depot, FIRST, SECOND, fix, start};

/// External id, name, plate, bus, whether enabled, whether gone.
type Row = (String, String, Option<String>, Option<BusId>, bool, bool);

async fn trackers(depot: &Depot) -> Vec<Row> {
    sqlx::query_as(
        "select external_id, name, registration_number, bus_id, enabled, gone_at is not null
         from trackers order by external_id",
    )
    .fetch_all(&depot.db.pool)
    .await
    .unwrap()
}

async fn bus(depot: &Depot, plate: &str) -> BusId {
    let mut conn = depot.db.pool.acquire().await.unwrap();
    World::new(&mut conn, start())
        .await
        .plated_bus(depot.company_id, plate)
        .await
}

#[tokio::test]
async fn trackers_are_listed_with_their_buses_and_keep_their_switches() {
    for depot in [Depot::new().await, Depot::gtfs_realtime().await] {
        // A file of positions lists all vehicles that have one.
        depot.provider.place(FIRST, fix(50.0, 0));
        depot.provider.place(SECOND, fix(51.0, 0));
        let (by_plate, by_name) = (bus(&depot, "aa-0001").await, bus(&depot, "BB 0002").await);
        let synced = sync(&depot.tracking, depot.account_id).await.unwrap();
        assert_eq!(synced, Synced::Trackers { listed: 2, buses: 2 });
        let expected = [
            (
                FIRST.to_string(),
                "Setra".to_owned(),
                Some("AA 0001".to_owned()),
                Some(by_plate),
                true,
                false,
            ),
            (
                SECOND.to_string(),
                "BB-0002".to_owned(),
                Some("BB-0002".to_owned()),
                Some(by_name),
                false,
                false,
            ),
        ];
        assert_eq!(trackers(&depot).await, expected);
        let again = sync(&depot.tracking, depot.account_id).await.unwrap();
        assert_eq!(again, synced);
        assert_eq!(trackers(&depot).await, expected);
    }
}

#[tokio::test]
async fn another_companys_bus_is_not_matched() {
    let depot = Depot::new().await;
    let mut conn = depot.db.pool.acquire().await.unwrap();
    let mut world = World::new(&mut conn, start()).await;
    let wisla = world.company("wisla").await.id;
    world.plated_bus(wisla, "AA 0001").await;
    drop(conn);
    let synced = sync(&depot.tracking, depot.account_id).await.unwrap();
    assert_eq!(synced, Synced::Trackers { listed: 2, buses: 0 });
}

#[tokio::test]
async fn what_is_not_listed_any_more_is_marked_until_it_comes_back() {
    let depot = Depot::new().await;
    let insert = "insert into trackers (id, account_id, company_id, external_id, name, enabled)
                  values (gen_random_uuid(), $1, $2, '999', 'sold', true)";
    sqlx::query(insert)
        .bind(depot.account_id)
        .bind(depot.company_id)
        .execute(&depot.db.pool)
        .await
        .unwrap();
    sqlx::query("update trackers set gone_at = now() where external_id = '101'")
        .execute(&depot.db.pool)
        .await
        .unwrap();
    sync(&depot.tracking, depot.account_id).await.unwrap();
    let gone: Vec<bool> = trackers(&depot).await.into_iter().map(|row| row.5).collect();
    assert_eq!(gone, [false, false, true]);
}

#[tokio::test]
async fn a_list_that_cannot_be_fetched_changes_nothing_and_is_asked_for_in_five_minutes() {
    let depot = Depot::new().await;
    let before = trackers(&depot).await;
    depot.provider.fail_next(Fault {
        truncated: true,
        count: Some(2),
        ..Fault::default()
    });
    let Synced::Failed { reason, .. } = sync(&depot.tracking, depot.account_id).await.unwrap() else {
        panic!("synced")
    };
    assert!(reason.contains("cannot be parsed"), "{reason}");
    assert_eq!(trackers(&depot).await, before);
    let wait: f64 = sqlx::query_scalar("select extract(epoch from next_sync_at - $1)::float8 from tracking_accounts")
        .bind(depot.clock.now())
        .fetch_one(&depot.db.pool)
        .await
        .unwrap();
    assert!((wait - 300.0).abs() < 0.001, "{wait}");
    assert_eq!(
        sync(&depot.tracking, TrackingAccountId::new()).await.unwrap(),
        Synced::Nothing
    );
}
