//! Actions of platform operators: look at queues, jobs, processes, partners and companies, and handle queues and jobs.
//! `/v2/ops` and the command line share these use cases. Every use case that changes something takes an [`Operator`]
//! and writes an entry in the audit trail, in the same transaction.

pub mod audit;
pub mod job;
pub mod party;
pub mod process;
pub mod queue;
pub mod schedule;

pub use crate::operator::{MAX_REASON, Operator};
