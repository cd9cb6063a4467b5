//! The real feeds of the project's shared data, which the repository does not contain. Where the folder is absent these
//! tests say so and pass.

#![expect(clippy::print_stdout, reason = "the output says what was skipped")]

use std::path::PathBuf;

use app::city;
use app::timetable::{ImportOptions, Outcome, import};
use clients::gtfs_source;
use domain::id::CityId;
use domain::money::Currency;
use domain::timetable::Timetable;
use rstest::rstest;
use testing::database::TestDb;

/// A file of the shared data, if it is there.
fn shared(name: &str) -> Option<PathBuf> {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR"))
        .join("../../../shared/data")
        .join(name);
    if path.exists() {
        return Some(path);
    }
    println!("skipped: {} is not there", path.display());
    None
}

/// Dated departures as the data's README states them, confirmed by a second tool, less what reported rows cost.
#[rstest]
#[case::romania_abroad("gtfs/cfr_intl.zip", 67_636, 0)]
#[case::coaches_with_two_broken_trips("gtfs/flixbus-2014.zip", 73_620 - 413, 2)]
#[case::beyond_59_hours("gtfs/optima.zip", 51, 0)]
#[case::romania("gtfs/cfr.zip", 633_724, 0)]
#[case::germany("gtfs/dbfv2019.zip", 268_033, 3)]
#[tokio::test]
async fn dated_departures_are_exact(#[case] file: &str, #[case] departures: u64, #[case] flaws: usize) {
    let (Some(feed), Some(cities)) = (shared(file), shared("cities-europe-15000.csv")) else {
        return;
    };
    let pool = TestDb::new().await.pool;
    city::import(&pool, None, &std::fs::read(cities).unwrap(), None)
        .await
        .unwrap();
    let source = gtfs_source::read(&feed, None).unwrap();
    let now = "2026-11-21T12:00:00Z".parse().unwrap();
    let report = import(&pool, now, &source, &ImportOptions::default()).await.unwrap();
    assert_eq!(
        (report.dated_departures, report.findings.flaws.len()),
        (departures, flaws),
        "{report}"
    );
    let stored: i64 = sqlx::query_scalar(
        "select sum(cardinality(s.days))::bigint from trips t join services s on s.id = t.service_id
         where t.withdrawn_at is null",
    )
    .fetch_one(&pool)
    .await
    .unwrap();
    assert_eq!(u64::try_from(stored).unwrap(), departures);
    let again = import(&pool, now, &source, &ImportOptions::default()).await.unwrap();
    assert_eq!(again.outcome, Outcome::Unchanged);
    if file.ends_with("flixbus-2014.zip") {
        assert!(
            report.stops_without_city.iter().any(|stop| stop.starts_with("\"67\"")),
            "{report}"
        );
    }
}

/// The cases from outside, of which the folder's README says what is right: rejected rows, departures of a trip of 242
/// days, and what Kyiv - Lviv costs, if it is sold.
#[rstest]
#[case::clean("base", 0, 242, Some("700.00"))]
#[case::frequencies("c01-frequencies", 0, 32 * 242, Some("700.00"))]
#[case::old_translations("c02-legacy-translations", 0, 242, Some("700.00"))]
#[case::backslashes("c03-windows.zip", 0, 242, Some("700.00"))]
#[case::nested("c04-nested.zip", 0, 242, Some("700.00"))]
#[case::adult_and_child("c06-child-fare", 0, 242, Some("700.00"))]
#[case::areas("c07-fares-v2", 0, 242, Some("700.00"))]
#[case::long_description("c18-long-stop-desc", 0, 242, Some("700.00"))]
#[case::stop_without_point("c33-stop-without-point", 1, 242, Some("700.00"))]
#[tokio::test]
async fn cases_from_outside_are_imported_as_they_should_be(
    #[case] name: &str,
    #[case] flaws: usize,
    #[case] departures: u64,
    #[case] price: Option<&str>,
) {
    let (Some(feed), Some(cities)) = (shared(&format!("cases/{name}")), shared("cities-europe-15000.csv")) else {
        return;
    };
    let pool = TestDb::new().await.pool;
    city::import(&pool, None, &std::fs::read(cities).unwrap(), None)
        .await
        .unwrap();
    let source = gtfs_source::read(&feed, None).unwrap();
    let now = "2026-11-27T12:00:00Z".parse().unwrap();
    let report = import(&pool, now, &source, &ImportOptions::default()).await.unwrap();
    assert_eq!(
        (report.findings.flaws.len(), report.dated_departures),
        (flaws, departures),
        "{report}"
    );
    let timetable = Timetable::new(db::published::load(&mut pool.acquire().await.unwrap()).await.unwrap());
    let city = async |slug: &str| -> CityId {
        let id = sqlx::query_scalar("select id from cities where slug = $1").bind(slug);
        CityId(id.fetch_one(&pool).await.unwrap())
    };
    let found = timetable.connections(city("kyiv").await, city("lviv").await, "2026-12-01".parse().unwrap());
    let prices: Vec<Option<String>> = found
        .iter()
        .map(|connection| Some(timetable.prices(connection, Currency::Uah)?[0].amount.to_string()))
        .collect();
    assert!(!prices.is_empty());
    let amount = |text: &str| text.parse::<rust_decimal::Decimal>().unwrap();
    for found in prices {
        assert_eq!(found.as_deref().map(amount), price.map(amount), "{report}");
    }
    if name == "c06-child-fare" {
        assert!(
            report.findings.fares[0].contains("\"adult\" 700.00 UAH, \"child\" 350.00 UAH"),
            "{report}"
        );
    }
}
