//! Timetables that companies upload: received, previewed, published, undone, on a real database and a folder.

mod check;
mod reasons;
pub mod support;

use app::error::AppError;
use app::timetable::season;
use app::timetable::upload::{self, Processed, ReceiveError, preview, run_publication};
use app::timetable::{ImportOptions, import};
use bytes::Bytes;
use chrono::TimeDelta;
use db::timetable::upload::upkeep;
use domain::id::CompanyId;
use domain::timetable::upload::UploadStatus;
use kernel::clock::Clock;
use testing::feed::TestFeed;
use testing::world::World;

use crate::timetable_import::world;
use support::{Stage, refused_for};

pub fn later() -> TestFeed {
    TestFeed::tiny().replace("stop_times.txt", "day,08:00:00,08:00:00", "day,08:05:00,08:05:00")
}

#[tokio::test]
async fn an_upload_is_previewed_published_once_and_undone() {
    let stage = Stage::open().await;
    let before = stage.on_sale().await;
    let previewed = stage.preview(&later()).await;
    assert_eq!(previewed.stored.status, UploadStatus::Ready);
    let report = previewed.report.unwrap();
    let calls = report.counts.iter().find(|kind| kind.kind == "stop times").unwrap();
    assert_eq!(
        (calls.counts.read, calls.counts.changed, report.unchanged),
        (8, 4, false)
    );
    assert_eq!(stage.on_sale().await, before, "a preview changes nothing");

    let asked = stage.ask(previewed.stored.id).await.unwrap();
    let again = stage.ask(previewed.stored.id).await;
    assert!(matches!(again, Err(AppError::TimetableConflict(_))));
    let published = stage.run(asked).await;
    assert_eq!(published.stored.status, UploadStatus::Published);
    assert!(published.stored.is_current);
    let after = stage.on_sale().await;
    assert_ne!(after, before);
    let version = crate::timetable_import::version(&stage.pool).await;
    let repeated = run_publication(&stage.importer(), published.stored.id).await.unwrap();
    assert_eq!(repeated, Processed::Before, "a job that runs again finds it done");
    assert_eq!(crate::timetable_import::version(&stage.pool).await, version);

    assert_eq!(stage.undo().await.stored.status, UploadStatus::Published);
    assert_eq!(stage.on_sale().await, before, "what an operator imported is back");
    assert!(!stage.get(published.stored.id).await.stored.is_current);
    stage.undo().await;
    assert_eq!(stage.on_sale().await, after, "and what was undone");
    let page = upload::list(&stage.pool, stage.company, 2, 0).await.unwrap();
    assert_eq!((page.uploads.len(), page.total, page.can_undo), (2, 3, true));
    assert!(page.uploads[0].stored.id > page.uploads[1].stored.id);
}

#[tokio::test]
async fn a_first_timetable_is_taken_off_sale_again_and_comes_back() {
    let pool = world().await;
    let clock = Clock::manual("2026-11-21T12:00:00Z".parse().unwrap());
    let mut conn = pool.acquire().await.unwrap();
    World::new(&mut conn, clock.now()).await.company("tiny").await;
    drop(conn);
    let stage = Stage::over(pool, clock, "tiny").await;
    assert!(matches!(stage.ask_undo().await, Err(AppError::TimetableConflict(_))));
    stage.publish(&TestFeed::tiny()).await;
    let published = stage.on_sale().await;
    assert!(published.iter().any(|line| line.starts_with("feed tiny/timetable")));
    let undone = stage.undo().await.stored;
    assert_eq!(undone.status, UploadStatus::Published, "{undone:?}");
    assert!(!stage.on_sale().await.iter().any(|line| line.starts_with("feed")));
    assert_eq!(stage.undo().await.stored.status, UploadStatus::Published);
    assert_eq!(stage.on_sale().await, published);
}

