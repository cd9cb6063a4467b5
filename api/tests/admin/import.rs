//! Feeds.

use common::testing::feed::TestFeed;
use tempfile::TempDir;

use crate::support::Admin;

#[tokio::test]
async fn feeds_are_imported_with_a_report_and_refused_with_a_reason() {
    let admin = Admin::new().await;
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("tiny.zip");
    let (zip, json) = (path.to_str().unwrap(), folder.path().join("report.json"));
    TestFeed::tiny()
        .replace("stop_times.txt", "day,08:00:00", "day,late")
        .write_zip(&path);
    let run = admin
        .run(&[
            "import-gtfs",
            zip,
            "--tariff",
            "EUR:2.00+0.055/km",
            "--report",
            json.to_str().unwrap(),
        ])
        .await;
    assert_eq!(run.code, 0, "{}", run.err);
    for line in [
        "feed tiny: new",
        "dated departures: 92",
        "rejected rows: 1",
        "stop_times.txt:2 \"late\" is not a time",
    ] {
        assert!(run.out.contains(line), "{}", run.out);
    }
    let report: serde_json::Value = serde_json::from_slice(&std::fs::read(&json).unwrap()).unwrap();
    assert_eq!(report["findings"]["flaws"][0]["line"], 2);
    assert_eq!(
        admin
            .count("select count(*) from feeds where tariff_currency = 'EUR'")
            .await,
        1
    );

    let strict = admin.fails(&["import-gtfs", zip, "--strict"]).await;
    assert!(strict.0 == 1 && strict.1.contains("stop_times.txt:2"), "{strict:?}");
    TestFeed::tiny().file("../evil.txt", "x").write_zip(&path);
    let refused = admin.fails(&["import-gtfs", zip]).await;
    assert_eq!(
        refused,
        (
            1,
            "admin: archive refused: entry \"../evil.txt\" leads out of the archive".to_owned()
        )
    );
    assert_eq!(admin.fails(&["import-gtfs", zip, "--window", "soon"]).await.0, 2);
    assert_eq!(admin.fails(&["import-gtfs", "/nowhere.zip"]).await.0, 1);
}
