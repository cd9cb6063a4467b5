//! Closed word lists around companies, partners and their people (contract section 2), and the shape of an access.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::language::{UnknownWord, words};

words! {
    /// What a person may do in a company or partner.
    Role, "ADMIN MANAGER DISPATCHER ACCOUNTANT" {
        /// Everything.
        Admin = "ADMIN",
        /// Sales and timetable.
        Manager = "MANAGER",
        /// Departures of the day.
        Dispatcher = "DISPATCHER",
        /// Reports.
        Accountant = "ACCOUNTANT",
    }
}

words! {
    /// In what a person works.
    ContextType, "COMPANY PARTNER" {
        /// A bus company.
        Company = "COMPANY",
        /// A reseller.
        Partner = "PARTNER",
    }
}

words! {
    /// What a company pays for.
    Tier, "FREE BASIC PRO" {
        /// Nothing.
        Free = "FREE",
        /// The usual.
        Basic = "BASIC",
        /// Everything.
        Pro = "PRO",
    }
}

/// An access as operators write it: `company:demo-karpaty:ADMIN`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccessGrant {
    /// Company or partner.
    pub context: ContextType,
    /// Its slug.
    pub slug: String,
    /// What the person may do there.
    pub role: Role,
}

/// A text that is not an access.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error(
    "an access is written as company:SLUG:ROLE or partner:SLUG:ROLE, ROLE one of ADMIN MANAGER DISPATCHER ACCOUNTANT"
)]
pub struct ParseAccessError;

impl FromStr for AccessGrant {
    type Err = ParseAccessError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let parse = || {
            let (context, rest) = text.split_once(':')?;
            let (slug, role) = rest.split_once(':').filter(|(slug, _)| !slug.is_empty())?;
            Some(Self {
                context: context.to_ascii_uppercase().parse().ok()?,
                slug: slug.to_owned(),
                role: role.parse().ok()?,
            })
        };
        parse().ok_or(ParseAccessError)
    }
}

#[cfg(test)]
mod tests {
    use super::{AccessGrant, ContextType, ParseAccessError, Role};

    #[test]
    fn an_access_names_context_slug_and_role() {
        let access: AccessGrant = "company:demo-karpaty:ADMIN".parse().unwrap();
        assert_eq!(
            (access.context, access.slug.as_str(), access.role),
            (ContextType::Company, "demo-karpaty", Role::Admin)
        );
        for wrong in ["", "company:x", "company::ADMIN", "company:x:OWNER", "user:x:ADMIN"] {
            assert_eq!(wrong.parse::<AccessGrant>(), Err(ParseAccessError), "{wrong}");
        }
    }
}
