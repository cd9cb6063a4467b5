//! The route that a slice is on, with the company that sells it (contract section 4).

use domain::company::{self, PartnerAccess};
use domain::id::{CompanyId, PermissionId, RouteId};
use domain::journey;
use schemars::JsonSchema;
use serde::Serialize;

use crate::wire::value::Id;

/// A route.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Route {
    /// Opaque id.
    pub id: Id<RouteId>,
    /// Name of the route.
    #[schemars(example = &"Київ - Львів")]
    pub name: String,
    /// Name of the route in URLs.
    #[schemars(example = &"kyiv-lviv")]
    pub slug: String,
    /// Description of the route by the company.
    #[schemars(example = &"Overnight, with a stop in Zhytomyr")]
    pub description: Option<String>,
    /// Company that sells the route.
    pub company: RouteCompany,
    /// What the company allows the partner to do.
    #[schemars(length(max = 1))]
    pub permissions: Vec<Permission>,
    /// Amenities on board.
    #[schemars(length(max = 50))]
    pub services: Vec<Service>,
}

impl Route {
    /// A route, and what its company allows the partner to do.
    #[must_use]
    pub fn new(route: &journey::Route, permission: &company::Permission) -> Self {
        let company = &route.company;
        Self {
            id: Id(route.id),
            name: route.name.clone(),
            slug: route.slug.clone(),
            description: route.description.clone(),
            company: RouteCompany {
                id: Id(company.id),
                name: company.name.clone(),
                slug: company.slug.clone(),
                email: company.email.clone(),
                website: company.website.clone(),
                rules: company.rules.clone(),
                logo_url: company.logo_url.clone(),
                ceo: company.ceo.clone(),
                socials: company.socials.clone(),
                partner_company: company.partner_company.as_ref().map(PartnerCompany::new),
            },
            permissions: vec![Permission {
                id: Id(permission.id),
                role: "Agent",
                accesses: permission.accesses.iter().copied().map(SliceAccess::from).collect(),
                kind: "Partner",
            }],
            services: Vec::new(),
        }
    }
}

/// The company that sells a route.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct RouteCompany {
    /// Opaque id.
    pub id: Id<CompanyId>,
    /// Name of the company.
    #[schemars(example = &"Карпати Експрес")]
    pub name: String,
    /// Unique name of the company in URLs.
    #[schemars(example = &"karpaty")]
    pub slug: String,
    /// Contact e-mail address.
    #[schemars(example = &"office@karpaty.example")]
    pub email: Option<String>,
    /// Website of the company.
    #[schemars(example = &"https://karpaty.example")]
    pub website: Option<String>,
    /// Conditions of carriage.
    #[schemars(example = &"One suitcase per passenger")]
    pub rules: Option<String>,
    /// URL of the logo.
    #[schemars(example = &"https://karpaty.example/logo.png")]
    pub logo_url: Option<String>,
    /// Name of the chief executive.
    #[schemars(example = &"Ірина Шевченко")]
    pub ceo: Option<String>,
    /// Social media pages of the company.
    #[schemars(example = ["https://social.example/karpaty"])]
    #[schemars(length(max = 20))]
    pub socials: Vec<String>,
    /// Company that sells on behalf of this company; null if this company sells directly.
    pub partner_company: Option<PartnerCompany>,
}

/// A company that sells on behalf of another one.
#[derive(Debug, Serialize, JsonSchema)]
pub struct PartnerCompany {
    /// Opaque id.
    pub id: Id<CompanyId>,
    /// Name of the company.
    #[schemars(example = &"Карпати Тур")]
    pub name: String,
    /// Unique name of the company in URLs.
    #[schemars(example = &"karpaty-tour")]
    pub slug: String,
}

impl PartnerCompany {
    fn new(company: &company::PartnerCompany) -> Self {
        Self {
            id: Id(company.id),
            name: company.name.clone(),
            slug: company.slug.clone(),
        }
    }
}

/// What a company allows a partner to do.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Permission {
    /// Opaque id.
    pub id: Id<PermissionId>,
    /// Role in which the partner acts: always `Agent`.
    #[schemars(example = &"Agent")]
    pub role: &'static str,
    /// Allowed actions.
    #[schemars(length(max = 10))]
    pub accesses: Vec<SliceAccess>,
    /// Kind of account that the permission is for: always `Partner`.
    #[serde(rename = "type")]
    #[schemars(example = &"Partner")]
    pub kind: &'static str,
}

/// An action that a company can allow a partner to perform.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum SliceAccess {
    /// See the departures of the company.
    Search,
    /// Sell them.
    Book,
    /// Cancel sold tickets.
    Cancel,
}

impl From<PartnerAccess> for SliceAccess {
    fn from(access: PartnerAccess) -> Self {
        match access {
            PartnerAccess::Search => Self::Search,
            PartnerAccess::Book => Self::Book,
            PartnerAccess::Cancel => Self::Cancel,
        }
    }
}

/// An amenity on board.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Service {
    /// Opaque id.
    #[schemars(example = &"srv_01980c6a5f0e7d8c9b3a2f1e0d4c5b6a")]
    pub id: String,
    /// Name of the amenity.
    #[schemars(example = &"Wi-Fi")]
    pub name: String,
}
