//! The guarantees of the job platform, on a real PostgreSQL and a real Redis, with worker processes that are really
//! killed. `docs/DELIVERY.md` lists the guarantees.

mod clock;
mod crashes;
mod endings;
mod failover;
mod failures;
mod fence;
mod filter;
mod finished;
mod foreign;
mod handling;
mod ledger;
mod liveness;
mod mails;
mod proxy;
mod redis_losses;
mod settled;
mod silence;
pub mod support;
mod suspects;
mod turns;
mod volume;
