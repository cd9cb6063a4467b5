//! What pages of the console need before a user signs in.

use domain::rate_limit::Class;

use crate::backoffice::configuration::ConfigurationApi;
use crate::error::{ApiError, Code};
use crate::middleware::rate_limit;
use crate::route::policy::Policy;
use crate::route::{Group, Operation, handler};

const READ: Policy = Policy {
    rate: Some(Class::Read),
    ..Policy::NONE
};

pub(super) const GROUP: Group = Group {
    root: "/v2/configuration",
    reads: READ,
    writes: Policy {
        rate: Some(Class::Write),
        ..Policy::NONE
    },
    operations: &[Operation::get(
        "/v2/configuration",
        "getConfiguration",
        handler!(ConfigurationApi::get),
        READ,
    )
    // Its limit is that of every operation, not one of attempts or messages.
    .refusals(&[|| ApiError::new(Code::RateLimited, rate_limit::TOO_MANY)])],
};
