//! `vehicles.csv`: buses and their seats. It is not part of GTFS, and lies inside the feed or beside it.
//!
//! Columns: `company` (slug, or `agency_id`), `bus` (the `block_id` of its trips), `seats`, and where known
//! `registration_number`, `brand`, `model`.

use std::collections::HashSet;

use serde::{Deserialize, Serialize};

use super::clause::Clause;
use super::files::Files;
use super::findings::{Findings, Refusal};
use super::remark::Remark;

const FILE: &str = "vehicles.csv";

/// A bus of a company.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Vehicle {
    /// Slug or `agency_id` of the company.
    pub company: String,
    /// The `block_id` of its trips.
    pub bus: String,
    /// 1 to 200.
    pub seats: i16,
    /// Number plate.
    pub registration_number: Option<String>,
    /// Make.
    pub brand: Option<String>,
    /// Model.
    pub model: Option<String>,
}

/// Reads `vehicles.csv`; no file, no vehicles.
///
/// # Errors
/// When the file is unreadable as a whole.
pub fn read(files: &Files, findings: &mut Findings) -> Result<Vec<Vehicle>, Refusal> {
    let Some(table) = files.table(FILE)? else {
        return Ok(Vec::new());
    };
    let (company, bus) = (table.require("company")?, table.require("bus")?);
    let seats = table.require("seats")?;
    let (plate, brand, model) = (
        table.column("registration_number"),
        table.column("brand"),
        table.column("model"),
    );
    let mut vehicles = Vec::new();
    let mut known = HashSet::new();
    table.each(findings, |row, _| {
        let (company, bus) = (row.id(company, "company")?, row.id(bus, "bus")?);
        let seats = row.get(seats);
        let vehicle = Vehicle {
            company: company.to_owned(),
            bus: bus.to_owned(),
            seats: seats
                .parse()
                .ok()
                .filter(|seats| (1..=200).contains(seats))
                .ok_or_else(|| {
                    let reason = Remark::from(Clause::SeatsInvalid { value: seats.into() });
                    reason.and(Clause::BusLeftOut { bus: bus.into() })
                })?,
            registration_number: row.owned(plate),
            brand: row.owned(brand),
            model: row.owned(model),
        };
        if !known.insert((vehicle.company.clone(), vehicle.bus.clone())) {
            let (bus, company) = (bus.into(), company.into());
            return Err(Clause::BusTwice { bus, company }.into());
        }
        vehicles.push(vehicle);
        Ok(())
    })?;
    Ok(vehicles)
}
