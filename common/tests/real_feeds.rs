//! The real feeds of the project's shared data, which the repository does not contain. Where the folder is absent these
//! tests say so and pass.

#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "helpers of tests, which may panic and print"
)]

use std::path::PathBuf;

use common::app::city;
use common::app::timetable::{ImportOptions, Outcome, import};
use common::clients::gtfs_source;
use common::testing::database::TestDb;
use rstest::rstest;

/// A file of the shared data, if it is there.
fn shared(name: &str) -> Option<PathBuf> {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR"))
        .join("../../shared/data")
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
    city::import(&pool, &std::fs::read(cities).unwrap(), None)
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
