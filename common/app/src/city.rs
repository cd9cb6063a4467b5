//! Import of cities from GeoNames extracts.

use std::collections::BTreeMap;
use std::fmt;

use chrono::{DateTime, Utc};
use connect::postgres::begin;
use db::city::CityRow;
use domain::gazetteer::{City, read_cities, read_names};
use domain::gtfs::{Findings, Refusal};
use domain::id::CityId;
use sqlx::PgPool;

use crate::error::AppError;
use crate::operator::Operator;

/// Why cities were not imported; nothing has changed then.
#[derive(Debug, thiserror::Error)]
pub enum ImportCitiesError {
    /// A file as a whole cannot be used.
    #[error("cities refused: {0}")]
    Refused(#[from] Refusal),
    /// The database.
    #[error(transparent)]
    App(#[from] AppError),
}

impl From<sqlx::Error> for ImportCitiesError {
    fn from(error: sqlx::Error) -> Self {
        Self::App(error.into())
    }
}

/// The report of an import of cities.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CitiesReport {
    /// Usable cities in the list.
    pub read: usize,
    /// New or changed cities.
    pub written: usize,
    /// Names that were new or changed.
    pub names: u64,
    /// Cities skipped because their country is not served, by country.
    pub passed_over: BTreeMap<String, u64>,
    /// Rejected rows.
    pub findings: Findings,
}

impl fmt::Display for CitiesReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(
            f,
            "cities: {} read, {} new or changed; {} names new or changed",
            self.read, self.written, self.names
        )?;
        let passed_over: u64 = self.passed_over.values().sum();
        if passed_over > 0 {
            let countries: Vec<&str> = self.passed_over.keys().map(String::as_str).collect();
            writeln!(
                f,
                "skipped, in countries that are not served ({}): {passed_over}",
                countries.join(" ")
            )?;
        }
        for flaw in self.findings.flaws.iter().take(100) {
            writeln!(f, "rejected {flaw}")?;
        }
        Ok(())
    }
}

/// Loads cities, and names for them, in one transaction. Known cities (by GeoNames id) keep their ids; none is removed.
/// If anything is new or changed, the audit trail says who imported it and when; tests name no one.
///
/// # Errors
/// When a file is unreadable as a whole or the database fails.
pub async fn import(
    pool: &PgPool,
    by: Option<(DateTime<Utc>, &Operator)>,
    list: &[u8],
    names: Option<&[u8]>,
) -> Result<CitiesReport, ImportCitiesError> {
    let mut findings = Findings::default();
    let (cities, passed_over) = read_cities("cities", list, &mut findings)?;
    let names = names
        .map(|bytes| read_names("names", bytes, &mut findings))
        .transpose()?
        .unwrap_or_default();
    let mut tx = begin(pool).await?;
    let stored: BTreeMap<i32, CityRow> = db::city::stored(&mut tx)
        .await?
        .into_iter()
        .map(|row| (row.geonames_id, row))
        .collect();
    let rows: Vec<CityRow> = cities
        .iter()
        .map(|city| row(city, stored.get(&city.geonames_id)))
        .collect();
    let write: Vec<&CityRow> = rows
        .iter()
        .filter(|row| stored.get(&row.geonames_id) != Some(row))
        .collect();
    db::city::upsert(&mut tx, &write).await?;
    let named = db::city::upsert_names(&mut tx, &names).await?;
    if !write.is_empty() || named > 0 {
        db::publication::bump(&mut tx).await?;
        if let Some((now, by)) = by {
            let details = [("cities", write.len().into()), ("names", named.into())];
            by.record(&mut tx, now, "cities.imported", "cities", details).await?;
        }
    }
    tx.commit().await?;
    Ok(CitiesReport {
        read: rows.len(),
        written: write.len(),
        names: named,
        passed_over,
        findings,
    })
}

/// The row to store for a city; `stored` is its current row. A list without an alias column leaves the aliases
/// unchanged.
fn row(city: &City, stored: Option<&CityRow>) -> CityRow {
    let aliases = city.aliases.as_ref().or(stored.map(|row| &row.aliases));
    CityRow {
        id: stored.map_or_else(CityId::new, |row| row.id),
        geonames_id: city.geonames_id,
        slug: city.slug.clone(),
        name: city.name.clone(),
        country: city.country.word().to_owned(),
        time_zone: city.time_zone.clone(),
        latitude: city.point.latitude,
        longitude: city.point.longitude,
        population: city.population,
        aliases: aliases.cloned().unwrap_or_default(),
    }
}
