//! Internal errors: in every operation, the caller gets the envelope and no internal details.

use api::middleware::concurrency_limit::ConcurrencyLimits;
use api::server::ServerLimits;
use futures::future::join_all;

use crate::harness::operation::Operation;
use crate::operations::answer::Call;
use crate::operations::judge::{refused, refused_anywhere};
use crate::operations::stage::{Stage, TRAP, hasty};

const FAULT: (u16, &str) = (500, "INTERNAL_ERROR");
const UNAVAILABLE: (u16, &str) = (503, "UNAVAILABLE");

/// Operations that query nothing, with their status without a database. Sign-in by redirect is not set up here.
const WITHOUT_DATABASE: [(&str, u16); 4] = [
    ("logout", 204),
    ("getConfiguration", 200),
    ("googleStart", 403),
    ("googleExchange", 403),
];

/// Calls every operation, with a database that does not work.
async fn without(stage: &Stage, expected: (u16, &str), what: &str) {
    for operation in Operation::all() {
        let answer = stage.send(&stage.call(&operation)).await;
        match WITHOUT_DATABASE.iter().find(|(name, _)| *name == operation.name) {
            Some((name, status)) => assert_eq!(answer.status, *status, "{name}: remove it from WITHOUT_DATABASE"),
            None => refused(&operation, &answer, expected, what),
        }
    }
}

#[tokio::test]
async fn a_panic_in_any_operation_is_500_and_tells_nothing() {
    let stage = Stage::open().await;
    for operation in Operation::all() {
        let answer = stage.send(&stage.call(&operation).with(TRAP, "panic")).await;
        refused(&operation, &answer, FAULT, "panic");
    }
    for path in ["/docs", "/openapi.json", "/healthz", "/nothing"] {
        let call = Call::new(poem::http::Method::GET, path).with(TRAP, "panic");
        refused_anywhere(path, &stage.send(&call).await, FAULT, path);
    }
}

#[tokio::test]
async fn any_operation_that_does_not_end_is_503() {
    let opened = Stage::open().await;
    let stage = opened.beside(|settings| settings, hasty());
    let operations = Operation::all();
    let answers = operations.iter().map(|operation| {
        let (stage, call) = (stage.clone(), stage.call(operation).with(TRAP, "hang"));
        async move { stage.send(&call).await }
    });
    for (operation, answer) in operations.iter().zip(join_all(answers).await) {
        refused(operation, &answer, UNAVAILABLE, "hang");
    }
}

#[tokio::test]
async fn any_operation_without_a_database_is_503() {
    let stage = Stage::open().await;
    let pool = connect::postgres::connect(&stage.db.url, 1).await.unwrap();
    let gone = stage.over(pool.clone(), |settings| settings, ServerLimits::default());
    pool.close().await;
    without(&gone, UNAVAILABLE, "no database").await;
}

#[tokio::test]
async fn any_operation_whose_queries_fail_is_500_and_tells_nothing() {
    let stage = Stage::open().await;
    // The search path of this pool does not contain the tables.
    let url = format!("{}?options[search_path]=nowhere", stage.db.url);
    let pool = connect::postgres::connect(&url, 2).await.unwrap();
    let lost = stage.over(pool, |settings| settings, ServerLimits::default());
    without(&lost, FAULT, "no tables").await;
}

#[tokio::test]
async fn a_query_that_fails_behind_the_gate_is_500_and_tells_nothing() {
    // The caller can still be authenticated; the tables of the requested things are gone.
    let stage = Stage::open().await;
    stage
        .sql(
            "alter table bookings rename to gone_a; alter table tickets rename to gone_b;
             alter table reports rename to gone_c; alter table trackers rename to gone_d;
             alter table partner_permissions rename to gone_e; alter table publication rename to gone_f",
        )
        .await;
    let mut failed = 0;
    for operation in Operation::all() {
        let answer = stage.send(&stage.call(&operation)).await;
        if answer.status == 500 {
            refused(&operation, &answer, FAULT, "a table is gone");
            failed += 1;
        }
    }
    assert!(failed > 15, "{failed}");
}

#[tokio::test]
async fn more_requests_than_the_process_holds_are_refused_for_now_whatever_they_want() {
    let opened = Stage::open().await;
    let full = opened.beside(
        |settings| settings,
        ServerLimits {
            concurrency: ConcurrencyLimits {
                served: 0,
                writes: 0,
                waiting_reads: 0,
                waiting_writes: 0,
                ..ConcurrencyLimits::default()
            },
            ..ServerLimits::default()
        },
    );
    for operation in Operation::all() {
        let answer = full.send(&full.call(&operation)).await;
        refused(&operation, &answer, UNAVAILABLE, "crowd");
    }
}
