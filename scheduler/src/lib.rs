//! What the platform does at certain times, without a request: its schedules. Any number of schedulers may run side by
//! side; rows are claimed with locks, so there is no leader. The loops that relay jobs, reconcile them and fire
//! schedules are in `common/ledger/src/scheduler`.
//!
//! | file | what belongs there |
//! |---|---|
//! | [`housekeeping`] | the schedule that deletes obsolete data |
//! | [`gauge`] | business gauges, read periodically |
//! | [`tracking`] | the schedules of buses: polls and syncs of accounts at tracking providers |
//! | [`invariant`] | the schedule that checks the invariants |
//! | [`ticket_sweep`] | the schedule that closes expired tickets |
//! | [`report_schedule`] | the schedule that requests the scheduled reports of companies |
//! | [`report_upkeep`] | the schedule that fails reports whose job has ended without a result |
//! | [`timetable_upkeep`] | the schedule that fails uploaded timetables whose job has ended without a result |
//! | [`run`] | the scheduler process |

pub mod gauge;
pub mod housekeeping;
pub mod invariant;
pub mod report_schedule;
pub mod report_upkeep;
pub mod run;
pub mod ticket_sweep;
pub mod timetable_upkeep;
pub mod tracking;
