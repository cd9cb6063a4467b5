//! Response bodies of the operations on partners and companies.

use app::ops::party::CompanyRow;
use app::ops::party::PartnerRow;
use domain::id::{CompanyId, PartnerId};
use domain::party::Tier;
use domain::rate_limit::{Class, Limits, PartnerTier};
use schemars::JsonSchema;
use serde::Serialize;

use crate::wire::value::{Id, Instant, Word};

/// A page of partners.
#[derive(Debug, Serialize, JsonSchema)]
pub struct PartnerList {
    /// Sorted by slug.
    #[schemars(length(max = 100))]
    pub partners: Vec<Partner>,
    /// Value of `after` for the next page; null on the last page.
    #[schemars(example = &"bus-tickets")]
    pub next: Option<String>,
}

/// A partner with its rate limits.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(rename = "OpsPartner")]
pub struct Partner {
    /// Opaque id.
    pub id: Id<PartnerId>,
    /// Unique name of the partner.
    #[schemars(example = &"bus-tickets")]
    pub slug: String,
    /// Name of the partner.
    #[schemars(example = &"Bus Tickets")]
    pub name: String,
    /// Tier of the partner.
    pub tier: Word<PartnerTier>,
    /// When the partner was created.
    pub created_at: Instant,
    /// Rate limits of all keys of the partner together, one item per class.
    #[schemars(length(max = 10))]
    pub limits: Vec<PartnerLimit>,
}

/// A rate limit of a partner.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct PartnerLimit {
    /// Class of operations.
    pub class: Word<Class>,
    /// Number of requests within the window.
    #[schemars(example = 100)]
    pub quota: u32,
    /// Length of the window in seconds.
    #[schemars(example = 60)]
    pub window_seconds: u32,
    /// Whether the limit was agreed with the partner; false if it follows from the tier.
    #[schemars(example = false)]
    pub is_own: bool,
}

impl Partner {
    pub(super) fn new((partner, limits): (PartnerRow, Limits)) -> Self {
        let own = &partner.agreed.own;
        let limit = |class: Class| PartnerLimit {
            class: Word(class),
            quota: limits.of(class).quota(),
            window_seconds: limits.of(class).window(),
            is_own: own.iter().any(|(known, _)| *known == class),
        };
        Self {
            limits: Class::ALL.iter().copied().map(limit).collect(),
            id: Id(partner.id),
            slug: partner.slug,
            name: partner.name,
            tier: Word(partner.agreed.tier),
            created_at: Instant(partner.created_at),
        }
    }
}

/// A page of companies.
#[derive(Debug, Serialize, JsonSchema)]
pub struct CompanyList {
    /// Sorted by slug.
    #[schemars(length(max = 100))]
    pub companies: Vec<Company>,
    /// Value of `after` for the next page; null on the last page.
    #[schemars(example = &"demo-karpaty")]
    pub next: Option<String>,
}

/// A bus company with its sales limits.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(rename = "OpsCompany")]
pub struct Company {
    /// Opaque id.
    pub id: Id<CompanyId>,
    /// Unique name of the company in URLs.
    #[schemars(example = &"demo-karpaty")]
    pub slug: String,
    /// Name of the company.
    #[schemars(example = &"SYNTHETIC Karpaty Express")]
    pub name: String,
    /// Subscription tier of the company.
    pub tier: Word<Tier>,
    /// Time zone of the company (IANA).
    #[schemars(example = &"Europe/Kyiv")]
    pub time_zone: String,
    /// Minutes before boarding at which departures close for sale.
    #[schemars(example = 30)]
    pub sales_cutoff_minutes: i32,
    /// Hours before boarding until which paid tickets can be canceled; null if they can be canceled at any time.
    #[schemars(example = 24)]
    pub cancellation_cutoff_hours: Option<i32>,
    /// When the company was created.
    pub created_at: Instant,
}

impl From<CompanyRow> for Company {
    fn from(row: CompanyRow) -> Self {
        Self {
            id: Id(row.id),
            slug: row.slug,
            name: row.name,
            tier: Word(row.tier),
            time_zone: row.time_zone,
            sales_cutoff_minutes: row.sales_cutoff_minutes,
            cancellation_cutoff_hours: row.cancellation_cutoff_hours,
            created_at: Instant(row.created_at),
        }
    }
}