#[tokio::test]
async fn a_company_replaces_its_own_timetable_only() {
    let stage = Stage::open().await;
    let before = stage.on_sale().await;
    let other = TestFeed::tiny()
        .replace("agency.txt", "tiny,Tiny Lines", "other,Other Lines")
        .replace("routes.txt", ",tiny,", ",other,")
        .replace("stop_times.txt", "08:00:00,08:00:00", "07:11:00,07:11:00")
        .replace("stop_times.txt", "21:30:00,21:30:00", "20:22:00,20:22:00");
    refused_for(&stage.preview(&other).await, "Other Lines (other)");
    // Beside its own, too.
    let both = TestFeed::tiny().file(
        "agency.txt",
        "agency_id,agency_name,agency_url,agency_timezone\ntiny,Tiny Lines,https://tiny.example,Europe/Kyiv\n\
         other,Other Lines,https://other.example,Europe/Kyiv\n",
    );
    refused_for(&stage.preview(&both).await, "Other Lines (other)");
    let known: i64 = sqlx::query_scalar("select count(*) from companies")
        .fetch_one(&stage.pool)
        .await
        .unwrap();
    assert_eq!((stage.on_sale().await, known), (before, 1));
    // Under another id it is the company still, for its name is known.
    let renamed = later()
        .replace("agency.txt", "tiny,Tiny Lines", "77,Tiny Lines")
        .replace("routes.txt", ",tiny,", ",77,");
    assert_eq!(stage.publish(&renamed).await.stored.status, UploadStatus::Published);
}

#[tokio::test]
async fn a_timetable_with_those_of_others_is_left_to_the_platform() {
    let stage = Stage::open().await;
    sqlx::raw_sql(
        "insert into companies (id, slug, name, time_zone, created_at) values (gen_random_uuid(), 'x', 'X', 'UTC', now());
         insert into routes (id, feed_id, feed_route_id, company_id, carrier_id, slug, name)
         select gen_random_uuid(), feed_id, 'x', (select id from companies where slug = 'x'), carrier_id, 'x', 'X'
         from routes limit 1",
    )
    .execute(&stage.pool)
    .await
    .unwrap();
    refused_for(&stage.preview(&later()).await, "the platform must import it");
}

#[tokio::test]
async fn what_is_no_archive_leaves_nothing_behind() {
    let stage = Stage::open().await;
    let refused = async |parts| {
        let Err(error) = stage.receive(parts).await else {
            panic!("it is refused");
        };
        let rows: i64 = sqlx::query_scalar("select count(*) from timetable_uploads")
            .fetch_one(&stage.pool)
            .await
            .unwrap();
        assert_eq!((rows, stage.files()), (0, 0));
        error.to_string()
    };
    assert!(refused(vec![]).await.contains("body"));
    assert!(refused(vec![Ok("{}".into())]).await.contains("body"));
    assert!(
        refused(vec![Ok("PK".into()), Ok("no archive".into())])
            .await
            .contains("body")
    );
    let cut = vec![Ok(Bytes::from_static(b"PK\x03\x04")), Err("reset")];
    assert_eq!(refused(cut).await, "the body cannot be read");
    // It begins like one, and is none: that is seen by the preview.
    let received = stage
        .receive(vec![Ok(Bytes::from_static(b"PK\x03\x04 nonsense"))])
        .await
        .unwrap();
    assert_eq!(
        preview(&stage.importer(), received.stored.id).await.unwrap(),
        Processed::Refused
    );
    refused_for(&stage.get(received.stored.id).await, "not a readable zip archive");
}

#[tokio::test]
async fn rejected_rows_are_named_and_a_feed_without_trips_is_refused() {
    let stage = Stage::open().await;
    let flawed = TestFeed::tiny().replace("stop_times.txt", "day,10:00:00,10:10:00", "day,nonsense,10:10:00");
    let previewed = stage.preview(&flawed).await;
    let rejected = previewed.report.unwrap().rejected;
    assert_eq!(
        (rejected.total, rejected.items[0].file.as_str(), rejected.items[0].line),
        (1, "stop_times.txt", 3)
    );
    let empty = TestFeed::tiny().file("trips.txt", "route_id,service_id,trip_id\n");
    refused_for(&stage.preview(&empty).await, "trips.txt");
}

#[tokio::test]
async fn an_undo_does_not_undo_what_the_platform_did() {
    let stage = Stage::open().await;
    stage.publish(&later()).await;
    stage.clock.advance(TimeDelta::minutes(1));
    let latest = TestFeed::tiny().replace("stop_times.txt", "day,08:00:00,08:00:00", "day,08:10:00,08:10:00");
    import(
        &stage.pool,
        stage.clock.now(),
        &latest.source(),
        &ImportOptions::default(),
    )
    .await
    .unwrap();
    refused_for(&stage.undo().await, "changed by the platform");
}

