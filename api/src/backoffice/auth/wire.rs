//! Response bodies of the operations on sessions.

use app::session;
use domain::access;
use domain::id::{CompanyId, PartnerId, SessionId, UserId};
use domain::party::{ContextType, Tier};
use domain::role::Role;
use schemars::JsonSchema;
use serde::Serialize;

use crate::wire::value::{Id, Instant, Word};

/// A user and the workplaces the user can sign in to.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct PreLogin {
    /// The user.
    pub user: User,
    /// Workplaces the user can sign in to. Companies come before partners; both are sorted by name.
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

/// A sign-in with Google that has begun.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct GoogleRedirect {
    /// Google page to open in the same browser.
    #[schemars(url, length(max = 4000), example = &"https://accounts.google.com/o/oauth2/v2/auth?response_type=code")]
    pub url: String,
}

/// A user who has returned from Google, and the workplaces the user can sign in to.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct GoogleReturn {
    /// ID token (JWT), for `googleLogin`.
    #[schemars(length(max = 8192), example = &"eyJhbGciOiJSUzI1NiIsImtpZCI6Ij...")]
    pub id_token: String,
    /// Page of the console to open after signing in: its path below `/console`, with its query.
    #[schemars(length(max = 1000), example = &"/orders?status=Confirmed")]
    pub return_to: String,
    /// The user.
    pub user: User,
    /// Workplaces the user can sign in to. Companies come before partners; both are sorted by name.
    #[schemars(length(max = 1000))]
    pub available_accesses: Vec<Access>,
}

/// The signed-in user, the session, and the workplaces of the user.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Auth {
    /// The user.
    pub user: User,
    /// The current workplace.
    pub access: Access,
    /// The current session.
    pub session: Session,
    /// Workplaces the user can sign in to. Companies come before partners; both are sorted by name.
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

/// A user.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct User {
    /// Opaque id.
    pub id: Id<UserId>,
    /// E-mail address, in lower case.
    #[schemars(example = &"admin@prexsell.example")]
    pub email: String,
    /// Given name.
    #[schemars(example = &"Олена")]
    pub first_name: String,
    /// Family name.
    #[schemars(example = &"Коваль")]
    pub last_name: String,
}

impl From<session::Profile> for User {
    fn from(user: session::Profile) -> Self {
        Self {
            id: Id(user.id),
            email: user.email,
            first_name: user.first_name,
            last_name: user.last_name,
        }
    }
}

/// Which workplace it is.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Workplace {
    /// Kind of workplace.
    pub context_type: Word<ContextType>,
    /// Id of the company; null if the workplace is a partner.
    #[schemars(example = &"cmp_01980c6a5f0e7d8c9b3a2f1e0d4c5b6a")]
    pub company_id: Option<Id<CompanyId>>,
    /// Id of the partner; null if the workplace is a company.
    #[schemars(example = serde_json::Value::Null)]
    pub partner_id: Option<Id<PartnerId>>,
}

impl From<access::Workplace> for Workplace {
    fn from(workplace: access::Workplace) -> Self {
        Self {
            context_type: Word(workplace.context()),
            company_id: workplace.company_id().map(Id),
            partner_id: workplace.partner_id().map(Id),
        }
    }
}

/// A workplace and the role of the user there.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Access {
    /// The workplace.
    #[serde(flatten)]
    pub workplace: Workplace,
    /// Name of the company or the partner.
    #[schemars(example = &"SYNTHETIC Karpaty Express")]
    pub name: String,
    /// Role of the user in the workplace.
    pub role: Word<Role>,
    /// The company; null if the workplace is a partner.
    pub company: Option<Employer>,
}

impl From<access::Access> for Access {
    fn from(access: access::Access) -> Self {
        let company = access.workplace.company_id().zip(access.employer);
        Self {
            workplace: access.workplace.into(),
            name: access.name.clone(),
            role: Word(access.role),
            company: company.map(|(id, employer)| Employer {
                id: Id(id),
                name: access.name,
                slug: employer.slug,
                tier: Word(employer.tier),
                time_zone: employer.time_zone,
            }),
        }
    }
}

/// A company as a workplace.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Employer {
    /// Opaque id.
    pub id: Id<CompanyId>,
    /// Name of the company.
    #[schemars(example = &"SYNTHETIC Karpaty Express")]
    pub name: String,
    /// Unique name of the company in URLs.
    #[schemars(example = &"demo-karpaty")]
    pub slug: String,
    /// Subscription tier of the company.
    pub tier: Word<Tier>,
    /// IANA name of the time zone that the company's days refer to.
    #[schemars(example = &"Europe/Kyiv")]
    pub time_zone: String,
}

/// A session of a user.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Session {
    /// Opaque id.
    pub id: Id<SessionId>,
    /// Kind of workplace of the session.
    pub context_type: Word<ContextType>,
    /// Id of the company of the session; null if the workplace is a partner.
    #[schemars(example = &"cmp_01980c6a5f0e7d8c9b3a2f1e0d4c5b6a")]
    pub company_id: Option<Id<CompanyId>>,
    /// Id of the user.
    pub user_id: Id<UserId>,
    /// When the session expires unless it is refreshed.
    pub expires_at: Instant,
    /// When the session was last used, accurate to the minute.
    pub last_used_at: Instant,
    /// When the session was revoked; null if it was not revoked.
    #[schemars(example = serde_json::Value::Null)]
    pub revoked_at: Option<Instant>,
}

impl Session {
    fn new(session: &session::Session, workplace: access::Workplace) -> Self {
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

/// A page of the user's sessions.
#[derive(Debug, Serialize, JsonSchema)]
pub struct OwnSessionList {
    /// Most recently used first.
    #[schemars(length(max = 100))]
    pub sessions: Vec<OwnSession>,
    /// Total number of sessions, regardless of `take` and `skip`.
    #[schemars(example = 2)]
    pub total: usize,
}

/// A session of the user that has not ended.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct OwnSession {
    /// Opaque id.
    pub id: Id<SessionId>,
    /// Whether it is the session of this request.
    #[schemars(example = true)]
    pub current: bool,
    /// Its workplace.
    #[serde(flatten)]
    pub workplace: Workplace,
    /// Name of the company or the partner.
    #[schemars(example = &"SYNTHETIC Karpaty Express")]
    pub name: String,
    /// Browser and operating system at sign-in; null if they are not known.
    #[schemars(example = &"Firefox, Windows")]
    pub browser: Option<String>,
    /// When the user signed in.
    #[schemars(example = &"2026-06-01T12:00:00.000Z")]
    pub created_at: Instant,
    /// When the session was last used, accurate to the minute.
    #[schemars(example = &"2026-06-09T08:15:00.000Z")]
    pub last_used_at: Instant,
    /// When the session expires unless it is refreshed.
    pub expires_at: Instant,
}

impl OwnSession {
    /// A session, seen from the session `current`.
    #[must_use]
    pub fn new(session: session::Listed, current: SessionId) -> Self {
        Self {
            id: Id(session.id),
            current: session.id == current,
            workplace: session.workplace.into(),
            name: session.name,
            browser: session.browser,
            created_at: Instant(session.created_at),
            last_used_at: Instant(session.last_used_at),
            expires_at: Instant(session.expires_at),
        }
    }
}
