//! What may be a run that was sold is not for sale until a person says what it is.

use app::timetable::{MatchDecision, matches, resolve};
use db::error::AppError;
use db::timetable::departure_match::OpenMatch;
use testing::world::operator;

use super::model::{Model, minutes};
use super::now;
use super::shop::Shop;

const TUESDAY: &str = "2026-12-01";
const WEDNESDAY: &str = "2026-12-02";

/// The model whose first run has another id and leaves half an hour later.
fn renamed_half_an_hour_later(base: &Model) -> Model {
    base.with(|m| {
        m.runs[0].trip_id = "T9".to_owned();
        m.runs[0].leaves = minutes("08:30");
    })
}

/// The base with 50 seats sold, and then under another id, half an hour later.
async fn moved_and_renamed() -> (Shop, Model) {
    let base = Model::base();
    let shop = Shop::open(&base).await;
    for day in [TUESDAY, WEDNESDAY] {
        let offer = shop.offers(day).await.remove(0);
        shop.sell(&offer, 40).await;
    }
    let changed = renamed_half_an_hour_later(&base);
    let report = shop.import(&changed).await;
    assert_eq!(
        (report.sold.closed.len(), report.sold.doubtful.len()),
        (2, 2),
        "{report}"
    );
    (shop, changed)
}

async fn open(shop: &Shop) -> Vec<OpenMatch> {
    matches(&shop.pool, now(), None, 100).await.unwrap().0
}

#[tokio::test]
async fn a_run_that_may_be_a_sold_one_is_not_offered() {
    let (shop, changed) = moved_and_renamed().await;
    assert_eq!(shop.left(TUESDAY).await, []);
    assert_eq!(
        shop.left("2026-12-03").await,
        [("T9".to_owned(), 50)],
        "nothing was sold for that day"
    );
    let found = open(&shop).await;
    assert_eq!(found.len(), 2);
    let one = &found[0];
    assert_eq!((one.sold.trip.as_str(), one.sold.held, one.sold.seats), ("T1", 40, 50));
    assert_eq!((one.candidate.trip.as_str(), one.candidate.held), ("T9", 0));
    assert_eq!(
        one.candidate.departs_at - one.sold.departs_at,
        chrono::TimeDelta::minutes(30)
    );
    assert_eq!(one.candidate.from, "Kyiv bus station");
    // The next versions of the feed do not make it certain.
    let ids: Vec<_> = found.iter().map(|one| one.id).collect();
    for next in [
        changed.with(|m| m.routes[0].1.push('!')),
        changed.with(|m| m.runs[0].trip_id.push('x')),
    ] {
        let report = shop.import(&next).await;
        assert_eq!(report.sold.doubtful.len(), 2, "{report}");
        assert_eq!(shop.left(TUESDAY).await, []);
        assert_eq!(open(&shop).await.iter().map(|one| one.id).collect::<Vec<_>>(), ids);
    }
}

#[tokio::test]
async fn the_same_run_takes_the_tickets_over() {
    let (shop, changed) = moved_and_renamed().await;
    let one = open(&shop).await[0].id;
    let done = resolve(&shop.pool, now(), &operator(), one, MatchDecision::SameRun, false)
        .await
        .unwrap();
    assert_eq!((done.matches, done.tickets, done.reopened), (1, 40, 1));
    let entry: (String, serde_json::Value) =
        sqlx::query_as("select action, details from audit_entries where subject = $1")
            .bind(one.to_string())
            .fetch_one(&shop.pool)
            .await
            .unwrap();
    let details = serde_json::json!({ "verdict": "same-run", "matches": 1, "tickets": 40, "reopened": 1 });
    assert_eq!(entry, ("match.resolved".to_owned(), details));
    assert_eq!(shop.left(TUESDAY).await, [("T9".to_owned(), 10)]);
    assert_eq!(shop.left(WEDNESDAY).await, [], "one day is one decision");
    let again = resolve(&shop.pool, now(), &operator(), one, MatchDecision::SameRun, false).await;
    assert!(matches!(again, Err(AppError::NotFound(_))), "{again:?}");
    let report = shop.import(&changed.with(|m| m.runs[0].trip_id.push('x'))).await;
    assert_eq!(report.sold.doubtful.len(), 1, "{report}");
    assert_eq!(shop.left(TUESDAY).await, [("T9x".to_owned(), 10)]);
    let offer = shop.offers(TUESDAY).await.remove(0);
    assert_eq!(shop.sell(&offer, 10).await.len(), 10);
}

#[tokio::test]
async fn another_run_is_sold_for_itself_on_all_days_at_once() {
    let (shop, changed) = moved_and_renamed().await;
    let one = open(&shop).await[0].id;
    let done = resolve(&shop.pool, now(), &operator(), one, MatchDecision::AnotherRun, true)
        .await
        .unwrap();
    assert_eq!((done.matches, done.tickets, done.reopened), (2, 0, 2));
    for day in [TUESDAY, WEDNESDAY] {
        assert_eq!(shop.left(day).await, [("T9".to_owned(), 50)]);
    }
    let report = shop.import(&changed.with(|m| m.runs[0].trip_id.push('x'))).await;
    assert_eq!(report.sold.doubtful.len(), 0, "what was said holds: {report}");
    assert_eq!(shop.left(TUESDAY).await, [("T9x".to_owned(), 50)]);
    assert_eq!(open(&shop).await, []);
}

