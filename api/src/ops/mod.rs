//! The operations for platform operators (`/v2/ops`, session cookies). They have their own document
//! (`docs/openapi-ops.json`) and are in no other. The use cases are in `app::ops`, the same as for the command line.

use app::error::AppResult;
use app::ops::Operator;
use poem_openapi::Tags;

use crate::auth::person::AtPlatform;
use crate::context::RequestContext;

pub mod audit;
pub mod body;
pub mod invariant;
pub mod job;
pub mod party;
pub mod process;
pub mod queue;
pub mod refusal;
pub mod schedule;
pub mod story;
pub mod wire;
mod words;

/// Chapters of the document; `crate::openapi` gives their order.
#[derive(Debug, Clone, Copy, Tags)]
pub enum Chapter {
    /// View queues, worker processes and schedules, and pause queues.
    Queues,
    /// Find jobs, and retry, cancel or discard them.
    Jobs,
    /// View partners and companies with their limits.
    Parties,
    /// Read the stories of objects and the results of the invariant checks.
    Evidence,
    /// Read the actions of operators.
    Audit,
}

/// The operator who sends a request, and the reason.
fn operator(office: &AtPlatform, context: &RequestContext, reason: &str) -> AppResult<Operator> {
    Operator::new(office.person.user_id.to_string(), reason, context.cause().request_id)
}
