//! Closed word lists around companies, partners and their people (contract section 2), and the shape of a workplace.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::language::{UnknownWord, words};

words! {
    /// In what a person works.
    ContextType, "COMPANY PARTNER PLATFORM" {
        /// A bus company.
        Company = "COMPANY",
        /// A reseller.
        Partner = "PARTNER",
        /// The platform itself: those who operate it.
        Platform = "PLATFORM",
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

/// A workplace as operators write it: `company:demo-karpaty`, or `platform`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WorkplaceName {
    /// Company, partner or the platform.
    pub context: ContextType,
    /// Its slug; empty for the platform, of which there is one.
    pub slug: String,
}

impl WorkplaceName {
    /// The platform itself.
    #[must_use]
    pub const fn platform() -> Self {
        Self {
            context: ContextType::Platform,
            slug: String::new(),
        }
    }
}

impl fmt::Display for WorkplaceName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.context.word().to_ascii_lowercase())?;
        match self.context {
            ContextType::Platform => Ok(()),
            ContextType::Company | ContextType::Partner => write!(f, ":{}", self.slug),
        }
    }
}

/// A text that is not a workplace.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a workplace must be company:SLUG, partner:SLUG or platform")]
pub struct ParseWorkplaceError;

impl FromStr for WorkplaceName {
    type Err = ParseWorkplaceError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if text.eq_ignore_ascii_case(ContextType::Platform.word()) {
            return Ok(Self::platform());
        }
        let (context, slug) = text.split_once(':').ok_or(ParseWorkplaceError)?;
        let context = context.to_ascii_uppercase().parse().map_err(|_| ParseWorkplaceError)?;
        if context == ContextType::Platform || slug.is_empty() || slug.contains(':') {
            return Err(ParseWorkplaceError);
        }
        let slug = slug.to_owned();
        Ok(Self { context, slug })
    }
}

#[cfg(test)]
mod tests {
    use super::WorkplaceName;

    #[test]
    fn a_workplace_names_context_and_slug() {
        assert_eq!("platform".parse::<WorkplaceName>().unwrap().to_string(), "platform");
        for wrong in [
            "",
            "company",
            "company:",
            "user:x",
            "company:x:ADMIN",
            "platform:",
            "platform:x",
        ] {
            assert!(wrong.parse::<WorkplaceName>().is_err(), "{wrong}");
        }
    }
}
