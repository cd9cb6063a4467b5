//! A feed that comes under another key is noticed, and feeds are administered as wholes.

use app::company;
use app::timetable::{ImportError, ImportOptions, ImportReport, Outcome, feeds, import, rename_feed, withdraw_feed};
use clients::gtfs_source::Source;
use db::company::NewCompany;
use db::error::AppError;
use rstest::rstest;
use testing::world::operator;

use super::model::Model;
use super::now;
use super::shop::Shop;

/// Imports with a key that is derived, as from a file of this name.
async fn derive(shop: &Shop, model: &Model, stem: &str, options: &ImportOptions) -> Result<ImportReport, ImportError> {
    let source = Source {
        stem: stem.to_owned(),
        ..model.source()
    };
    import(&shop.pool, now(), &source, options).await
}

async fn bare() -> Shop {
    Shop {
        pool: super::world().await,
    }
}

fn two_agencies(model: &mut Model) {
    model.agencies.push(("BH2".to_owned(), "BH Partner Lines".to_owned()));
}

/// First version and the name of its file, second version and the name of its file, and the key of the first.
#[rstest]
#[case::second_agency(|_: &mut Model| (), "v1", two_agencies, "v2", "bh")]
#[case::one_agency_less(two_agencies, "v1", |_: &mut Model| (), "v2", "v1")]
#[case::file_renamed(two_agencies, "v1", two_agencies, "v2", "v1")]
#[case::agency_renamed(|_: &mut Model| (), "v1", |m: &mut Model| m.agencies[0] = ("NEW".to_owned(), "New Lines".to_owned()), "v1", "bh")]
#[case::all_exported_anew(|_: &mut Model| (), "v1", |m: &mut Model| {
    two_agencies(m);
    m.stops.iter_mut().for_each(|stop| stop.0.push('x'));
    m.runs[0].trip_id = "X".to_owned();
}, "v2", "bh")]
#[case::other_times_of_the_same_agency(|_: &mut Model| (), "v1", |m: &mut Model| { two_agencies(m); m.runs[0].leaves += 7; }, "v2", "bh")]
#[tokio::test]
async fn a_key_that_changes_is_noticed(
    #[case] first: fn(&mut Model),
    #[case] first_stem: &str,
    #[case] second: fn(&mut Model),
    #[case] second_stem: &str,
    #[case] key: &str,
) {
    let (shop, base, plain) = (bare().await, Model::base(), ImportOptions::default());
    let report = derive(&shop, &base.with(first), first_stem, &plain).await.unwrap();
    assert_eq!((report.outcome, report.feed.as_str()), (Outcome::New, key));
    let refused = derive(&shop, &base.with(second), second_stem, &plain)
        .await
        .unwrap_err();
    let text = refused.to_string();
    assert!(matches!(refused, ImportError::AnotherKey(_)), "{text}");
    assert!(
        text.contains(&format!("import with --feed {key};")) && text.contains("--new-feed"),
        "{text}"
    );
    assert_eq!(shop.left("2026-12-01").await.len(), 1, "offered once");
    let meant = ImportOptions {
        feed: Some(key.to_owned()),
        ..ImportOptions::default()
    };
    let report = derive(&shop, &base.with(second), second_stem, &meant).await.unwrap();
    assert_ne!(report.outcome, Outcome::New);
    assert_eq!(shop.left("2026-12-01").await.len(), 1, "offered once");
    let another = ImportOptions {
        new_feed: true,
        ..ImportOptions::default()
    };
    let report = derive(&shop, &base.with(second), second_stem, &another).await.unwrap();
    assert_eq!(report.outcome, Outcome::New);
    let again = derive(
        &shop,
        &base.with(second).with(|m| m.routes[0].1.push('!')),
        second_stem,
        &plain,
    )
    .await;
    assert_eq!(again.unwrap().outcome, Outcome::Updated, "it was said once");
}

#[tokio::test]
async fn a_company_that_is_named_once_and_not_the_next_time_is_noticed() {
    let (shop, base) = (bare().await, Model::base());
    let acme = NewCompany {
        slug: "acme".to_owned(),
        name: "Acme".to_owned(),
        time_zone: "Europe/Kyiv".to_owned(),
        ..NewCompany::default()
    };
    company::create(&shop.pool, now(), &operator(), &acme).await.unwrap();
    let (plain, named) = (
        ImportOptions::default(),
        ImportOptions {
            company: Some("acme".to_owned()),
            ..ImportOptions::default()
        },
    );
    derive(&shop, &base, "v1", &named).await.unwrap();
    let refused = derive(&shop, &base, "v1", &plain).await.unwrap_err().to_string();
    assert!(refused.contains("import with --company acme --feed bh;"), "{refused}");
    withdraw_feed(&shop.pool, now(), &operator(), "acme/bh").await.unwrap();
    derive(&shop, &base, "v1", &plain).await.unwrap();
    let refused = derive(&shop, &base, "v1", &named).await.unwrap_err().to_string();
    assert!(
        refused.contains("import with --feed bh and without --company;"),
        "{refused}"
    );
}

