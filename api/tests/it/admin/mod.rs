//! The admin command line, as operators run it: a process with arguments, settings, output and an exit code. One file
//! for each resource.

mod audit;
mod demo;
mod ending;
mod import;
mod job;
mod partner;
mod queue;
mod story;
mod tracking;
mod user;

use crate::harness::operator::Operator;

#[tokio::test]
async fn settings_and_usage_are_checked() {
    let operator = Operator::new().await;
    let run = operator
        .run_with(&["migrate"], &[("DATABASE_URL", "mysql://x")], "")
        .await;
    assert!(run.code == 2 && run.err.contains("DATABASE_URL"), "{}", run.err);
    assert_eq!(operator.fails(&["sell-everything"]).await.0, 2);
    let run = operator.run_with(&["seed-demo"], &[("API_KEY", "x")], "").await;
    assert!(
        run.code == 2 && run.err.contains("API_KEY_2") && run.err.contains("PARTNER_PASSWORD"),
        "{}",
        run.err
    );
    assert_eq!(
        operator.ok(&["migrate"]).await,
        "the database has the schema of this release"
    );
}
