//! API keys of a partner.

use domain::role::Right;

use crate::backoffice::api_key::ApiKeyApi;
use crate::route::policy::{Change, Idempotency, Policy};
use crate::route::{Group, Link, Method, Operation, handler};

const READ: Policy = Policy::staff_reads(Right::Keys);
const WRITE: Policy = Policy::staff_writes(Right::Keys, Change::Anything);

pub(super) const GROUP: Group = Group {
    root: "/v2/partner/api-keys",
    reads: READ,
    writes: WRITE,
    operations: &[
        Operation::get("/v2/partner/api-keys", "listApiKeys", handler!(ApiKeyApi::list), READ).links(&[Link::new(
            "revokeApiKey",
            "id",
            "/data/apiKeys/0/id",
        )]),
        Operation::post(
            "/v2/partner/api-keys",
            "createApiKey",
            handler!(ApiKeyApi::create),
            WRITE,
        )
        .links(&[Link::new("revokeApiKey", "id", "/data/apiKey/id")]),
        Operation::new(
            Method::Delete,
            "/v2/partner/api-keys/{id}",
            "revokeApiKey",
            handler!(ApiKeyApi::revoke),
            Policy {
                idempotency: Idempotency::Ignored,
                ..WRITE
            },
        ),
    ],
};
