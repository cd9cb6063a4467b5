//! Runs the API or the scheduler as a separate process, for tests of this crate: `program api`, `program scheduler`.

use std::process::ExitCode;

use config::Needs;

fn main() -> ExitCode {
    match std::env::args().nth(1).as_deref() {
        Some("api") => process::run(Needs::Api, api::run::run),
        Some("scheduler") => process::run(Needs::Queue, scheduler::run::run),
        _ => ExitCode::FAILURE,
    }
}
