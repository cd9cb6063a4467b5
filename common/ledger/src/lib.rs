//! The job platform: jobs live in PostgreSQL, Redis delivers their ids, apalis workers run them.
//!
//! | module | what belongs there |
//! |---|---|
//! | [`job`] | definition of a job: payload, kind, queue, terms |
//! | [`enqueue`] | writes jobs into the ledger, inside the caller's transaction |
//! | [`Creation`] | the span of writing jobs, which the traces of the jobs continue |
//! | [`scheduler`] | sends jobs to Redis, recovers those of dead processes, and writes periodic ones |
//! | `worker` (feature `worker`) | an apalis backend over the ledger, and the layers around an attempt |
//! | `tool` (feature `tools`) | apalis's traits for tools: enqueue, list, count, wait, reschedule |
//! | [`inspect`] | views of jobs, queues and processes for operators |
//! | [`handle`] | operator actions on jobs and queues |
//! | [`metrics`] | metrics of workers and schedulers |
//! | `db` | the SQL of the ledger |
//!
//! What a job does belongs in the crate that defines it. The `README.md` of this crate states the guarantees and shows
//! a first job.

pub mod claim;
mod creation;
pub mod db;
pub mod delivery;
pub mod effect;
mod error;
pub mod handle;
pub mod id;
pub mod inspect;
pub mod job;
mod judge;
pub mod metrics;
pub mod nudge;
mod outcome;
pub mod process;
pub mod scheduler;
#[cfg(feature = "tools")]
pub mod tool;
#[cfg(feature = "worker")]
pub mod worker;

pub use creation::Creation;
pub use db::job::{enqueue, enqueue_each, is_waiting};
pub use error::{Error, Result, is_blameless};
pub use job::{Cause, Job, NewJob, Priority, Queue, Terms};
pub use judge::{LONGEST_BACKOFF, Verdict};
pub use outcome::Outcome;

#[cfg(test)]
mod tests {
    #[test]
    fn the_readme_shows_the_example() {
        let (readme, example) = (include_str!("../README.md"), include_str!("../examples/hello_job.rs"));
        let (_, first_job) = readme.split_once("\n## A first job\n").unwrap();
        let (_, block) = first_job.split_once("\n```rust\n").unwrap();
        let (block, _) = block.split_once("```\n").unwrap();
        let (_, program) = example.split_once("\n)]\n\n").unwrap();
        assert_eq!(block, program);
    }
}
