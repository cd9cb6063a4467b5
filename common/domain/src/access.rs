//! Accesses of a person: where they may work, and which of them a session is for (contract section 6).

use super::party::{ContextType, Tier};
use super::role::Role;
use crate::id::{AccessId, CompanyId, PartnerId};

/// How the platform is named where a company or a partner is named by its id.
pub const PLATFORM: &str = "platform";

/// The company or partner for which a user works, with its id, or the platform.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Workplace {
    /// In a bus company.
    Company(CompanyId),
    /// With a reseller.
    Partner(PartnerId),
    /// With those who operate the platform.
    Platform,
}

impl Workplace {
    /// The kind of place.
    #[must_use]
    pub const fn context(self) -> ContextType {
        match self {
            Self::Company(_) => ContextType::Company,
            Self::Partner(_) => ContextType::Partner,
            Self::Platform => ContextType::Platform,
        }
    }

    /// The company; `None` elsewhere.
    #[must_use]
    pub const fn company_id(self) -> Option<CompanyId> {
        match self {
            Self::Company(id) => Some(id),
            Self::Partner(_) | Self::Platform => None,
        }
    }

    /// The partner; `None` elsewhere.
    #[must_use]
    pub const fn partner_id(self) -> Option<PartnerId> {
        match self {
            Self::Company(_) | Self::Platform => None,
            Self::Partner(id) => Some(id),
        }
    }

    /// The id of the company or partner, or [`PLATFORM`]: what [`read`](Self::read) reads.
    #[must_use]
    pub fn word(self) -> String {
        match self {
            Self::Company(id) => id.to_string(),
            Self::Partner(id) => id.to_string(),
            Self::Platform => PLATFORM.to_owned(),
        }
    }

    /// The place that an id or [`PLATFORM`] names; `None` when the text is neither that nor the id of a company or a
    /// partner.
    #[must_use]
    pub fn read(id: &str) -> Option<Self> {
        if id == PLATFORM {
            return Some(Self::Platform);
        }
        let company = id.parse().map(Self::Company).ok();
        company.or_else(|| id.parse().map(Self::Partner).ok())
    }
}

/// What people see of a company that they work in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Employer {
    /// Its unique name in URLs.
    pub slug: String,
    /// Its tier.
    pub tier: Tier,
    /// IANA name of its time zone.
    pub time_zone: String,
}

/// One place where a person may work.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Access {
    /// Its id.
    pub id: AccessId,
    /// The workplace.
    pub workplace: Workplace,
    /// Name of the place.
    pub name: String,
    /// Further data of a company; `None` elsewhere.
    pub employer: Option<Employer>,
    /// The role of the user there.
    pub role: Role,
}

/// Why the access for a session cannot be chosen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Undecided {
    /// The person works nowhere.
    Nowhere,
    /// The person works in several places and did not say in which.
    Several,
    /// The person does not work in the place that was asked for.
    Elsewhere,
}

/// The access that a session is for: the one of the place that was asked for, else the only one there is.
///
/// # Errors
/// [`Undecided`].
pub fn choose(accesses: &[Access], wanted: Option<Workplace>) -> Result<&Access, Undecided> {
    match (wanted, accesses) {
        (Some(wanted), _) => accesses
            .iter()
            .find(|access| access.workplace == wanted)
            .ok_or(Undecided::Elsewhere),
        (None, [only]) => Ok(only),
        (None, []) => Err(Undecided::Nowhere),
        (None, _) => Err(Undecided::Several),
    }
}

#[cfg(test)]
mod tests {
    use super::{Access, Undecided, Workplace, choose};
    use crate::id::{AccessId, CompanyId, PartnerId, UserId};
    use crate::role::Role;

    fn access(workplace: Workplace) -> Access {
        Access {
            id: AccessId::new(),
            workplace,
            name: String::new(),
            employer: None,
            role: Role::Admin,
        }
    }

    #[test]
    fn the_only_access_is_taken_and_of_several_one_must_be_named() {
        let (company, partner) = (
            Workplace::Company(CompanyId::new()),
            Workplace::Partner(PartnerId::new()),
        );
        let both = [access(company), access(partner)];
        assert_eq!(choose(&both[..1], None), Ok(&both[0]));
        assert_eq!(choose(&both, Some(partner)), Ok(&both[1]));
        assert_eq!(choose(&both, None), Err(Undecided::Several));
        assert_eq!(choose(&[], None), Err(Undecided::Nowhere));
        assert_eq!(choose(&both[..1], Some(partner)), Err(Undecided::Elsewhere));
        assert_eq!(choose(&[], Some(partner)), Err(Undecided::Elsewhere));
    }

    #[test]
    fn a_place_is_named_by_the_id_of_a_company_or_a_partner() {
        let (company, partner) = (CompanyId::new(), PartnerId::new());
        assert_eq!(Workplace::read(&company.to_string()), Some(Workplace::Company(company)));
        assert_eq!(Workplace::read(&partner.to_string()), Some(Workplace::Partner(partner)));
        assert_eq!(Workplace::read("platform"), Some(Workplace::Platform));
        for other in [
            "",
            "PLATFORM",
            "karpaty",
            &UserId::new().to_string(),
            &format!("{company} "),
        ] {
            assert_eq!(Workplace::read(other), None, "{other}");
        }
    }
}
