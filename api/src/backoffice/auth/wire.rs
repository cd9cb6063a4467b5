//! What operations on sessions answer with.

use common::app::session;
use common::db;
use common::domain::access;
use common::domain::party::{ContextType, Role, Tier};
use common::id::{CompanyId, PartnerId, SessionId, UserId};
use schemars::JsonSchema;
use serde::Serialize;

use crate::wire::value::{Id, Instant, Word};

/// Who somebody is and where they may work.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct PreLogin {
    /// The person.
    pub user: User,
    /// Where they may work: companies first, then by name.
    #[schemars(length(max = 1000))]
    pub available_accesses: Vec<Access>,
}

impl From<session::PreLogin> for PreLogin {
    fn from(pre_login: session::PreLogin) -> Self {
        Self {
            user: pre_login.user.into(),
            available_accesses: pre_login.accesses.into_iter().map(Into::into).collect(),
        }
    }
}

/// What somebody who is signed in sees of it.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Auth {
    /// The person.
    pub user: User,
    /// Where they work now.
    pub access: Access,
    /// The session.
    pub session: Session,
    /// Where they may work: companies first, then by name.
    #[schemars(length(max = 1000))]
    pub available_accesses: Vec<Access>,
}

impl From<session::Auth> for Auth {
    fn from(auth: session::Auth) -> Self {
        Self {
            user: auth.user.into(),
            session: Session::new(&auth.session, auth.access.workplace),
            access: auth.access.into(),
            available_accesses: auth.accesses.into_iter().map(Into::into).collect(),
        }
    }
}

/// A person.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct User {
    /// Opaque id.
    pub id: Id<UserId>,
    /// E-mail address, lower case.
    #[schemars(example = &"admin@prexsell.example")]
    pub email: String,
    /// Given name.
    #[schemars(example = &"Олена")]
    pub first_name: String,
    /// Family name.
    #[schemars(example = &"Коваль")]
    pub last_name: String,
}

impl From<db::user::Profile> for User {
    fn from(user: db::user::Profile) -> Self {
        Self {
            id: Id(user.id),
            email: user.email,
            first_name: user.first_name,
            last_name: user.last_name,
        }
    }
}

/// A place where a person may work.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Access {
    /// What kind of place it is.
    pub context_type: Word<ContextType>,
    /// The company; null with a partner.
    #[schemars(example = &"cmp_01980c6a5f0e7d8c9b3a2f1e0d4c5b6a")]
    pub company_id: Option<Id<CompanyId>>,
    /// The partner; null in a company.
    #[schemars(example = serde_json::Value::Null)]
    pub partner_id: Option<Id<PartnerId>>,
    /// What the person may do there.
    pub role: Word<Role>,
    /// The company; null with a partner.
    pub company: Option<Employer>,
}

impl From<access::Access> for Access {
    fn from(access: access::Access) -> Self {
        let company = access.workplace.company_id().zip(access.employer);
        Self {
            context_type: Word(access.workplace.context()),
            company_id: access.workplace.company_id().map(Id),
            partner_id: access.workplace.partner_id().map(Id),
            role: Word(access.role),
            company: company.map(|(id, employer)| Employer {
                id: Id(id),
                name: access.name,
                slug: employer.slug,
                tier: Word(employer.tier),
            }),
        }
    }
}

/// A company that a person works in.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Employer {
    /// Opaque id.
    pub id: Id<CompanyId>,
    /// Its name.
    #[schemars(example = &"SYNTHETIC Karpaty Express")]
    pub name: String,
    /// Its unique name in URLs.
    #[schemars(example = &"demo-karpaty")]
    pub slug: String,
    /// What it pays for.
    pub tier: Word<Tier>,
}

/// A session of a person.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Session {
    /// Opaque id.
    pub id: Id<SessionId>,
    /// What kind of place it is for.
    pub context_type: Word<ContextType>,
    /// The company that it is for; null with a partner.
    #[schemars(example = &"cmp_01980c6a5f0e7d8c9b3a2f1e0d4c5b6a")]
    pub company_id: Option<Id<CompanyId>>,
    /// Whose it is.
    pub user_id: Id<UserId>,
    /// When it ends unless it is refreshed.
    pub expires_at: Instant,
    /// When it was last used, to the minute.
    pub last_used_at: Instant,
    /// When it was ended; null while it goes on.
    #[schemars(example = serde_json::Value::Null)]
    pub revoked_at: Option<Instant>,
}

impl Session {
    fn new(session: &db::session::Session, workplace: access::Workplace) -> Self {
        Self {
            id: Id(session.id),
            context_type: Word(workplace.context()),
            company_id: workplace.company_id().map(Id),
            user_id: Id(session.user_id),
            expires_at: Instant(session.expires_at),
            last_used_at: Instant(session.last_used_at),
            revoked_at: session.revoked_at.map(Instant),
        }
    }
}
