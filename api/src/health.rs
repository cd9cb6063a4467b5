//! Probes: is the process alive, and can it serve.

use std::time::Duration;

use poem::http::StatusCode;
use poem::web::Json;
use poem::{Response, handler};
use serde_json::json;

use crate::error::ApiError;
use crate::state::Shared;

/// How long PostgreSQL may take to answer before the process calls itself not ready.
const PATIENCE: Duration = Duration::from_secs(2);

/// Alive: the process answers.
#[handler]
pub fn healthz() -> Json<serde_json::Value> {
    Json(json!({ "status": "ok" }))
}

/// Ready: PostgreSQL answers too.
#[handler]
pub async fn readyz(state: Shared<'_>) -> Response {
    let answered = tokio::time::timeout(PATIENCE, common::db::ping(&state.platform.pool)).await;
    match answered {
        Ok(Ok(())) => Response::builder()
            .status(StatusCode::OK)
            .content_type("application/json")
            .body(r#"{"status":"ok"}"#),
        Ok(Err(error)) => ApiError::from(error).response(),
        Err(_) => ApiError::unavailable("PostgreSQL does not answer").response(),
    }
}
