//! The worker of the queue `sweep`.

use std::process::ExitCode;

use app::jobs::queue;
use config::Needs;

fn main() -> ExitCode {
    worker::main(queue::SWEEP, Needs::Queue, worker::sweep::handlers)
}
