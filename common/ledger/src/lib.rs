//! The job platform: jobs are rows in PostgreSQL, Redis delivers their ids, and apalis workers run them.
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
    use std::path::Path;

    const README: &str = include_str!("../README.md");

    const TABLES: [&str; 6] = [
        "finished_jobs",
        "job_losses",
        "jobs",
        "paused_queues",
        "processes",
        "schedules",
    ];

    /// The first program in a section of the README.
    fn block(section: &str) -> &'static str {
        let (_, section) = README.split_once(section).unwrap();
        let (_, block) = section.split_once("\n```rust\n").unwrap();
        block.split_once("```\n").unwrap().0
    }

    /// Whether a migration creates or changes a table of the ledger, or an index on one.
    fn is_of_ledger(sql: &str) -> bool {
        let words: Vec<&str> = sql.split_whitespace().collect();
        words
            .windows(2)
            .any(|pair| ["table", "on"].contains(&pair[0]) && TABLES.contains(&pair[1]))
    }

    #[test]
    fn the_readme_names_every_migration_of_the_ledger_and_no_other() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../migrations");
        let mut found = 0;
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            let name = path.file_name().unwrap().to_str().unwrap();
            if name.ends_with(".sql") {
                let is_of_ledger = is_of_ledger(&std::fs::read_to_string(&path).unwrap());
                assert_eq!(README.contains(name), is_of_ledger, "{name}");
                found += usize::from(is_of_ledger);
            }
        }
        assert!(found > 0);
    }

    #[test]
    fn twenty_lines_of_the_readme_are_from_the_example() {
        let (block, example) = (
            block("\n## A job in twenty lines\n"),
            include_str!("../examples/hello_job.rs"),
        );
        let lines = || block.lines().map(str::trim).filter(|line| !line.is_empty());
        assert!(lines().count() <= 20);
        for line in lines().filter(|line| !line.starts_with("//") && !line.contains("/*")) {
            assert!(example.contains(line), "{line}");
        }
    }

    #[test]
    fn the_readme_shows_the_example() {
        let (_, program) = include_str!("../examples/hello_job.rs").split_once("\n)]\n\n").unwrap();
        assert_eq!(block("\n## A first job\n"), program);
    }
}
