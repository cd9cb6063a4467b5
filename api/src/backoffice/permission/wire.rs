//! Response bodies of the operations on permissions.

use app::permission::Granted;
use domain::company::PartnerAccess;
use schemars::JsonSchema;
use serde::Serialize;

use crate::backoffice::order::wire::Partner;
use crate::wire::value::{Instant, Word};

/// A page of permissions.
#[derive(Debug, Serialize, JsonSchema)]
pub struct PermissionList {
    /// Sorted by the slug of the partner.
    #[schemars(length(max = 100))]
    pub permissions: Vec<PartnerPermission>,
    /// Total number of partners, regardless of `take` and `skip`.
    #[schemars(example = 12)]
    pub total: usize,
}

/// The permissions of a single partner.
#[derive(Debug, Serialize, JsonSchema)]
pub struct OnePermission {
    /// The permissions in effect now.
    pub permission: PartnerPermission,
}

/// What a company allows a partner to do.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct PartnerPermission {
    /// The partner.
    pub partner: Partner,
    /// What the partner is allowed to do.
    #[schemars(length(max = 10))]
    pub accesses: Vec<Word<PartnerAccess>>,
    /// When the company last changed the permissions; null if it never did, in which case everything is allowed.
    #[schemars(example = &"2026-06-01T12:00:00.000Z")]
    pub updated_at: Option<Instant>,
}

impl PartnerPermission {
    /// The permissions of a partner.
    #[must_use]
    pub fn new(granted: Granted) -> Self {
        Self {
            partner: Partner::new(&granted.partner),
            accesses: granted.permission.accesses.into_iter().map(Word).collect(),
            updated_at: granted.updated_at.map(Instant),
        }
    }
}
