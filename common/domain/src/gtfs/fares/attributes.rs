//! `fare_attributes.txt` (Fares V1): prices.

use std::collections::BTreeMap;

use super::super::agencies::Agencies;
use super::super::clause::Clause;
use super::super::files::{Files, LeftOut};
use super::super::findings::Findings;
use super::super::remark::Remark;
use super::super::table::Row;
use super::money;
use super::stated::{Ledger, Rider, Stated};

/// The file.
pub const FILE: &str = "fare_attributes.txt";

/// A fare: its rows in `fare_attributes.txt`, more than one when it is defined more than once.
#[derive(Default)]
pub struct Attribute {
    /// Its rows.
    pub rows: Vec<Held>,
    /// Whether a rule names it; without any it applies everywhere.
    pub ruled: bool,
}

/// A row of `fare_attributes.txt`.
#[derive(Clone, Copy)]
pub struct Held {
    /// Position of its price.
    pub stated: usize,
    /// Only routes of this agency.
    pub agency: Option<usize>,
}

/// Fares by id. One whose row cannot be read has no price.
///
/// # Errors
/// When the file is unreadable as a whole.
pub fn read(
    files: &Files,
    agencies: &Agencies,
    ledger: &mut Ledger,
    findings: &mut Findings,
) -> Result<BTreeMap<String, Attribute>, LeftOut> {
    let mut attributes: BTreeMap<String, Attribute> = BTreeMap::new();
    let mut lost = Vec::new();
    let read = files.optional(FILE, findings, |table, findings| {
        let (id, amount) = (table.require("fare_id")?, table.require("price")?);
        let (currency, agency) = (table.require("currency_type")?, table.column("agency_id"));
        let read = |row: &Row<'_>, _: &mut Findings| {
            let id = row.id(id, "fare_id")?;
            let price = money(row.get(amount), row.get(currency));
            let of_agency = row.some(agency).map(|agency| agencies.find(agency)).transpose();
            let known = price.and_then(|price| of_agency.clone().map(|agency| (price, agency)));
            let stated = ledger.add(Stated {
                id: id.to_owned(),
                name: String::new(),
                price: known.as_ref().ok().map(|(price, _)| *price),
                rider: Rider::Unsaid,
                file: FILE,
                line: row.line,
            });
            let attribute = attributes.entry(id.to_owned()).or_default();
            attribute.rows.push(Held {
                stated,
                agency: of_agency.unwrap_or_default(),
            });
            if let Err(reason) = known {
                return Err(Remark::from(reason).and(Clause::FareLeftOut { fare: id.into() }));
            }
            if attribute.rows.len() > 1 {
                return Err(Clause::FareTwice { fare: id.into() }.into());
            }
            Ok(())
        };
        table.each_row(findings, read, |row| lost.push((row.get(id).to_owned(), row.line)))
    });
    for (id, line) in lost {
        let stated = ledger.add_unknown(&id, FILE, line);
        attributes
            .entry(id)
            .or_default()
            .rows
            .push(Held { stated, agency: None });
    }
    read.map(|_| attributes)
}
