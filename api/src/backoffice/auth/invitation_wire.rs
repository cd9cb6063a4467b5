//! Response bodies of the operations on invitations.

use app::invitation;
use domain::invitation::InvitationStatus;
use domain::party::ContextType;
use domain::role::Role;
use schemars::JsonSchema;
use serde::Serialize;

use super::wire::Workplace;
use crate::wire::value::{Instant, Word};

/// An invitation, with the workplace that it leads to.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct InvitationPreview {
    /// Whether it can be accepted.
    pub status: Word<InvitationStatus>,
    /// E-mail address of the recipient.
    #[schemars(example = &"taras@example.com")]
    pub email: String,
    /// Kind of workplace.
    pub context_type: Word<ContextType>,
    /// Name of the company or the partner.
    #[schemars(example = &"SYNTHETIC Karpaty Express")]
    pub name: String,
    /// Role that the recipient gets there.
    pub role: Word<Role>,
    /// Name of the user who invites.
    #[schemars(example = &"Олена Коваль")]
    pub invited_by: String,
    /// Expiry time.
    pub expires_at: Instant,
}

impl From<invitation::Preview> for InvitationPreview {
    fn from(preview: invitation::Preview) -> Self {
        Self {
            status: Word(preview.status),
            email: preview.email,
            context_type: Word(preview.workplace.context()),
            name: preview.name,
            role: Word(preview.role),
            invited_by: preview.inviter,
            expires_at: Instant(preview.expires_at),
        }
    }
}

/// An invitation that was accepted, with the workplace that it led to.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Accepted {
    /// E-mail address to sign in with.
    #[schemars(example = &"taras@example.com")]
    pub email: String,
    /// The workplace.
    #[serde(flatten)]
    pub workplace: Workplace,
    /// Name of the company or the partner.
    #[schemars(example = &"SYNTHETIC Karpaty Express")]
    pub name: String,
    /// Role of the user there; `ADMIN` if the user was an administrator already, even if the invitation names another
    /// role.
    pub role: Word<Role>,
}

impl From<invitation::Accepted> for Accepted {
    fn from(accepted: invitation::Accepted) -> Self {
        Self {
            email: accepted.email,
            workplace: accepted.workplace.into(),
            name: accepted.name,
            role: Word(accepted.role),
        }
    }
}