#[tokio::test]
async fn a_run_that_is_there_again_as_it_was_sold_ends_the_doubt() {
    let (shop, changed) = moved_and_renamed().await;
    let back = changed.with(|m| {
        let mut old = m.runs[0].clone();
        (old.trip_id, old.leaves) = ("T5".to_owned(), minutes("08:00"));
        m.runs.push(old);
    });
    let report = shop.import(&back).await;
    assert_eq!((report.sold.reopened, report.sold.doubtful.len()), (2, 0), "{report}");
    assert_eq!(shop.left(TUESDAY).await, [("T5".to_owned(), 10), ("T9".to_owned(), 50)]);
}

#[tokio::test]
async fn an_id_that_another_run_took_does_not_take_the_tickets_along() {
    let base = Model::base().with(|m| {
        m.run("T2", "14:00");
    });
    let shop = Shop::open(&base).await;
    let offers = shop.offers(TUESDAY).await;
    shop.sell(&offers[0], 50).await;
    shop.sell(&offers[1], 10).await;
    // Each has the other's id and leaves five minutes later.
    let mixed = base.with(|m| {
        m.runs[0].trip_id = "T2".to_owned();
        m.runs[1].trip_id = "T1".to_owned();
        m.runs.iter_mut().for_each(|run| run.leaves += 5);
    });
    let report = shop.import(&mixed).await;
    assert!(!report.sold.doubtful.is_empty(), "{report}");
    assert_eq!(shop.left(TUESDAY).await, [], "neither is sure");
    for _ in 0..2 {
        let closest = open(&shop).await;
        let closest = closest
            .iter()
            .min_by_key(|one| (one.candidate.departs_at - one.sold.departs_at).abs())
            .unwrap();
        resolve(
            &shop.pool,
            now(),
            &operator(),
            closest.id,
            MatchDecision::SameRun,
            false,
        )
        .await
        .unwrap();
    }
    assert_eq!(shop.left(TUESDAY).await, [("T2".to_owned(), 0), ("T1".to_owned(), 40)]);
    assert_eq!(open(&shop).await, []);
}

#[tokio::test]
async fn if_one_of_two_equal_runs_remains_an_operator_decides() {
    let base = Model::base().with(|m| {
        m.run("T2", "08:00");
        m.runs[0].block = Some("one".to_owned());
        m.runs[1].block = Some("two".to_owned());
        m.buses = vec![("one".to_owned(), 30), ("two".to_owned(), 30)];
    });
    let shop = Shop::open(&base).await;
    for offer in shop.offers(TUESDAY).await {
        shop.sell(&offer, 20).await;
    }
    let merged = base.with(|m| {
        m.runs[0].trip_id = "T".to_owned();
        m.runs[1].withdrawn = true;
    });
    let report = shop.import(&merged).await;
    assert_eq!(report.sold.doubtful.len(), 1, "{report}");
    assert_eq!(
        shop.left(TUESDAY).await,
        [],
        "nobody knows how many of the 40 are on it"
    );
    let one = open(&shop).await[0].id;
    let refused = resolve(&shop.pool, now(), &operator(), one, MatchDecision::SameRun, false).await;
    assert!(
        matches!(refused, Err(AppError::Validation(_))),
        "the same seats are sold on both: {refused:?}"
    );
    assert_eq!(shop.left(TUESDAY).await, []);
    resolve(&shop.pool, now(), &operator(), one, MatchDecision::AnotherRun, false)
        .await
        .unwrap();
    assert_eq!(shop.left(TUESDAY).await, [("T".to_owned(), 10)]);
}

/// Only the segment from Kyiv to Rivne is left, under another id.
#[tokio::test]
async fn a_run_that_was_cut_short_is_not_sold_anew() {
    let base = Model::base();
    let shop = Shop::open(&base).await;
    let offer = shop.offers(TUESDAY).await.remove(0);
    let tickets = shop.sell(&offer, 50).await;
    let short = base.with(|m| m.runs[0].trip_id = "T9".to_owned());
    let feed = short.feed().replace("stop_times.txt", "T9,15:00:00,15:00:00,l,2\n", "");
    let report = shop.import_feed(&feed).await;
    assert_eq!(report.sold.doubtful.len(), 1, "{report}");
    assert!(shop.ticket(tickets[0]).await.3);
    let one = open(&shop).await[0].id;
    let refused = resolve(&shop.pool, now(), &operator(), one, MatchDecision::SameRun, false).await;
    assert!(
        matches!(refused, Err(AppError::Validation(_))),
        "nobody gets to Lviv on it: {refused:?}"
    );
    let closed: i64 = sqlx::query_scalar("select count(*) from departures where closed_at is not null")
        .fetch_one(&shop.pool)
        .await
        .unwrap();
    assert_eq!(closed, 2, "what was sold, and what is left of it");
}

#[tokio::test]
async fn without_tickets_nothing_is_doubtful() {
    let base = Model::base();
    let shop = Shop::open(&base).await;
    let changed = renamed_half_an_hour_later(&base);
    let report = shop.import(&changed).await;
    assert_eq!(
        (report.sold.closed.len(), report.sold.doubtful.len()),
        (0, 0),
        "{report}"
    );
    assert_eq!(shop.left(TUESDAY).await, [("T9".to_owned(), 50)]);
}
