//! Files after their retention, and what failed reports left.

use app::report;
use chrono::TimeDelta;
use db::error::AppError;
use domain::id::ReportId;
use domain::report::folder;

use crate::report::support::Stage;

const DAYS: u32 = 30;

async fn cleanup(stage: &Stage) -> Result<usize, String> {
    report::cleanup(&stage.remover(stage.storage(), DAYS))
        .await
        .map_err(|error| error.to_string())
}

#[tokio::test]
async fn a_file_is_removed_after_its_retention() {
    let stage = Stage::new().await;
    let old = stage.ask().await;
    report::generate(&stage.generator(), old).await.unwrap();
    stage.clock.advance(TimeDelta::days(1));
    let young = stage.ask().await;
    report::generate(&stage.generator(), young).await.unwrap();
    stage.clock.advance(TimeDelta::days(29));
    assert_eq!(cleanup(&stage).await, Ok(0));
    stage.clock.advance(TimeDelta::seconds(1));
    assert_eq!(cleanup(&stage).await, Ok(1));
    assert_eq!(cleanup(&stage).await, Ok(0), "once");
    stage.the_file(young).await;
    let link = async |id| report::link(stage.pool(), &stage.storage(), &stage.clock, stage.company(), id).await;
    assert!(matches!(link(old).await, Err(AppError::Gone(_))));
    assert!(link(young).await.is_ok());
    let gone = stage.report(old).await;
    assert_eq!(
        (gone.status.word(), gone.removed_at),
        ("Completed", Some(stage.clock.now()))
    );
}

#[tokio::test]
async fn a_file_that_is_gone_already_is_fine() {
    let stage = Stage::new().await;
    let asked = stage.ask().await;
    report::generate(&stage.generator(), asked).await.unwrap();
    std::fs::remove_dir_all(stage.folder.path().join("reports")).unwrap();
    stage.clock.advance(TimeDelta::days(31));
    assert_eq!(cleanup(&stage).await, Ok(1));
}

#[tokio::test]
async fn what_a_failed_report_left_is_removed_after_an_hour() {
    let stage = Stage::new().await;
    let asked = stage.ask().await;
    let left = stage.folder.path().join(folder(stage.company(), asked)).join("1");
    std::fs::create_dir_all(&left).unwrap();
    std::fs::write(left.join("orders.csv#1"), "half").unwrap();
    sqlx::query("update reports set status = 'Failed', attempt = 1, ended_at = $1")
        .bind(stage.clock.now())
        .execute(stage.pool())
        .await
        .unwrap();
    stage.clock.advance(TimeDelta::hours(1));
    assert_eq!(cleanup(&stage).await, Ok(0), "an attempt may still run");
    stage.clock.advance(TimeDelta::seconds(1));
    assert_eq!(cleanup(&stage).await, Ok(1));
    assert_eq!(stage.files().len(), 0);
}

#[tokio::test]
async fn many_are_removed_in_batches_and_those_that_cannot_be_stay_for_the_next_time() {
    let stage = Stage::new().await;
    sqlx::query(
        "insert into reports (id, company_id, date_from, date_to, date_field, status, attempt, object_key, created_at,
             ended_at)
         select gen_random_uuid(), $1, '2027-01-01', '2027-01-31', 'createdAt', 'Completed', 1, 'x', $2,
             $2 + make_interval(secs => n)
         from generate_series(1, 120) as n",
    )
    .bind(stage.company().0)
    .bind(stage.clock.now())
    .execute(stage.pool())
    .await
    .unwrap();
    stage.clock.advance(TimeDelta::days(31));
    // Where the folder of the last one was, there is a file: the store refuses.
    let sql = "select id from reports order by ended_at desc limit 1";
    let last: uuid::Uuid = sqlx::query_scalar(sql).fetch_one(stage.pool()).await.unwrap();
    let stuck = stage.folder.path().join(folder(stage.company(), ReportId(last)));
    std::fs::create_dir_all(stuck.parent().unwrap()).unwrap();
    std::fs::write(&stuck, "in the way").unwrap();
    assert_eq!(
        cleanup(&stage).await,
        Err("The file store cannot be written to".to_owned())
    );
    let left = "select count(*) from reports where removed_at is null";
    let left: i64 = sqlx::query_scalar(left).fetch_one(stage.pool()).await.unwrap();
    assert_eq!(left, 1, "all others of all batches");
    std::fs::remove_file(&stuck).unwrap();
    assert_eq!(cleanup(&stage).await, Ok(1));
}
