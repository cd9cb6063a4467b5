//! Usage of a partner.

use domain::rate_limit::Class;
use domain::role::Right;

use crate::distribution::usage::UsageApi;
use crate::route::policy::{Caller, Idempotency, Policy};
use crate::route::{Group, Operation, handler};

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
