//! Every rule, every query and every verb of the platform.
//!
//! | room | what belongs here | what does not |
//! |---|---|---|
//! | [`domain`] | pure rules; the time is an argument | async, SQL, HTTP, queues |
//! | [`db`] | the only SQL: free functions on a connection | decisions |
//! | [`app`] | the verbs: begin, domain, db, outbox, commit | network calls inside a transaction |
//! | [`jobs`] | job contracts: payload, queue, attempts, timeout, back-off | how a job runs |
//! | [`clients`] | the outside world behind traits | rules |
//!
//! The doors (`api`, `worker`, `scheduler`) convert and call a verb; nothing here imports a door.

pub mod app;
pub mod clients;
pub mod clock;
pub mod config;
pub mod db;
pub mod domain;
pub mod error;
pub mod id;
pub mod jobs;
pub mod memo;
pub mod money;
pub mod process;
#[cfg(feature = "simulators")]
pub mod simulators;
pub mod telemetry;
#[cfg(feature = "testing")]
pub mod testing;
