//! The building blocks of metrics (Prometheus, OpenMetrics).
//!
//! What is measured is declared beside the code that measures it: the ledger's metrics in `ledger::metrics`, those of
//! the use cases in `app::metrics`, those of clients in `clients::metrics`, those of HTTP in
//! `api::middleware::measure`. Like log lines they belong to the process, so they are statics; a process registers the
//! groups that it has in the [`Exporter`] which answers scrapes. `docs/METRICS.md` lists every metric.
//!
//! Labels are types: an enum made by [`labels!`], or a name that stands in the code (a queue, a kind of job). An id, a
//! path or anything else that a client chooses is never a label, so the number of time series is bounded.

pub use prometheus_client;

mod build;
mod exporter;
mod histogram;
mod label;
mod process;

pub use exporter::{Exporter, Format};
pub use histogram::{counts, fast_seconds, seconds};
pub use label::Name;
