//! The route that a slice is on, with the company that sells it (contract section 4).

use common::domain::company::{self, PartnerAccess};
use common::domain::journey;
use common::id::{CompanyId, PermissionId, RouteId};
use schemars::JsonSchema;
use serde::Serialize;

use crate::wire::value::{Id, Word};

/// A route.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Route {
    /// Opaque id.
    pub id: Id<RouteId>,
    /// Its name.
    #[schemars(example = &"Київ - Львів")]
    pub name: String,
    /// Its name in URLs.
    #[schemars(example = &"kyiv-lviv")]
    pub slug: String,
    /// What the company says of it.
    #[schemars(example = &"Overnight, with a stop in Zhytomyr")]
    pub description: Option<String>,
    /// Who sells it.
    pub company: RouteCompany,
    /// What the company lets the partner do.
    #[schemars(length(max = 1))]
    pub permissions: Vec<Permission>,
    /// Comforts on board.
    #[schemars(length(max = 50))]
    pub services: Vec<Service>,
}

impl Route {
    /// A route, and what its company lets the partner do.
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
                partner_company: company.partner_company,
            },
            permissions: vec![Permission {
                id: Id(permission.id),
                role: "PARTNER".to_owned(),
                accesses: permission.accesses.iter().copied().map(Word).collect(),
                kind: "ROUTE".to_owned(),
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
    /// Its name.
    #[schemars(example = &"Карпати Експрес")]
    pub name: String,
    /// Its name in URLs.
    #[schemars(example = &"karpaty")]
    pub slug: String,
    /// Where to write to.
    #[schemars(example = &"office@karpaty.example")]
    pub email: Option<String>,
    /// Its pages.
    #[schemars(example = &"https://karpaty.example")]
    pub website: Option<String>,
    /// Rules of carriage.
    #[schemars(example = &"One suitcase per passenger")]
    pub rules: Option<String>,
    /// Its logo.
    #[schemars(example = &"https://karpaty.example/logo.png")]
    pub logo_url: Option<String>,
    /// Who leads it.
    #[schemars(example = &"Ірина Шевченко")]
    pub ceo: Option<String>,
    /// Its pages on social networks.
    #[schemars(example = ["https://social.example/karpaty"])]
    #[schemars(length(max = 20))]
    pub socials: Vec<String>,
    /// Whether it is a company of a partner.
    #[schemars(example = false)]
    pub partner_company: bool,
}

/// What a company lets a partner do.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Permission {
    /// Opaque id.
    pub id: Id<PermissionId>,
    /// Who it is for.
    #[schemars(example = &"PARTNER")]
    pub role: String,
    /// What is allowed.
    #[schemars(length(max = 10))]
    pub accesses: Vec<Word<PartnerAccess>>,
    /// What it is about.
    #[serde(rename = "type")]
    #[schemars(example = &"ROUTE")]
    pub kind: String,
}

/// A comfort on board.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Service {
    /// Opaque id.
    #[schemars(example = &"srv_01980c6a5f0e7d8c9b3a2f1e0d4c5b6a")]
    pub id: String,
    /// What it is.
    #[schemars(example = &"Wi-Fi")]
    pub name: String,
}
