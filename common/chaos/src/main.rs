//! `./dev chaos`: partners, people and buses keep the platform busy while parts of it are killed, stopped, emptied and
//! filled; after each round every guarantee must hold. The same seed gives the same faults at the same times; what they
//! interrupt differs from run to run.
//!
//! No program that runs in production contains this. Its database queries are those of a test.

mod check;
mod error;
mod figures;
mod finding;
mod inject;
mod load;
mod notes;
mod plan;
mod postgres_server;
mod program;
mod redis_server;
mod rng;
mod round;
mod settings;
mod stage;

use std::process::ExitCode;

use clap::Parser;
use kernel::chain;
use kernel::clock::Clock;

use crate::round::{Run, RunOutcome};

/// What `./dev chaos` passes on.
#[derive(Debug, Parser)]
struct Arguments {
    /// Rounds of faults.
    #[arg(long, default_value_t = 20)]
    rounds: u32,
    /// The faults are drawn from it; one of its own unless given.
    #[arg(long)]
    seed: Option<u64>,
    /// Milliseconds that recovery may take longer than guaranteed, for a machine that is slow.
    #[arg(long, default_value_t = 0)]
    allowance: u64,
}

/// Prints a line.
#[expect(clippy::print_stdout, reason = "this program prints its findings")]
fn line(text: impl std::fmt::Display) {
    println!("{text}");
}

#[tokio::main]
async fn main() -> ExitCode {
    let arguments = Arguments::parse();
    // A second installation in one process fails, and the first installs the same provider.
    let _ = rustls::crypto::aws_lc_rs::default_provider().install_default();
    let now = Clock::system().now();
    let seed = arguments
        .seed
        .unwrap_or_else(|| now.timestamp_micros().unsigned_abs() % 1_000_000);
    line(format_args!("seed {seed}, {} rounds", arguments.rounds));
    let run = Run::begin(seed, arguments.rounds, arguments.allowance, now.date_naive());
    let outcome = tokio::select! {
        outcome = async { run.await?.all().await } => outcome,
        _ = tokio::signal::ctrl_c() => return ExitCode::from(130),
    };
    match outcome {
        Ok(RunOutcome::Kept) => ExitCode::SUCCESS,
        Ok(RunOutcome::Broken) => ExitCode::FAILURE,
        Err(error) => {
            line(format_args!("could not go on: {}", chain(&error)));
            ExitCode::from(2)
        }
    }
}
