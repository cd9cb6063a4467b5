//! A process that follows the publication answers from the state in memory while a newer one is read.

use std::sync::Arc;
use std::time::Duration;

use app::Platform;
use app::cache::Cache;
use app::offer::Market;
use app::permission;
use domain::company::PartnerAccess;
use testing::eventually::eventually;
use testing::world::operator;

use crate::harness::DAY;
use crate::sales::support::{Shop, kyiv};

const LIMIT: Duration = Duration::from_secs(60);

#[tokio::test]
async fn searches_are_answered_while_a_new_state_is_read() {
    let shop = Shop::open().await;
    let publication = Arc::clone(&shop.platform.published);
    let following = tokio::spawn({
        let platform = shop.platform.clone();
        async move { platform.published.follow(&platform.pool, &platform.cache).await }
    });
    eventually("following", LIMIT, async || publication.is_followed().then_some(())).await;
    shop.travel(kyiv(DAY, "07:59"));
    let partner = shop.website();
    assert!(partner.offer(3, "kyiv", "lviv", 1).await.is_some());
    let before = shop.platform.serving().await.unwrap().timetable.version();

    // Readers of the published state wait here.
    let mut lock = shop.pool().begin().await.unwrap();
    sqlx::query("lock table fares in access exclusive mode")
        .execute(&mut *lock)
        .await
        .unwrap();
    shop.sql(
        "update companies set sales_cutoff_minutes = 180 where slug = 'trial-lines';
         update publication set version = version + 1",
    )
    .await;
    eventually("reading the new state", LIMIT, async || {
        let waiting = "select count(*) from pg_locks where not granted and relation = 'fares'::regclass
                       and database = (select oid from pg_database where datname = current_database())";
        (shop.count(waiting).await > 0).then_some(())
    })
    .await;
    for _ in 0..20 {
        assert!(
            partner.offer(3, "kyiv", "lviv", 1).await.is_some(),
            "the old state serves"
        );
        shop.visitor().get("/v2/cities").await.status(200);
    }
    // A request that needs the new state waits for it.
    let newer = tokio::spawn({
        let platform = shop.platform.clone();
        async move { platform.published().await.unwrap().timetable.version() }
    });
    assert_eq!(shop.platform.serving().await.unwrap().timetable.version(), before);
    assert!(!newer.is_finished());

    lock.rollback().await.unwrap();
    assert_eq!(newer.await.unwrap(), before + 1);
    eventually("the new state serves", LIMIT, async || {
        partner.offer(3, "kyiv", "lviv", 1).await.is_none().then_some(())
    })
    .await;
    following.abort();
}

#[tokio::test]
async fn a_sale_gets_the_state_that_it_found_in_the_database() {
    let shop = Shop::open().await;
    let publication = Arc::clone(&shop.platform.published);
    let before = publication.serving(shop.pool()).await.unwrap().timetable.version();
    shop.sql("update publication set version = version + 1").await;
    let newer = publication.current(shop.pool()).await.unwrap();
    assert_eq!(newer.timetable.version(), before + 1);
}

/// As after a restore, or a failover that lost the last import.
#[tokio::test]
async fn a_version_that_goes_back_is_followed() {
    let shop = Shop::open().await;
    let partner = shop.website();
    assert!(partner.offer(3, "kyiv", "lviv", 1).await.is_some());
    shop.sql("update publication set version = version - 1").await;
    partner.sell(3, "kyiv", "lviv", 1).await;
}

#[tokio::test]
async fn a_database_with_another_history_is_read_although_its_version_is_the_same() {
    let shop = Shop::open().await;
    let platform = shop.platform.clone();
    let following = tokio::spawn(async move { platform.published.follow(&platform.pool, &platform.cache).await });
    let publication = &shop.platform.published;
    eventually("following", LIMIT, async || publication.is_followed().then_some(())).await;
    shop.travel(kyiv(DAY, "07:59"));
    let partner = shop.website();
    assert!(partner.offer(3, "kyiv", "lviv", 1).await.is_some());
    shop.sql(
        "update companies set sales_cutoff_minutes = 180 where slug = 'trial-lines';
         update change_log set generation = generation + 1",
    )
    .await;
    eventually("the other state serves", LIMIT, async || {
        partner.offer(3, "kyiv", "lviv", 1).await.is_none().then_some(())
    })
    .await;
    following.abort();
}

#[tokio::test]
async fn a_search_in_a_new_timetable_knows_the_seats_of_the_same_import() {
    let shop = Shop::open().await;
    // The cache of a process that has just looked, and need not look again for its age.
    let cache = Arc::new(Cache::new(shop.clock.clone(), "local", Duration::from_hours(24)));
    let platform = Platform {
        cache: Arc::clone(&cache),
        ..shop.platform.clone()
    };
    cache.fresh(&platform.pool).await.unwrap();
    let before = cache.departures().len();
    shop.website().sell(3, "kyiv", "lviv", 1).await;
    shop.sql("update publication set version = version + 1").await;
    let published = platform.published().await.unwrap();
    for _ in 0..2 {
        Market::open(&platform, &published, None).await.unwrap();
        assert_eq!(cache.departures().len(), before + 1);
        assert_eq!(cache.lag().looks, 2, "one for the start, one for the import");
    }
}

#[tokio::test]
async fn what_is_read_for_each_decision_reloads_no_timetable() {
    let shop = Shop::open().await;
    let partner = shop.website();
    let sold = partner.sell(50, "kyiv", "lviv", 1).await;
    let before = shop.platform.published().await.unwrap();
    let (now, company) = (shop.clock.now(), shop.company_id().await);
    let reseller = shop.partner_id("reseller").await;
    permission::set(
        shop.pool(),
        now,
        &operator(),
        company,
        reseller,
        &[PartnerAccess::Search],
    )
    .await
    .unwrap();
    shop.refund_rules(&["0h:50%"]).await;
    partner.pay(&sold.id).await.status(200);
    partner.sell(50, "kyiv", "lviv", 1).await;
    let after = shop.platform.published().await.unwrap();
    assert!(Arc::ptr_eq(&before, &after));
    // Those whom it concerns are refused at once.
    let token = shop.reseller().token(50, "kyiv", "lviv", 1).await;
    shop.reseller().create(&token, 1).await.status(403);
}
