//! Bus companies, their carriers and buses, as partners see them.

use std::fmt;
use std::str::FromStr;

use chrono::TimeDelta;
use serde::{Deserialize, Serialize};

use super::language::{UnknownWord, words};
use crate::id::{BusId, CarrierId, CompanyId, PermissionId};

/// A bus company, which sells seats.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Company {
    /// Its id.
    pub id: CompanyId,
    /// Its unique name in URLs.
    pub slug: String,
    /// Its name.
    pub name: String,
    /// E-mail address for passengers.
    pub email: Option<String>,
    /// Web site.
    pub website: Option<String>,
    /// Conditions of carriage.
    pub rules: Option<String>,
    /// URL of its logo.
    pub logo_url: Option<String>,
    /// Name of its director.
    pub ceo: Option<String>,
    /// Links.
    pub socials: Vec<String>,
    /// The company that sells on its behalf, if another one does.
    pub partner_company: Option<PartnerCompany>,
    /// How long before boarding sales close.
    pub sales_cutoff: TimeDelta,
}

/// A company that sells on behalf of another one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PartnerCompany {
    /// Its id.
    pub id: CompanyId,
    /// Its unique name in URLs.
    pub slug: String,
    /// Its name.
    pub name: String,
}

/// A carrier: the part of a company that operates a route (`carriage` on the wire).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Carrier {
    /// Its id.
    pub id: CarrierId,
    /// Its name.
    pub name: String,
    /// Phones for passengers.
    pub phones: Vec<String>,
}

/// A bus.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bus {
    /// Its id.
    pub id: BusId,
    /// How many seats it sells, numbered from 1.
    pub seats: u16,
    /// Number plate.
    pub registration_number: Option<String>,
    /// Manufacturer.
    pub brand: Option<String>,
    /// Model.
    pub model: Option<String>,
}

words! {
    /// What a company can grant a partner.
    PartnerAccess, "SEARCH BOOK CANCEL" {
        /// See its departures.
        Search = "SEARCH",
        /// Sell them.
        Book = "BOOK",
        /// Cancel what was sold.
        Cancel = "CANCEL",
    }
}

/// A partner's permissions with a company.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Permission {
    /// Id of the grant.
    pub id: PermissionId,
    /// The allowed actions.
    pub accesses: Vec<PartnerAccess>,
}

impl Permission {
    /// The default, until a company sets permissions: everything is allowed. The id is the company's.
    #[must_use]
    pub fn everything(company_id: CompanyId) -> Self {
        Self {
            id: PermissionId(company_id.0),
            accesses: PartnerAccess::ALL.to_vec(),
        }
    }

    /// Whether it allows something.
    #[must_use]
    pub fn allows(&self, access: PartnerAccess) -> bool {
        self.accesses.contains(&access)
    }
}
