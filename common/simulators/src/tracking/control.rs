//! Requests of people and benchmarks to the simulator itself.

use std::sync::Arc;

use poem::handler;
use poem::http::StatusCode;
use poem::web::{Data, Json};

use super::{Fault, Requests, State, locked};

#[handler]
pub fn healthz() -> &'static str {
    "ok"
}

/// `GET /requests`: the requests since its start.
#[handler]
pub fn requests(Data(state): Data<&Arc<State>>) -> Json<Requests> {
    Json(locked(&state.requests).clone())
}

/// `POST /faults` with one fault, such as `{"status":500,"count":10}`.
#[handler]
pub fn add_fault(Data(state): Data<&Arc<State>>, Json(fault): Json<Fault>) -> StatusCode {
    locked(&state.faults).push_back(fault);
    StatusCode::NO_CONTENT
}

/// `DELETE /faults`: removes all injected faults.
#[handler]
pub fn clear_faults(Data(state): Data<&Arc<State>>) -> StatusCode {
    locked(&state.faults).clear();
    StatusCode::NO_CONTENT
}
