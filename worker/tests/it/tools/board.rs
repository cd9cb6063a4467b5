//! The HTTP interface of apalis-board over the ledger: a tool that knows nothing of the ledger.

use apalis_board_api::framework::{ApiBuilder, RegisterRoute};
use app::jobs::queue;
use app::jobs::viber_notification::ViberNotification;
use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{Request, StatusCode};
use kernel::clock::Clock;
use ledger::tool::{LedgerStorage, StoredJob};
use serde_json::{Value, json};
use sqlx::PgPool;
use testing::eventually::eventually;
use tower_service::Service;

use super::{board, job, mail};
use crate::guarantees::support::{SOON, Stage};

/// The board with two queues.
fn served(pool: &PgPool) -> Router {
    let vibers =
        LedgerStorage::new(pool.clone(), Clock::system(), queue::VIBER, &queue::ALL).accept::<ViberNotification>();
    let api = ApiBuilder::new(Router::new());
    let api = RegisterRoute::<LedgerStorage, StoredJob>::register(api, "email", board(pool));
    RegisterRoute::<LedgerStorage, StoredJob>::register(api, "viber", vibers).build()
}

async fn ask(board: &Router, method: &str, path: &str, body: Option<Value>) -> (StatusCode, Value) {
    let request = Request::builder()
        .method(method)
        .uri(path)
        .header("content-type", "application/json")
        .body(body.map_or_else(Body::empty, |body| Body::from(body.to_string())))
        .unwrap();
    let response = board.clone().call(request).await.unwrap();
    let status = response.status();
    let body = to_bytes(response.into_body(), 1 << 20).await.unwrap();
    (status, serde_json::from_slice(&body).unwrap_or_default())
}

async fn get(board: &Router, path: &str) -> Value {
    let (status, body) = ask(board, "GET", path, None).await;
    assert_eq!(status, StatusCode::OK, "{path}: {body}");
    body
}

#[tokio::test]
async fn the_board_enqueues_a_job_that_runs_and_shows_it() {
    let stage = Stage::new().await;
    let _scheduler = stage.scheduler().await;
    let _worker = stage.worker(4, 5);
    let board = served(&stage.db.pool);
    let notification_id = stage.scripts(&[&["ok"]]).await[0];
    let new = serde_json::to_value(mail(&notification_id)).unwrap();
    let (status, body) = ask(&board, "PUT", "/queues/email/tasks", Some(new.clone())).await;
    assert_eq!((status, body), (StatusCode::OK, json!(null)));

    let task = eventually("the job is done", SOON, async || {
        let done = get(&board, "/queues/email/tasks?status=Done&page=1").await;
        done.as_array().unwrap().first().cloned()
    })
    .await;
    assert_eq!(task["args"], new);
    assert_eq!(
        (&task["ctx"]["status"], &task["ctx"]["queue"]),
        (&json!("Done"), &json!("email"))
    );
    let id = task["ctx"]["task_id"].as_str().unwrap();
    assert_eq!(get(&board, &format!("/queues/email/tasks/{id}")).await, task);
    let (status, _) = ask(&board, "GET", &format!("/queues/viber/tasks/{id}"), None).await;
    assert_eq!(status, StatusCode::NOT_FOUND);

    let workers = get(&board, "/queues/email/workers").await;
    assert_eq!(workers[0]["backend"], "ledger");
    assert_eq!(get(&board, "/queues/viber/workers").await, json!([]));
}

#[tokio::test]
async fn the_board_lists_and_counts_every_queue() {
    let stage = Stage::new().await;
    let (db, board) = (&stage.db, served(&stage.db.pool));
    let dead = job(db, "email", "dead", 0).await;
    let ready = job(db, "viber", "ready", 0).await;

    let queues = get(&board, "/queues").await;
    let names: Vec<&str> = queues
        .as_array()
        .unwrap()
        .iter()
        .map(|queue| queue["name"].as_str().unwrap())
        .collect();
    assert_eq!(names, ["email", "viber", "sweep", "report", "geo", "timetable"]);
    let overview = get(&board, "/overview").await;
    assert_eq!(
        (&overview[0]["title"], &overview[0]["value"]),
        (&json!("Ready"), &json!("1"))
    );
    let stats = get(&board, "/queues/viber/stats").await;
    assert_eq!((&stats[3]["title"], &stats[3]["value"]), (&json!("Dead"), &json!("0")));
    assert_eq!(get(&board, "/workers").await, json!([]));

    // The board's own page requests page 1; a request for page 0 must not end the process.
    for path in ["/tasks", "/tasks?page=0", "/tasks?page=1&page_size=4000000000"] {
        let tasks = get(&board, path).await;
        assert_eq!(
            (&tasks[0]["ctx"]["task_id"], &tasks[1]["ctx"]["task_id"]),
            (&json!(ready), &json!(dead)),
            "{path}"
        );
    }
    let killed = get(&board, "/queues/email/tasks?status=Killed").await;
    assert_eq!(killed[0]["ctx"]["metadata"]["last_error"], "as the test says");
}

#[tokio::test]
async fn the_board_passes_on_why_a_job_was_refused() {
    let stage = Stage::new().await;
    let board = served(&stage.db.pool);
    for (job, reason) in [
        (
            json!({ "kind": "email_notification", "payload": { "notification_id": 5 } }),
            "does not decode as email_notification",
        ),
        (
            json!({ "kind": "viber_notification", "payload": {} }),
            "are not accepted for queue email",
        ),
    ] {
        let (status, body) = ask(&board, "PUT", "/queues/email/tasks", Some(job)).await;
        assert_eq!(status, StatusCode::INTERNAL_SERVER_ERROR);
        assert!(body.to_string().contains(reason), "{body}");
    }
    assert_eq!(stage.count("select count(*) from jobs").await, 0);
}
