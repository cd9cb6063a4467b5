//! `agency.txt` and `feed_info.txt`: who publishes the feed, and who runs the trips.

use std::collections::HashMap;

use super::super::email;
use super::super::zone::Zone;
use super::clause::Clause;
use super::encoding::fields;
use super::files::{Files, LeftOut};
use super::findings::{Findings, Refusal};
use super::model::Agency;
use super::remark::Remark;
use super::table::{blank, too_long};

/// Agencies, and the position of each id.
pub struct Agencies {
    /// In the order of the file.
    pub list: Vec<Agency>,
    ids: HashMap<String, usize>,
}

impl Agencies {
    /// The agency of this id; a blank id means the only one.
    ///
    /// # Errors
    /// A reason to reject the row that names it.
    pub fn find(&self, id: &str) -> Result<usize, Clause> {
        match (self.ids.get(id), self.list.len()) {
            (Some(agency), _) => Ok(*agency),
            (None, 1) if id.is_empty() => Ok(0),
            (None, _) if id.is_empty() => Err(Clause::AgencyBlank {}),
            (None, _) => Err(Clause::AgencyUnknown { agency: id.into() }),
        }
    }
}

/// Reads `agency.txt`.
///
/// # Errors
/// When it is missing, unreadable as a whole or without a usable row.
pub fn read(files: &Files, findings: &mut Findings) -> Result<Agencies, Refusal> {
    let table = files.required("agency.txt")?;
    let id = table.column("agency_id");
    let (name, zone) = (table.require("agency_name")?, table.require("agency_timezone")?);
    let (url, phone, email) = (
        table.column("agency_url"),
        table.column("agency_phone"),
        table.column("agency_email"),
    );
    let mut agencies = Agencies {
        list: Vec::new(),
        ids: HashMap::new(),
    };
    table.each(findings, |row, findings| {
        let agency = Agency {
            id: row.get(id).to_owned(),
            name: row.owned(name).ok_or_else(|| blank("agency_name"))?,
            url: row.owned(url),
            phone: row.owned(phone),
            email: row.owned(email).and_then(|typed| match email::normal(&typed) {
                Ok(address) => Some(address),
                Err(error) => {
                    findings.notice(Clause::EmailLeftOut {
                        email: typed,
                        error: error.to_string(),
                    });
                    None
                }
            }),
            time_zone: row.get(zone).to_owned(),
        };
        if agency.id.len() > 255 {
            return Err(too_long("agency_id", 255).into());
        }
        Zone::named(&agency.time_zone).map_err(|e| Clause::TimeZoneUnknown { value: e.0 })?;
        if agencies.ids.contains_key(&agency.id) {
            return Err(Clause::AgencyTwice { agency: agency.id }.into());
        }
        agencies.ids.insert(agency.id.clone(), agencies.list.len());
        agencies.list.push(agency);
        Ok(())
    })?;
    if agencies.list.is_empty() {
        return Err(match findings.flaws.last() {
            Some(flaw) => Refusal::Malformed {
                file: flaw.file,
                line: flaw.line,
                reason: Remark::new(
                    format!("no agency is usable: {}", flaw.reason),
                    [&[Clause::NoAgency {}], flaw.reason.clauses()].concat(),
                ),
            },
            None => Refusal::EmptyFile("agency.txt"),
        });
    }
    Ok(agencies)
}

/// Whether the publisher of the feed calls it SYNTHETIC.
pub fn is_synthetic(files: &Files, findings: &mut Findings) -> bool {
    let read = files.optional("feed_info.txt", findings, |table, findings| {
        let publisher = table.column("feed_publisher_name");
        let mut synthetic = false;
        table.each(findings, |row, _| {
            synthetic |= row.get(publisher).contains("SYNTHETIC");
            Ok(())
        })?;
        Ok(synthetic)
    });
    match read {
        Ok(synthetic) => synthetic.unwrap_or(false),
        // The mark must survive even if the table cannot be read.
        Err(LeftOut) => {
            let bytes = files.0.get("feed_info.txt").map(Vec::as_slice).unwrap_or_default();
            fields(bytes).iter().any(|field| field.contains("SYNTHETIC"))
        }
    }
}
