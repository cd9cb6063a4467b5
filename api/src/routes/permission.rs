//! What a company allows partners to do.

use domain::role::Right;

use crate::backoffice::permission::PermissionApi;
use crate::route::policy::{Change, Idempotency, Policy};
use crate::route::{Group, Link, Method, Operation, handler};

const READ: Policy = Policy::staff_reads(Right::Permissions);
const WRITE: Policy = Policy::staff_writes(Right::Permissions, Change::Anything);

pub(super) const GROUP: Group = Group {
    root: "/v2/company",
    reads: READ,
    writes: WRITE,
    operations: &[
        Operation::get(
            "/v2/company/partner-permissions",
            "listPartnerPermissions",
            handler!(PermissionApi::list),
            READ,
        )
        .links(&[Link::new(
            "setPartnerPermission",
            "partnerId",
            "/data/permissions/0/partner/id",
        )]),
        Operation::new(
            Method::Put,
            "/v2/company/partner-permissions/{partnerId}",
            "setPartnerPermission",
            handler!(PermissionApi::set),
            Policy {
                idempotency: Idempotency::Ignored,
                ..WRITE
            },
        ),
    ],
};
