//! The trace of a report, from its job to the file store.

use app::jobs::report_generate;
use domain::id::ReportId;
use kernel::clock::Clock;
use ledger::Cause;
use tempfile::TempDir;
use testing::collector::{Collector, tree};
use testing::eventually::eventually;
use tokio::process::Command;

use crate::traces::support::{LIMIT, Stand, end};

#[tokio::test]
async fn what_a_report_asks_of_the_store_is_in_its_trace() {
    let (stand, collector, folder) = (Stand::new().await, Collector::start().await, TempDir::new().unwrap());
    let storage_url = format!("file://{}", folder.path().display());
    let variables = [
        ("OTEL_EXPORTER_OTLP_ENDPOINT", &*collector.url()),
        ("STORAGE_URL", &storage_url),
    ];
    let (report_id, now) = (ReportId::new(), Clock::system().now());
    let asked = "insert into reports (id, company_id, date_from, date_to, date_field, created_at, admitted_at)
                 select $1, id, '2026-01-01', '2026-01-31', 'createdAt', now(), now() from companies limit 1";
    let asked = sqlx::query(asked).bind(report_id.0).execute(&stand.db.pool);
    asked.await.unwrap();
    let mut tx = stand.db.pool.begin().await.unwrap();
    let job = report_generate::new_job(report_id, now).unwrap();
    ledger::enqueue(&mut tx, now, &Cause::default(), &[job]).await.unwrap();
    tx.commit().await.unwrap();

    let report_worker = Command::new(env!("CARGO_BIN_EXE_report_worker"));
    let mut processes = [stand.scheduler(&variables), stand.start(report_worker, &variables)];
    eventually("the report is complete", LIMIT, async || {
        let complete = sqlx::query_scalar::<_, i64>("select count(*) from reports where status = 'Completed'");
        (complete.fetch_one(&stand.db.pool).await.unwrap() == 1).then_some(())
    })
    .await;
    for process in &mut processes {
        end(process).await;
    }

    let spans = collector.trace_with("store put");
    let text = tree(&spans);
    let named = |name: &str| spans.iter().find(|span| span.name == name).expect(&text);
    let (attempt, put) = (named("process report"), named("store put"));
    assert_eq!((&put.parent, &*put.kind), (&attempt.id, "Client"), "{text}");
    assert!(spans.iter().all(|span| !span.failed), "{text}");
}
