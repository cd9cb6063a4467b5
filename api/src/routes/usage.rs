//! Usage of a partner.

use domain::rate_limit::Class;
use domain::role::Right;

use super::policy::{Caller, Idempotency, Policy};
use super::{Group, Operation, handler};
use crate::distribution::usage::UsageApi;

const READ: Policy = Policy {
    caller: Caller::PartnerOrStaff(Right::Usage),
    rate: Some(Class::Read),
    ..Policy::NONE
};

pub(super) const GROUP: Group = Group {
    root: "/v2/partner/usage",
    reads: READ,
    writes: Policy {
        idempotency: Idempotency::Kept,
        ..READ
    },
    operations: &[Operation::get(
        "/v2/partner/usage",
        "getUsage",
        handler!(UsageApi::get),
        READ,
    )],
};
