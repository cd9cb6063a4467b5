//! Probes: is the process alive, and can it serve.

use poem::handler;
use poem::web::Json;
use serde_json::{Value, json};

use crate::error::ApiError;
use crate::state::{Shared, State};

/// Alive: the process answers.
#[handler]
pub fn healthz() -> Json<Value> {
    Json(json!({ "problems": [] }))
}

/// Ready: requests can be served. Degraded functions are listed in the response, but are no reason to send requests
/// elsewhere: without Redis requests are served, but not counted.
#[handler]
pub async fn readyz(state: Shared<'_>) -> Result<Json<Value>, ApiError> {
    let (problems, degraded) = tokio::join!(state.health.problems(), degraded(&state));
    if problems.is_empty() {
        Ok(Json(json!({ "problems": problems, "degraded": degraded })))
    } else {
        Err(ApiError::unavailable(problems.join("; ")))
    }
}

/// Degraded functions while requests are served; determined by a write to Redis.
async fn degraded(state: &State) -> Vec<&'static str> {
    let (limits, throttle) = tokio::join!(state.rate_limits.works(), state.throttle.works());
    let mut degraded = Vec::new();
    if !limits {
        degraded.push("requests are not limited");
    }
    if !throttle {
        degraded.push("sign-in is not throttled");
    }
    degraded
}
