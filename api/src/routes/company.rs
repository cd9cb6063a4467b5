//! Sales settings of a company.

use domain::role::Right;

use crate::backoffice::company::CompanyApi;
use crate::route::policy::{Change, Idempotency, Policy};
use crate::route::{Group, Method, Operation, handler};

const READ: Policy = Policy::staff_reads(Right::Terms);
const WRITE: Policy = Policy {
    idempotency: Idempotency::Ignored,
    ..Policy::staff_writes(Right::Terms, Change::Anything)
};

pub(super) const GROUP: Group = Group {
    root: "/v2/company/sales-settings",
    reads: READ,
    writes: WRITE,
    operations: &[
        Operation::get(
            "/v2/company/sales-settings",
            "getSalesSettings",
            handler!(CompanyApi::get),
            READ,
        ),
        Operation::new(
            Method::Put,
            "/v2/company/sales-settings",
            "setSalesSettings",
            handler!(CompanyApi::set),
            WRITE,
        ),
    ],
};
