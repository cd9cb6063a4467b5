//! Lists of cities as GeoNames extracts give them, and their names in our languages.

use std::collections::{BTreeMap, HashSet};

use super::geo::Point;
use super::gtfs::encoding::text;
use super::gtfs::table::{Column, Table};
use super::gtfs::{Findings, Refusal};
use super::language::{Country, Language};
use super::slug::is_slug;
use super::zone::Zone;

/// A city of the list.
#[derive(Debug, Clone, PartialEq)]
pub struct City {
    /// Id at GeoNames.
    pub geonames_id: i32,
    /// For URLs; unique.
    pub slug: String,
    /// GeoNames name.
    pub name: String,
    /// One that is served.
    pub country: Country,
    /// IANA name, known to the tz database.
    pub time_zone: String,
    /// Position of its centre.
    pub point: Point,
    /// Inhabitants.
    pub population: i32,
    /// Other names that people search for; `None` when the list has no column for them.
    pub aliases: Option<Vec<String>>,
}

/// The name of a city in a language.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CityName {
    /// Id at GeoNames.
    pub geonames_id: i32,
    /// The language.
    pub language: Language,
    /// The name.
    pub name: String,
}

/// Cities of a list, and how many were passed over by country because we do not serve it.
pub type Cities = (Vec<City>, BTreeMap<String, u64>);

fn geonames_id(text: &str) -> Result<i32, String> {
    text.parse()
        .ok()
        .filter(|id| *id > 0)
        .ok_or_else(|| format!("{text:?} is not a GeoNames id"))
}

/// Reads a list: columns `geonameid`, `slug`, `name`, `country`, `timezone`, `lat`, `lon`, `population`,
/// and `aliases` if it is there: other names of the city, with `|` between them.
///
/// # Errors
/// When the file is unreadable as a whole. Errors in single rows are in the findings.
pub fn read_cities(file: &'static str, bytes: &[u8], findings: &mut Findings) -> Result<Cities, Refusal> {
    let table = Table::open(file, text(file, bytes)?)?;
    let (id, slug, name) = (
        table.require("geonameid")?,
        table.require("slug")?,
        table.require("name")?,
    );
    let (country, zone) = (table.require("country")?, table.require("timezone")?);
    let (latitude, longitude) = (table.require("lat")?, table.require("lon")?);
    let population = table.require("population")?;
    let aliases = table.column("aliases");
    let mut cities = Vec::new();
    let mut passed_over = BTreeMap::new();
    let (mut ids, mut slugs) = (HashSet::new(), HashSet::new());
    table.each(findings, |row, _| {
        let Ok(country) = row.get(country).parse::<Country>() else {
            *passed_over.entry(row.get(country).to_owned()).or_default() += 1;
            return Ok(());
        };
        let degrees = |column| row.get(column).parse::<f64>().ok();
        let city = City {
            geonames_id: geonames_id(row.get(id))?,
            slug: row
                .owned(slug)
                .filter(|slug| is_slug(slug))
                .ok_or("slug is not a slug")?,
            name: row.owned(name).ok_or("name is blank")?,
            country,
            time_zone: row.get(zone).to_owned(),
            point: degrees(latitude)
                .zip(degrees(longitude))
                .and_then(|(latitude, longitude)| Point::new(latitude, longitude))
                .ok_or("lat and lon are no place on Earth")?,
            population: row
                .get(population)
                .parse()
                .map_err(|_| "population is not a whole number")?,
            aliases: aliases.is_there().then(|| split_aliases(row.get(aliases))),
        };
        Zone::named(&city.time_zone).map_err(|e| e.to_string())?;
        if !ids.insert(city.geonames_id) || !slugs.insert(city.slug.clone()) {
            return Err(format!("city {:?} is defined twice; the first definition is kept", city.slug).into());
        }
        cities.push(city);
        Ok(())
    })?;
    Ok((cities, passed_over))
}

fn split_aliases(field: &str) -> Vec<String> {
    field
        .split('|')
        .map(str::trim)
        .filter(|alias| !alias.is_empty())
        .map(str::to_owned)
        .collect()
}

/// Reads names: column `geonameid`, and `name_uk`, `name_pl`, `name_cs`, `name_en`, `name_ru` as far as they are there.
///
/// # Errors
/// When the file is unreadable as a whole. Errors in single rows are in the findings.
pub fn read_names(file: &'static str, bytes: &[u8], findings: &mut Findings) -> Result<Vec<CityName>, Refusal> {
    let table = Table::open(file, text(file, bytes)?)?;
    let id = table.require("geonameid")?;
    let column = |language: &Language| table.column(&format!("name_{}", language.word().to_ascii_lowercase()));
    let columns: Vec<(Language, Column)> = Language::ALL.iter().map(|l| (*l, column(l))).collect();
    let mut names = Vec::new();
    table.each(findings, |row, _| {
        let geonames_id = geonames_id(row.get(id))?;
        names.extend(columns.iter().filter_map(|(language, column)| {
            Some(CityName {
                geonames_id,
                language: *language,
                name: row.owned(*column)?,
            })
        }));
        Ok(())
    })?;
    Ok(names)
}