#[tokio::test]
async fn buses_that_the_feed_does_not_describe_stay_as_they_are() {
    let pool = world().await;
    let clock = Clock::manual("2026-11-21T12:00:00Z".parse().unwrap());
    let fleet = TestFeed::tiny().file("vehicles.csv", "company,bus,seats\ntiny,bus-1,33\n");
    import(&pool, clock.now(), &fleet.source(), &ImportOptions::default())
        .await
        .unwrap();
    clock.advance(TimeDelta::minutes(1));
    let stage = Stage::over(pool, clock, "tiny").await;
    stage.publish(&later().without("vehicles.csv")).await;
    assert!(
        stage
            .on_sale()
            .await
            .iter()
            .filter(|line| line.contains(" K1"))
            .all(|line| line.contains(" bus-1 33 "))
    );
}

#[tokio::test]
async fn another_attempt_makes_the_first_one_change_nothing() {
    let stage = Stage::open().await;
    let before = stage.on_sale().await;
    let previewed = stage.preview(&later()).await;
    let asked = stage.ask(previewed.stored.id).await.unwrap();
    // The next attempt begins while the first one is about to write down that it has published.
    sqlx::raw_sql(
        "create function overtake() returns trigger language plpgsql as $$ begin
             update timetable_uploads set attempt = attempt + 1; return new;
         end $$;
         create trigger overtake after update on publication for each row execute function overtake()",
    )
    .execute(&stage.pool)
    .await
    .unwrap();
    let processed = run_publication(&stage.importer(), asked.stored.id).await.unwrap();
    assert_eq!(processed, Processed::Overtaken);
    assert_eq!(stage.on_sale().await, before);
    sqlx::raw_sql("drop trigger overtake on publication")
        .execute(&stage.pool)
        .await
        .unwrap();
    assert_eq!(
        run_publication(&stage.importer(), asked.stored.id).await.unwrap(),
        Processed::Now
    );
    assert_ne!(stage.on_sale().await, before);
}

#[tokio::test]
async fn seasons_are_those_of_the_published_timetable() {
    let stage = Stage::open().await;
    let (routes, total) = season::list(&stage.pool, stage.company, 10, 0).await.unwrap();
    assert_eq!((routes.len(), total, routes[0].seasons.len()), (1, 1, 1));
    let season = &routes[0].seasons[0];
    assert_eq!((season.last.to_string().as_str(), season.trips), ("2027-01-31", 2));
    assert_eq!(season.weekdays.len(), 7);
    let (routes, total) = season::list(&stage.pool, CompanyId::new(), 10, 0).await.unwrap();
    assert_eq!((routes.len(), total), (0, 0));
}

#[tokio::test]
async fn archives_are_removed_after_their_retention() {
    let stage = Stage::open().await;
    let previewed = stage.preview(&later()).await;
    assert_eq!(
        (upload::cleanup(&stage.importer()).await.unwrap(), stage.files()),
        (0, 1)
    );
    stage.clock.advance(TimeDelta::days(31));
    assert_eq!(
        (upload::cleanup(&stage.importer()).await.unwrap(), stage.files()),
        (1, 0)
    );
    assert!(matches!(stage.ask(previewed.stored.id).await, Err(AppError::Gone(_))));
}

#[tokio::test]
async fn an_upload_whose_job_is_dead_has_failed_and_can_be_published_again() {
    let stage = Stage::open().await;
    let previewed = stage.preview(&later()).await;
    stage.ask(previewed.stored.id).await.unwrap();
    let dead = "update jobs set state = 'dead', finished_at = now() where kind = 'timetable_publish'";
    sqlx::raw_sql(dead).execute(&stage.pool).await.unwrap();
    let now = stage.clock.now();
    let failed = upkeep::fail_abandoned(&mut stage.pool.acquire().await.unwrap(), now).await;
    assert_eq!(failed.unwrap(), [previewed.stored.id]);
    assert_eq!(stage.get(previewed.stored.id).await.stored.status, UploadStatus::Failed);
    stage.clock.advance(TimeDelta::seconds(1));
    let asked = stage.ask(previewed.stored.id).await.unwrap();
    assert_eq!(stage.run(asked).await.stored.status, UploadStatus::Published);
}

#[tokio::test]
async fn a_company_has_a_few_unfinished_uploads_at_most() {
    let stage = Stage::open().await;
    for _ in 0..5 {
        stage.upload(&later()).await;
    }
    let sixth = stage.receive(vec![Ok(Bytes::from_static(b"PK\x03\x04"))]).await;
    assert!(matches!(sixth, Err(ReceiveError::App(AppError::TimetableConflict(_)))));
}
