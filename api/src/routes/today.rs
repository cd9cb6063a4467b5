//! What of a company's day needs a person.

use domain::role::Right;

use super::policy::{Change, Policy};
use super::{Group, Operation, handler};
use crate::backoffice::today::TodayApi;

const READ: Policy = Policy::staff_reads(Right::Orders);

pub(super) const GROUP: Group = Group {
    root: "/v2/today",
    reads: READ,
    writes: Policy::staff_writes(Right::Orders, Change::Nothing),
    operations: &[Operation::get("/v2/today", "getToday", handler!(TodayApi::get), READ)],
};
