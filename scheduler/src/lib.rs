//! What happens without a request: the schedules of the platform. Any number of schedulers may run side by side; rows
//! are claimed with locks, so there is no leader. How jobs are relayed, reconciled and fired is in
//! `common/ledger/src/scheduler`.
//!
//! | file | what belongs there |
//! |---|---|
//! | [`housekeeping`] | the schedule that deletes obsolete data |
//! | [`gauge`] | business gauges, read periodically |
//! | [`tracking`] | the schedules of buses: polls and syncs of accounts at tracking providers |
//! | [`invariant`] | the schedule that checks what must always hold |
//! | [`ticket_sweep`] | the schedule that closes expired tickets |
//! | [`report_schedule`] | the schedule that asks for the scheduled reports of companies |
//! | [`report_upkeep`] | the schedule that fails reports which nobody generates |
//! | [`timetable_upkeep`] | the schedule that fails uploaded timetables which nobody processes |
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
