//! Stories of uploaded timetables.

use app::story::{Kind, tell};
use testing::feed::TestFeed;

use super::find;
use crate::timetable_upload::support::Stage;

#[tokio::test]
async fn an_uploaded_timetable_has_a_story() {
    let stage = Stage::open().await;
    let tell = async |id: &str| {
        tell(&stage.pool, stage.clock.now(), &id.parse().unwrap())
            .await
            .unwrap()
    };
    let id = stage.preview(&TestFeed::tiny()).await.stored.id;
    sqlx::raw_sql("update jobs set request_id = 'uploaded'")
        .execute(&stage.pool)
        .await
        .unwrap();
    let ready = tell(&id.to_string()).await;
    find(&ready, Kind::Upload, "its preview ended");
    find(
        &ready,
        Kind::Now,
        "the timetable is Ready: the company has not published it",
    );
    find(
        &ready,
        Kind::Job,
        "timetable_preview was written for the queue timetable",
    );
    let asked = stage.ask(id).await.unwrap();
    find(
        &tell(&id.to_string()).await,
        Kind::Now,
        "timetable_publish waits for a worker of the queue timetable, and none is running",
    );
    stage.run(asked).await;
    let of_request = tell("uploaded").await;
    find(&of_request, Kind::Upload, "it was published, at attempt 2");
    let published = tell(&id.to_string()).await;
    let of_jobs = published
        .entries
        .iter()
        .filter(|entry| entry.text.ends_with("for the queue timetable"));
    let jobs: Vec<&str> = of_jobs.map(|entry| entry.id.as_str()).collect();
    assert_eq!(jobs.len(), 2, "one for each: {published:#?}");
    for job in jobs {
        find(&tell(job).await, Kind::Upload, "it was published, at attempt 2");
    }
}

#[tokio::test]
async fn a_timetable_that_failed_says_why() {
    let stage = Stage::open().await;
    let upload = stage.preview(&TestFeed::tiny()).await.stored.id;
    stage.ask(upload).await.unwrap();
    sqlx::raw_sql("delete from jobs").execute(&stage.pool).await.unwrap();
    let mut conn = stage.pool.acquire().await.unwrap();
    let failed = db::timetable::upload::upkeep::fail_abandoned(&mut conn, stage.clock.now()).await;
    assert_eq!(failed.unwrap(), [upload]);
    let id = upload.to_string().parse().unwrap();
    let told = tell(&stage.pool, stage.clock.now(), &id).await.unwrap();
    find(
        &told,
        Kind::Upload,
        "it failed after 1 attempts: The timetable could not be processed",
    );
    find(
        &told,
        Kind::Now,
        "the timetable is Failed: The timetable could not be processed",
    );
}
