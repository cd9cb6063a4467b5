//! Discounts.

use domain::rate_limit::Class;

use super::policy::{Caller, Cors, Idempotency, Policy};
use super::{Group, Operation, handler};
use crate::distribution::discount::DiscountApi;

const READ: Policy = Policy {
    caller: Caller::Partner,
    rate: Some(Class::Read),
    cors: Cors::Partners,
    ..Policy::NONE
};

pub(super) const GROUP: Group = Group {
    root: "/v2/discounts",
    reads: READ,
    writes: Policy {
        idempotency: Idempotency::Kept,
        ..READ
    },
    operations: &[Operation::get(
        "/v2/discounts",
        "listDiscounts",
        handler!(DiscountApi::list),
        READ,
    )],
};
