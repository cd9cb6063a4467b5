//! Files of reports that are missing from the object store.

use std::sync::Arc;

use app::invariant::files::{self, FileCheck};
use app::invariant::{Checked, latest};
use app::report::generate;
use domain::invariant::Rule;

use crate::report::support::Stage;

#[tokio::test]
async fn a_file_that_is_missing_is_counted() {
    let stage = Stage::new().await;
    let (kept, lost) = (
        stage.ask().await,
        stage
            .ask_for("2027-03-01", "2027-03-02", domain::report::DateField::CreatedAt)
            .await
            .id,
    );
    for id in [kept, lost] {
        generate(&stage.generator(), id).await.unwrap();
    }
    let check = FileCheck {
        pool: stage.pool().clone(),
        storage: Arc::new(stage.storage()),
        clock: stage.clock.clone(),
    };
    let result = async || -> Checked {
        let results = latest(stage.pool()).await.unwrap();
        results
            .into_iter()
            .find(|result| result.rule == Rule::ReportWithoutFile)
            .unwrap()
    };
    for _ in 0..2 {
        files::run(&check).await.unwrap();
        assert_eq!(
            (result().await.violations, result().await.checked_at),
            (0, Some(stage.clock.now()))
        );
    }
    let key = stage.report(lost).await.object_key.unwrap();
    std::fs::remove_file(stage.folder.path().join(key)).unwrap();
    files::run(&check).await.unwrap();
    assert_eq!(result().await.violations, 0, "somebody may be removing it");
    files::run(&check).await.unwrap();
    assert_eq!(
        (result().await.violations, result().await.examples),
        (1, vec![lost.to_string()])
    );
    sqlx::query("update reports set removed_at = now() where id = $1")
        .bind(lost)
        .execute(stage.pool())
        .await
        .unwrap();
    files::run(&check).await.unwrap();
    assert_eq!(result().await.violations, 0);
}
