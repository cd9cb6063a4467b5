//! The API process.

use std::process::ExitCode;

use config::Needs;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    process::run(Needs::Api, api::run::run)
}
