//! Probes: is the process alive, and can it serve.

use poem::handler;
use poem::web::Json;
use serde_json::{Value, json};

use crate::error::ApiError;
use crate::state::Shared;

/// Alive: the process answers.
#[handler]
pub fn healthz() -> Json<Value> {
    Json(json!({ "problems": [] }))
}

/// Ready: nothing stands in the way of serving.
#[handler]
pub async fn readyz(state: Shared<'_>) -> Result<Json<Value>, ApiError> {
    let problems = state.health.problems().await;
    if problems.is_empty() {
        Ok(Json(json!({ "problems": problems })))
    } else {
        Err(ApiError::unavailable(problems.join("; ")))
    }
}