#[tokio::test]
async fn feeds_with_little_in_common_stand_side_by_side() {
    let (shop, base, plain) = (bare().await, Model::base(), ImportOptions::default());
    derive(&shop, &base, "v1", &plain).await.unwrap();
    // Another company from the same stations at another time.
    let other = base.with(|m| {
        m.agencies[0] = ("OTHER".to_owned(), "Other Lines".to_owned());
        m.runs[0].leaves += 5;
    });
    assert_eq!(derive(&shop, &other, "v1", &plain).await.unwrap().outcome, Outcome::New);
    // What it takes over from the first one would be offered twice.
    let greedy = other.with(|m| {
        m.run("T7", "08:00");
    });
    let refused = derive(&shop, &greedy, "v1", &plain).await.unwrap_err();
    assert!(refused.to_string().contains("1 of 2 trips run in both"), "{refused}");
}

#[tokio::test]
async fn feeds_are_listed_withdrawn_and_renamed() {
    let base = Model::base();
    let shop = Shop::open(&base).await;
    let offer = shop.offers("2026-12-01").await.remove(0);
    let tickets = shop.sell(&offer, 40).await;
    let listed = async || {
        let mut listed = feeds(&shop.pool, now()).await.unwrap();
        listed.retain(|feed| !feed.companies.is_empty());
        assert_eq!(listed.len(), 1);
        listed.remove(0)
    };
    let feed = listed().await;
    assert_eq!(
        (feed.key.as_str(), feed.trips, feed.stops, feed.seats_held),
        ("bh", 1, 3, 40)
    );
    assert_eq!(feed.companies, ["bh"]);
    assert_eq!(
        feed.days,
        Some(("2026-12-01".parse().unwrap(), "2026-12-14".parse().unwrap()))
    );

    let done = withdraw_feed(&shop.pool, now(), &operator(), "bh").await.unwrap();
    assert_eq!((done.trips, done.tickets), (1, 40));
    assert!(done.closed[0].ends_with("the trip has disappeared"));
    assert_eq!(shop.left("2026-12-02").await, []);
    assert!(shop.ticket(tickets[0]).await.3, "closed, and with its ticket");
    assert!(listed().await.withdrawn_at.is_some());
    // Under another key it would be sold again, beside those tickets.
    let refused = derive(&shop, &base.with(two_agencies), "v2", &ImportOptions::default()).await;
    assert!(matches!(refused, Err(ImportError::AnotherKey(_))), "{refused:?}");
    assert_eq!(shop.import(&base).await.sold.reopened, 1);
    assert_eq!(shop.left("2026-12-01").await, [("T1".to_owned(), 10)]);

    rename_feed(&shop.pool, now(), &operator(), "bh", "lines")
        .await
        .unwrap();
    let renamed = ImportOptions {
        feed: Some("lines".to_owned()),
        ..ImportOptions::default()
    };
    assert_eq!(
        derive(&shop, &base, "x", &renamed).await.unwrap().outcome,
        Outcome::Unchanged
    );
    let changed = base.with(|m| m.agencies[0].1.push('!'));
    assert_eq!(
        derive(&shop, &changed, "x", &renamed).await.unwrap().outcome,
        Outcome::Updated
    );
    assert_eq!(listed().await.companies, ["bh"]);
    let carriers: Vec<String> = sqlx::query_scalar("select key from carriers")
        .fetch_all(&shop.pool)
        .await
        .unwrap();
    assert!(
        carriers.contains(&"lines/BH".to_owned()) && !carriers.contains(&"bh/BH".to_owned()),
        "{carriers:?}"
    );
    for (old, new) in [
        ("bh", "x"),
        ("lines", "lines"),
        ("lines", "No Slug"),
        ("lines", "a/b/c"),
        ("lines", ""),
    ] {
        let refused = rename_feed(&shop.pool, now(), &operator(), old, new).await;
        assert!(
            matches!(refused, Err(AppError::Validation(_))),
            "{old} {new}: {refused:?}"
        );
    }
    assert!(withdraw_feed(&shop.pool, now(), &operator(), "bh").await.is_err());
}
