//! Discounts.

use domain::rate_limit::Class;
use domain::role::Right;

use crate::backoffice::discount::CompanyDiscountApi;
use crate::distribution::discount::DiscountApi;
use crate::route::policy::{Caller, Change, Cors, Idempotency, Policy};
use crate::route::{Group, Link, Method, Operation, handler};

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

const OFFICE_READ: Policy = Policy::staff_reads(Right::Terms);
const OFFICE_WRITE: Policy = Policy::staff_writes(Right::Terms, Change::Nothing);
const OFFICE_SET: Policy = Policy {
    idempotency: Idempotency::Ignored,
    ..OFFICE_WRITE
};

/// The operations of companies on their own discounts.
pub(super) const OFFICE: Group = Group {
    root: "/v2/company/discounts",
    reads: OFFICE_READ,
    writes: OFFICE_WRITE,
    operations: &[
        Operation::get(
            "/v2/company/discounts",
            "listCompanyDiscounts",
            handler!(CompanyDiscountApi::list),
            OFFICE_READ,
        )
        .links(&[
            Link::new("setDiscountDays", "id", "/data/discounts/0/id"),
            Link::new("withdrawDiscount", "id", "/data/discounts/0/id"),
        ]),
        Operation::post(
            "/v2/company/discounts",
            "createDiscount",
            handler!(CompanyDiscountApi::create),
            OFFICE_WRITE,
        )
        .links(&[
            Link::new("setDiscountDays", "id", "/data/discount/id"),
            Link::new("withdrawDiscount", "id", "/data/discount/id"),
        ]),
        Operation::new(
            Method::Put,
            "/v2/company/discounts/{id}",
            "setDiscountDays",
            handler!(CompanyDiscountApi::set_days),
            OFFICE_SET,
        ),
        Operation::new(
            Method::Delete,
            "/v2/company/discounts/{id}",
            "withdrawDiscount",
            handler!(CompanyDiscountApi::withdraw),
            OFFICE_SET,
        ),
    ],
};
