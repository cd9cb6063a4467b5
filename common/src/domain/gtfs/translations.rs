//! `translations.txt`: names of stops in our five languages. Other tables and languages are ignored.

use std::collections::HashMap;

use super::super::language::Language;
use super::Files;
use super::findings::{Findings, Refusal};
use super::stops::Stops;

/// Adds the names to the stops. A row names its stop by `record_id`, or by `field_value`: then it holds for every
/// stop of that name, and `record_id` wins over it.
///
/// # Errors
/// When the file is broken as a whole.
pub fn read(files: &Files, stops: &mut Stops, findings: &mut Findings) -> Result<(), Refusal> {
    let Some(table) = files.table("translations.txt")? else {
        return Ok(());
    };
    let (kind, field) = (table.require("table_name")?, table.require("field_name")?);
    let (language, translation) = (table.require("language")?, table.require("translation")?);
    let (record, value) = (table.column("record_id"), table.column("field_value"));
    let mut by_name: HashMap<(String, Language), String> = HashMap::new();
    table.each(findings, |row, _| {
        if row.get(kind) != "stops" || row.get(field) != "stop_name" {
            return Ok(());
        }
        let Some(language) = known(row.get(language)) else {
            return Ok(());
        };
        let translation = row.some(translation).ok_or("translation is blank")?;
        match (row.some(record), row.some(value)) {
            (Some(id), None) if stops.is_known(id) => {
                if let Ok(stop) = stops.find(id) {
                    stops.list[stop].names.insert(language, translation.to_owned());
                }
                Ok(())
            }
            (Some(id), None) => Err(format!("stop {id:?} is not in stops.txt")),
            (None, Some(name)) => {
                by_name.insert((name.to_owned(), language), translation.to_owned());
                Ok(())
            }
            _ => Err("exactly one of record_id and field_value must be given".to_owned()),
        }
    })?;
    for stop in &mut stops.list {
        for language in Language::ALL {
            if let Some(name) = by_name.get(&(stop.name.clone(), *language)) {
                stop.names.entry(*language).or_insert_with(|| name.clone());
            }
        }
    }
    Ok(())
}

/// Our language of an IETF tag such as `uk` or `pt-BR`.
fn known(tag: &str) -> Option<Language> {
    let primary = tag.split(['-', '_']).next().unwrap_or_default();
    primary.to_ascii_uppercase().parse().ok()
}
