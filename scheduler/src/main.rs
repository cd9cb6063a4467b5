//! The scheduler process.

use std::process::ExitCode;

use common::config::Needs;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    common::process::run(Needs::Queue, scheduler::run::run)
}
