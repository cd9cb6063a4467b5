//! Sessions of users.

use app::{google, invitation};
use domain::rate_limit::Class;

use crate::backoffice::auth::google::GoogleApi;
use crate::backoffice::auth::invitation::InvitationApi;
use crate::backoffice::auth::login::LoginApi;
use crate::backoffice::auth::logout::LogoutApi;
use crate::backoffice::auth::me::MeApi;
use crate::backoffice::auth::own_session::OwnSessionApi;
use crate::backoffice::auth::password::{self, PasswordApi};
use crate::backoffice::auth::refresh::RefreshApi;
use crate::backoffice::auth::switch_company::SwitchCompanyApi;
use crate::route::policy::{Caller, Change, Idempotency, Policy};
use crate::route::{Group, Link, Method, Operation, handler};

const GUEST: Policy = Policy {
    rate: Some(Class::Write),
    idempotency: Idempotency::Unused,
    change: Change::Anything,
    ..Policy::NONE
};

const PERSON: Policy = Policy {
    caller: Caller::Person,
    ..GUEST
};

const PERSON_READS: Policy = Policy {
    caller: Caller::Person,
    rate: Some(Class::Read),
    ..Policy::NONE
};

pub(super) const GROUP: Group = Group {
    root: "/v2/auth",
    reads: Policy {
        rate: Some(Class::Read),
        ..Policy::NONE
    },
    writes: GUEST,
    operations: &[
        Operation::post("/v2/auth/pre-login", "preLogin", handler!(LoginApi::pre_login), GUEST),
        Operation::post("/v2/auth/login", "login", handler!(LoginApi::login), GUEST),
        Operation::post(
            "/v2/auth/refresh",
            "refreshSession",
            handler!(RefreshApi::refresh),
            Policy {
                caller: Caller::Refresh,
                ..GUEST
            },
        ),
        Operation::post(
            "/v2/auth/switch-company",
            "switchCompany",
            handler!(SwitchCompanyApi::switch_company),
            PERSON,
        ),
        Operation::get("/v2/auth/me", "getMe", handler!(MeApi::me), PERSON_READS),
        Operation::post("/v2/auth/logout", "logout", handler!(LogoutApi::logout), GUEST),
        Operation::post(
            "/v2/auth/logout-all",
            "logoutAll",
            handler!(LogoutApi::logout_all),
            PERSON,
        ),
        Operation::post(
            "/v2/auth/google/pre-login",
            "googlePreLogin",
            handler!(GoogleApi::pre_login),
            GUEST,
        ),
        Operation::post(
            "/v2/auth/google/login",
            "googleLogin",
            handler!(GoogleApi::login),
            GUEST,
        ),
        Operation::post(
            "/v2/auth/google/start",
            "googleStart",
            handler!(GoogleApi::start),
            GUEST,
        ),
        Operation::post(
            "/v2/auth/google/exchange",
            "googleExchange",
            handler!(GoogleApi::exchange),
            GUEST,
        )
        .refusals(&[|| google::unknown_state().into()]),
        Operation::get(
            "/v2/auth/sessions",
            "listSessions",
            handler!(OwnSessionApi::sessions),
            PERSON_READS,
        )
        .links(&[Link::new("endSession", "id", "/data/sessions/0/id")]),
        Operation::new(
            Method::Delete,
            "/v2/auth/sessions/{id}",
            "endSession",
            handler!(OwnSessionApi::end),
            Policy {
                idempotency: Idempotency::Ignored,
                ..PERSON
            },
        ),
        Operation::post(
            "/v2/auth/password",
            "changePassword",
            handler!(PasswordApi::change_password),
            PERSON,
        )
        .refusals(&[|| password::wrong_password().into()]),
        Operation::post(
            "/v2/auth/invitations/preview",
            "previewInvitation",
            handler!(InvitationApi::preview),
            Policy {
                change: Change::Nothing,
                ..GUEST
            },
        ),
        Operation::post(
            "/v2/auth/invitations/accept",
            "acceptInvitation",
            handler!(InvitationApi::accept),
            GUEST,
        )
        .refusals(&[|| invitation::ENDED.into()]),
    ],
};
