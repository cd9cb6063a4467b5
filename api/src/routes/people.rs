//! People of a company or a partner.

use domain::role::Right;

use crate::backoffice::people::PeopleApi;
use crate::route::policy::{Change, Idempotency, Policy};
use crate::route::{Group, Link, Method, Operation, handler};

const READ: Policy = Policy::staff_reads(Right::People);
const WRITE: Policy = Policy::staff_writes(Right::People, Change::Nothing);
const AGAIN: Policy = Policy {
    idempotency: Idempotency::Ignored,
    ..WRITE
};

pub(super) const GROUP: Group = Group {
    root: "/v2/people",
    reads: READ,
    writes: WRITE,
    operations: &[
        Operation::get("/v2/people", "listPeople", handler!(PeopleApi::list), READ).links(&[
            Link::new("setRole", "userId", "/data/people/0/id").with_body(r#"{"role":"MANAGER"}"#),
            Link::new("withdrawAccess", "userId", "/data/people/0/id"),
        ]),
        Operation::new(
            Method::Patch,
            "/v2/people/{userId}",
            "setRole",
            handler!(PeopleApi::set_role),
            AGAIN,
        ),
        Operation::new(
            Method::Delete,
            "/v2/people/{userId}",
            "withdrawAccess",
            handler!(PeopleApi::withdraw),
            AGAIN,
        ),
        Operation::get(
            "/v2/people/invitations",
            "listInvitations",
            handler!(PeopleApi::invitations),
            READ,
        ),
        Operation::post(
            "/v2/people/invitations",
            "invitePerson",
            handler!(PeopleApi::invite),
            WRITE,
        )
        .links(&[Link::new("withdrawInvitation", "id", "/data/invitation/id")]),
        Operation::new(
            Method::Delete,
            "/v2/people/invitations/{id}",
            "withdrawInvitation",
            handler!(PeopleApi::withdraw_invitation),
            AGAIN,
        ),
    ],
};
