//! Responses, correct and faulty ones.

use std::time::Duration;

use poem::Response;
use poem::http::StatusCode;
use serde_json::{Value, json};

use super::Fault;

/// Size of an answer that is too large.
const HUGE: usize = 40 * 1024 * 1024;

/// A Wialon error.
pub fn error(code: i64, reason: Option<&str>) -> Value {
    match reason {
        Some(reason) => json!({ "error": code, "reason": reason }),
        None => json!({ "error": code }),
    }
}

/// The response of a fault that comes before all else; `None` when the call continues.
pub async fn wrong(fault: &Fault) -> Option<Response> {
    if fault.slow_ms > 0 {
        tokio::time::sleep(Duration::from_millis(fault.slow_ms)).await;
    }
    if let Some(status) = fault.status {
        let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let mut response = Response::builder().status(status);
        if let Some(seconds) = fault.retry_after {
            response = response.header("retry-after", seconds.to_string());
        }
        return Some(response.body("failed as asked"));
    }
    if let Some(code) = fault.error {
        return Some(whole(error(code, fault.reason.as_deref()).to_string().into_bytes()));
    }
    if fault.garbage {
        return Some(whole(b"<html>Bad Gateway</html>".to_vec()));
    }
    fault.huge.then(|| whole(vec![b' '; HUGE]))
}

/// A correct response, or half of it.
pub fn right(mut body: Vec<u8>, fault: &Fault) -> Response {
    if fault.truncated {
        body.truncate(body.len() / 2);
    }
    whole(body)
}

fn whole(body: Vec<u8>) -> Response {
    Response::builder().body(body)
}
