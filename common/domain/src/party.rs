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
    /// The tier of a company.
    Tier, "FREE BASIC PRO" {
        /// Nothing.
        Free = "FREE",
        /// The usual.
        Basic = "BASIC",
        /// Everything.
        Pro = "PRO",
    }
}

/// A company or a partner as operators write it: `company:demo-karpaty`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// Company or partner.
    pub context: ContextType,
    /// Its slug.
    pub slug: String,
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.context.word().to_ascii_lowercase(), self.slug)
    }
}

/// A text that is not a place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a workplace must be company:SLUG or partner:SLUG")]
pub struct ParsePlaceError;

impl FromStr for Place {
    type Err = ParsePlaceError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (context, slug) = text.split_once(':').ok_or(ParsePlaceError)?;
        let context = context.to_ascii_uppercase().parse().map_err(|_| ParsePlaceError)?;
        if slug.is_empty() || slug.contains(':') {
            return Err(ParsePlaceError);
        }
        let slug = slug.to_owned();
        Ok(Self { context, slug })
    }
}

/// An access as operators write it: `company:demo-karpaty:ADMIN`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccessGrant {
    /// The workplace.
    pub place: Place,
    /// The role of the user there.
    pub role: Role,
}

/// A text that is not an access.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error(
    "an access must be company:SLUG:ROLE or partner:SLUG:ROLE, with ROLE one of ADMIN MANAGER DISPATCHER ACCOUNTANT"
)]
pub struct ParseAccessError;

impl FromStr for AccessGrant {
    type Err = ParseAccessError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (place, role) = text.rsplit_once(':').ok_or(ParseAccessError)?;
        Ok(Self {
            place: place.parse().map_err(|_| ParseAccessError)?,
            role: role.parse().map_err(|_| ParseAccessError)?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::{AccessGrant, ContextType, ParseAccessError, Place, Role};

    #[test]
    fn an_access_names_context_slug_and_role() {
        let access: AccessGrant = "company:demo-karpaty:ADMIN".parse().unwrap();
        assert_eq!(
            (access.place.context, access.place.slug.as_str(), access.role),
            (ContextType::Company, "demo-karpaty", Role::Admin)
        );
        assert_eq!(access.place.to_string(), "company:demo-karpaty");
        for wrong in [
            "",
            "company:x",
            "company::ADMIN",
            "company:x:OWNER",
            "user:x:ADMIN",
            "company:x:y:ADMIN",
        ] {
            assert_eq!(wrong.parse::<AccessGrant>(), Err(ParseAccessError), "{wrong}");
        }
        for wrong in ["", "company", "company:", "user:x", "company:x:ADMIN"] {
            assert!(wrong.parse::<Place>().is_err(), "{wrong}");
        }
    }
}
