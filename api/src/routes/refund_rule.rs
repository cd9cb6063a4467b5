//! Refund rules of companies for canceled paid orders.

use domain::role::Right;

use crate::backoffice::refund_rule::RefundRuleApi;
use crate::route::policy::{Change, Idempotency, Policy};
use crate::route::{Group, Method, Operation, handler};

const READ: Policy = Policy::staff_reads(Right::Terms);
const WRITE: Policy = Policy {
    idempotency: Idempotency::Ignored,
    ..Policy::staff_writes(Right::Terms, Change::Nothing)
};

pub(super) const GROUP: Group = Group {
    root: "/v2/refund-rules",
    reads: READ,
    writes: WRITE,
    operations: &[
        Operation::get(
            "/v2/refund-rules",
            "listRefundRules",
            handler!(RefundRuleApi::list),
            READ,
        ),
        Operation::new(
            Method::Put,
            "/v2/refund-rules",
            "setRefundRules",
            handler!(RefundRuleApi::set),
            WRITE,
        ),
    ],
};
