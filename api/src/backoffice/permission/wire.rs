//! What operations on permissions answer with.

use common::db::permission::Granted;
use common::domain::company::PartnerAccess;
use schemars::JsonSchema;
use serde::Serialize;

use crate::backoffice::order::wire::Partner;
use crate::wire::value::{Instant, Word};

/// A page of permissions.
#[derive(Debug, Serialize, JsonSchema)]
pub struct PermissionList {
    /// By slug of the partner.
    #[schemars(length(max = 100))]
    pub permissions: Vec<PartnerPermission>,
    /// How many partners there are without `take` and `skip`.
    #[schemars(example = 12)]
    pub total: usize,
}

/// One permission.
#[derive(Debug, Serialize, JsonSchema)]
pub struct OnePermission {
    /// What holds now.
    pub permission: PartnerPermission,
}

/// What a company lets a partner do.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct PartnerPermission {
    /// The partner.
    pub partner: Partner,
    /// What it may do.
    #[schemars(length(max = 10))]
    pub accesses: Vec<Word<PartnerAccess>>,
    /// When the company last changed it; null when it never did, and everything is allowed.
    #[schemars(example = &"2026-06-01T12:00:00.000Z")]
    pub updated_at: Option<Instant>,
}

impl PartnerPermission {
    /// What holds for a partner.
    #[must_use]
    pub fn new(granted: Granted) -> Self {
        Self {
            partner: Partner::new(&granted.partner),
            accesses: granted.permission.accesses.into_iter().map(Word).collect(),
            updated_at: granted.updated_at.map(Instant),
        }
    }
}
