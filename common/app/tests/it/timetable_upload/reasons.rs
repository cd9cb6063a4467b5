//! Why an upload was refused, in clauses beside the English text.

use app::timetable::upload::{Said, Upload, UploadReport};
use bytes::Bytes;
use domain::timetable::upload::UploadStatus;
use testing::feed::TestFeed;

use super::support::Stage;

pub fn codes(clauses: &[Said]) -> Vec<&str> {
    clauses.iter().map(|said| said.code.as_str()).collect()
}

fn refused_as(upload: &Upload, expected: &[&str]) {
    assert_eq!(upload.stored.status, UploadStatus::Refused);
    assert_eq!(
        codes(&upload.error_clauses),
        expected,
        "{:?}",
        upload.stored.error_message
    );
}

#[tokio::test]
async fn a_rejected_row_and_a_refused_feed_are_reported_in_clauses() {
    let stage = Stage::open().await;
    let flawed = TestFeed::tiny()
        .replace("stop_times.txt", "day,10:00:00,10:10:00", "day,nonsense,10:10:00")
        .replace("agency.txt", "agency_phone\n", "agency_phone,agency_email\n")
        .replace("agency.txt", "+380441234567\n", "+380441234567,call us\n");
    let previewed = stage.preview(&flawed).await;
    assert!(previewed.error_clauses.is_empty());
    let report = previewed.report.unwrap();
    let rejected = &report.rejected.items[0];
    assert_eq!(codes(&rejected.clauses), ["TIME_INVALID", "TRIP_LEFT_OUT"]);
    assert_eq!(rejected.clauses[0].values["value"], "nonsense");
    let notice = report
        .notices
        .items
        .iter()
        .position(|line| line.starts_with("agency_email"));
    assert_eq!(codes(&report.notices.clauses[notice.unwrap()]), ["EMAIL_LEFT_OUT"]);

    let empty = TestFeed::tiny().file("trips.txt", "route_id,service_id,trip_id\n");
    refused_as(&stage.preview(&empty).await, &["FILE_EMPTY"]);
    let short = TestFeed::tiny().replace("stops.txt", "stop_lon", "longitude");
    refused_as(&stage.preview(&short).await, &["AT_FILE", "COLUMN_MISSING"]);
    let other = TestFeed::tiny()
        .replace("agency.txt", "tiny,Tiny Lines", "other,Other Lines")
        .replace("routes.txt", ",tiny,", ",other,");
    refused_as(&stage.preview(&other).await, &["OTHER_AGENCIES"]);
    let broken = vec![Ok(Bytes::from_static(b"PK\x03\x04 and nothing else"))];
    let received = stage.receive(broken).await.unwrap().stored.id;
    app::timetable::upload::preview(&stage.importer(), received)
        .await
        .unwrap();
    refused_as(&stage.get(received).await, &["NOT_AN_ARCHIVE"]);
}

#[tokio::test]
async fn a_report_and_an_error_that_are_older_than_clauses_are_still_read() {
    let stage = Stage::open().await;
    let id = stage.upload(&TestFeed::tiny()).await;
    let lines = serde_json::json!({ "total": 1, "items": ["no fares: nothing is for sale"] });
    let none = serde_json::json!({ "total": 0, "items": [] });
    let old = serde_json::json!({
        "unchanged": false,
        "counts": [],
        "departures": 0,
        "rejected": { "total": 1, "items": [{ "file": "stops.txt", "line": 2, "reason": "stop_name is blank" }] },
        "notices": lines,
        "fares": none,
        "stops_without_city": none,
        "sold": { "moved": 0, "reopened": 0, "closed": none, "doubtful": none, "overbooked": none },
    });
    sqlx::query("update timetable_uploads set status = 'Refused', report = $1, error_message = 'trips.txt is empty'")
        .bind(old)
        .execute(&stage.pool)
        .await
        .unwrap();
    let upload = stage.get(id).await;
    refused_as(&upload, &[]);
    let UploadReport { rejected, notices, .. } = upload.report.unwrap();
    assert_eq!(
        (rejected.items[0].reason.as_str(), rejected.items[0].clauses.len()),
        ("stop_name is blank", 0)
    );
    assert_eq!((notices.total, notices.clauses.len()), (1, 0));
}

/// The codes of an upload whose job ended in this state after a failed attempt, or before one.
async fn ended(state: &str, has_failed: bool) -> Vec<String> {
    let stage = Stage::open().await;
    let id = stage.upload(&TestFeed::tiny()).await;
    if has_failed {
        let failed = "update timetable_uploads set error_message = 'The file store failed',
                          error_clauses = '[{\"code\": \"STORE_FAILED\", \"values\": {}}]'";
        sqlx::raw_sql(failed).execute(&stage.pool).await.unwrap();
    }
    sqlx::query("update jobs set state = $1, finished_at = now() where kind = 'timetable_preview'")
        .bind(state)
        .execute(&stage.pool)
        .await
        .unwrap();
    let mut conn = stage.pool.acquire().await.unwrap();
    let now = stage.clock.now();
    db::timetable::upload::upkeep::fail_abandoned(&mut conn, now)
        .await
        .unwrap();
    drop(conn);
    let failed = stage.get(id).await;
    assert_eq!(failed.stored.status, UploadStatus::Failed);
    codes(&failed.error_clauses).into_iter().map(str::to_owned).collect()
}

#[tokio::test]
async fn an_upload_that_was_given_up_or_canceled_says_so_in_clauses() {
    assert_eq!(ended("dead", false).await, ["WORKER_ENDED"]);
    assert_eq!(ended("dead", true).await, ["STORE_FAILED"]);
    for has_failed in [false, true] {
        assert_eq!(ended("canceled", has_failed).await, ["JOB_CANCELED"]);
    }
}
