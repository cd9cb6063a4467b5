//! Bus companies, their fleets and buses, as partners see them.

use chrono::TimeDelta;

use crate::id::{BusId, CarrierId, CompanyId};

/// A bus company: who sells.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Company {
    /// Its id.
    pub id: CompanyId,
    /// Its unique name in URLs.
    pub slug: String,
    /// Its name.
    pub name: String,
    /// Address for passengers.
    pub email: Option<String>,
    /// Web site.
    pub website: Option<String>,
    /// Conditions of carriage.
    pub rules: Option<String>,
    /// Where its logo is.
    pub logo_url: Option<String>,
    /// Who leads it.
    pub ceo: Option<String>,
    /// Links.
    pub socials: Vec<String>,
    /// Whether it resells too.
    pub partner_company: bool,
    /// How long before boarding sales close.
    pub sales_cutoff: TimeDelta,
}

/// A fleet inside a company: who drives (carriage in the contract).
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
    /// Maker.
    pub brand: Option<String>,
    /// Model.
    pub model: Option<String>,
}
