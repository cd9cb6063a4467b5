//! `translations.txt`: names of stops in our five languages. Other tables and languages are ignored.
//!
//! Read in its present form (`table_name, field_name, language, translation` and what is translated), and in the one
//! before 2020 (`trans_id, lang, translation`), where `trans_id` is the original text in the feed.

use std::collections::HashMap;

use super::super::language::Language;
use super::clause::Clause;
use super::files::Files;
use super::findings::{Findings, Refusal};
use super::stops::Stops;
use super::table::{Column, Table, blank};

/// Names by stop and language.
#[derive(Default)]
struct Names {
    /// By position of the stop.
    by_stop: HashMap<(usize, Language), String>,
    /// By the name in `stops.txt`.
    by_name: HashMap<(String, Language), String>,
}

/// Adds the names to the stops. A row names its stop by `record_id`, or by `field_value`: then it applies to every
/// stop of that name, and `record_id` takes precedence. A file that is unreadable as a whole gives no names.
pub fn read(files: &Files, stops: &mut Stops, findings: &mut Findings) {
    let read = files.optional("translations.txt", findings, |table, findings| {
        if table.column("trans_id").is_there() && !table.column("table_name").is_there() {
            read_old(table, findings)
        } else {
            read_new(table, stops, findings)
        }
    });
    let Ok(Some(mut names)) = read else {
        return;
    };
    for (position, stop) in stops.list.iter_mut().enumerate() {
        for language in Language::ALL {
            let own = names.by_stop.remove(&(position, *language));
            if let Some(name) = own.or_else(|| names.by_name.get(&(stop.name.clone(), *language)).cloned()) {
                stop.names.insert(*language, name);
            }
        }
    }
}

fn read_new(table: Table<'_>, stops: &Stops, findings: &mut Findings) -> Result<Names, Refusal> {
    let (kind, field) = (table.require("table_name")?, table.require("field_name")?);
    let (language, translation) = (language(&table)?, table.require("translation")?);
    let (record, value) = (table.column("record_id"), table.column("field_value"));
    let mut names = Names::default();
    table.each(findings, |row, _| {
        if row.get(kind) != "stops" || row.get(field) != "stop_name" {
            return Ok(());
        }
        let Some(language) = known(row.get(language)) else {
            return Ok(());
        };
        let translation = row.some(translation).ok_or_else(|| blank("translation"))?;
        match (row.some(record), row.some(value)) {
            (Some(id), None) if stops.is_known(id) => {
                if let Ok(stop) = stops.find(id) {
                    names.by_stop.insert((stop, language), translation.to_owned());
                }
                Ok(())
            }
            (Some(id), None) => Err(Clause::StopUnknown { stop: id.into() }.into()),
            (None, Some(name)) => {
                names
                    .by_name
                    .insert((name.to_owned(), language), translation.to_owned());
                Ok(())
            }
            _ => Err(Clause::TranslationTarget {}.into()),
        }
    })?;
    Ok(names)
}

/// The old form does not name the field: texts that are not the name of a stop belong to other fields.
fn read_old(table: Table<'_>, findings: &mut Findings) -> Result<Names, Refusal> {
    let text = table.require("trans_id")?;
    let (language, translation) = (language(&table)?, table.require("translation")?);
    let mut names = Names::default();
    table.each(findings, |row, _| {
        if let Some(language) = known(row.get(language)) {
            let translation = row.some(translation).ok_or_else(|| blank("translation"))?;
            let text = row.some(text).ok_or_else(|| blank("trans_id"))?;
            names
                .by_name
                .insert((text.to_owned(), language), translation.to_owned());
        }
        Ok(())
    })?;
    Ok(names)
}

/// `language`, which was called `lang` before 2020.
fn language(table: &Table<'_>) -> Result<Column, Refusal> {
    match table.column("lang") {
        old if old.is_there() => Ok(old),
        _ => table.require("language"),
    }
}

/// Our language of an IETF tag such as `uk` or `pt-BR`.
fn known(tag: &str) -> Option<Language> {
    let primary = tag.split(['-', '_']).next().unwrap_or_default();
    primary.to_ascii_uppercase().parse().ok()
}
