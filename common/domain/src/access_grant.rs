//! An access as operators write it on the command line.

use std::str::FromStr;

use super::party::WorkplaceName;
use super::role::Role;

/// An access as operators write it: `company:demo-karpaty:ADMIN`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccessGrant {
    /// The workplace.
    pub place: WorkplaceName,
    /// The role of the user there.
    pub role: Role,
}

impl AccessGrant {
    /// Operation of the platform itself.
    #[must_use]
    pub const fn operator() -> Self {
        Self {
            place: WorkplaceName::platform(),
            role: Role::Operator,
        }
    }
}

/// A text that is not an access.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error(
    "an access must be company:SLUG:ROLE or partner:SLUG:ROLE, with ROLE one of ADMIN MANAGER DISPATCHER ACCOUNTANT, \
     or platform:OPERATOR"
)]
pub struct ParseAccessError;

impl FromStr for AccessGrant {
    type Err = ParseAccessError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (place, role) = text.rsplit_once(':').ok_or(ParseAccessError)?;
        let place: WorkplaceName = place.parse().map_err(|_| ParseAccessError)?;
        let role = role.parse().map_err(|_| ParseAccessError)?;
        if place.context.has(role) {
            Ok(Self { place, role })
        } else {
            Err(ParseAccessError)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{AccessGrant, ParseAccessError, Role, WorkplaceName};
    use crate::party::ContextType;

    #[test]
    fn an_access_names_context_slug_and_role() {
        let access: AccessGrant = "company:demo-karpaty:ADMIN".parse().unwrap();
        assert_eq!(
            (access.place.context, access.place.slug.as_str(), access.role),
            (ContextType::Company, "demo-karpaty", Role::Admin)
        );
        assert_eq!(access.place.to_string(), "company:demo-karpaty");
        let access: AccessGrant = "platform:OPERATOR".parse().unwrap();
        assert_eq!((access.place, access.role), (WorkplaceName::platform(), Role::Operator));
        for wrong in [
            "",
            "platform",
            "platform:ADMIN",
            "platform:x:OPERATOR",
            "company:x:OPERATOR",
            "partner:x:OPERATOR",
            "company:x",
            "company::ADMIN",
            "company:x:OWNER",
            "user:x:ADMIN",
            "company:x:y:ADMIN",
        ] {
            assert_eq!(wrong.parse::<AccessGrant>(), Err(ParseAccessError), "{wrong}");
        }
    }
}
