//! The clock door: what happens without anybody asking. Any number of schedulers may run side by side; rows are
//! claimed with locks, so there is no leader.
//!
//! | file | what belongs there |
//! |---|---|
//! | [`relay`] | due jobs from the ledger into Redis |
//! | [`reconciler`] | what Redis or a dead process lost, back into the ledger |
//! | `silence` | which silent processes are given up |
//! | [`cron`] | jobs that the clock asks for |
//! | [`housekeeping`] | the schedule that clears away what nobody needs any more |
//! | [`bus_polls`] | the schedules of buses: polls and syncs of accounts at fleet providers |
//! | [`job_upkeep`] | the schedule that draws back jobs which a wrong clock put off |
//! | [`order_sweep`] | the schedule that closes unpaid orders |
//! | [`report_upkeep`] | the schedule that fails reports which nobody makes |
//! | [`run`] | the three loops in one process |

pub mod bus_polls;
pub mod cron;
mod epoch;
pub mod housekeeping;
pub mod job_upkeep;
pub mod order_sweep;
pub mod reconciler;
pub mod relay;
pub mod report_upkeep;
pub mod run;
mod silence;
