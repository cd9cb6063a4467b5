//! Companies, carriers and buses.

use std::collections::HashMap;

use sqlx::PgConnection;

use super::super::changes::compare;
use super::super::keys::company_slug;
use super::super::report::{Counts, ImportReport, Outcome};
use super::Publisher;
use crate::db::timetable::bus::{self, BusRow};
use crate::db::timetable::feed;
use crate::db::timetable::party::{self, CarrierRow, CompanyRow};
use crate::domain::gtfs::model::Agency;
use crate::error::{AppError, AppResult};
use crate::id::{BusId, CarrierId, CompanyId};

/// Key of the bus that runs trips without one of their own.
const DEFAULT_BUS: &str = "default";
/// Its seats, when nobody says.
const DEFAULT_SEATS: i16 = 50;

/// Who runs what.
pub struct Parties {
    /// Per agency, its company.
    pub companies: Vec<CompanyId>,
    /// Per agency, its carrier.
    pub carriers: Vec<CarrierId>,
}

impl Publisher<'_> {
    fn slug(&self, agency: &Agency) -> String {
        self.options.company.clone().unwrap_or_else(|| company_slug(agency))
    }

    /// Companies and carriers of the agencies. Companies that are there keep what people entered.
    pub async fn parties(&self, conn: &mut PgConnection, report: &mut ImportReport) -> AppResult<Parties> {
        let agencies = &self.feed.agencies;
        let slugs: Vec<String> = agencies.iter().map(|agency| self.slug(agency)).collect();
        if self.options.company.is_none() {
            let rows: Vec<CompanyRow> = agencies.iter().map(|agency| self.company(agency)).collect();
            let counts = Counts {
                read: rows.len() as u64,
                new: party::create_missing_companies(conn, &rows, self.now).await?,
                ..Counts::default()
            };
            report.counted("companies", counts);
        }
        let found: HashMap<String, CompanyId> = party::companies(conn, &slugs).await?.into_iter().collect();
        let unknown = |slug: &String| AppError::field("company", "known", format!("there is no company {slug:?}"));
        let company = |slug: &String| found.get(slug).copied().ok_or_else(|| unknown(slug));
        let companies: Vec<CompanyId> = slugs.iter().map(company).collect::<AppResult<_>>()?;
        let carrier = |(agency, company_id): (&Agency, &CompanyId)| CarrierRow {
            id: CarrierId::new(),
            company_id: *company_id,
            key: format!("{}/{}", self.key, agency.id),
            name: self.marked(&agency.name),
            phones: agency.phone.iter().cloned().collect(),
        };
        let mut carriers: Vec<CarrierRow> = agencies.iter().zip(&companies).map(carrier).collect();
        let changes = compare(party::carriers(conn, &companies).await?, &mut carriers);
        party::upsert_carriers(conn, &changes.write).await?;
        report.counted("carriers", changes.counts.without_withdrawn());
        if report.outcome == Outcome::New {
            let others = feed::sharing(conn, self.feed_id, &companies).await?;
            if !others.is_empty() {
                report.findings.notice(format!(
                    "its companies also run feed {}: to replace that one, import with --feed",
                    others.join(", ")
                ));
            }
        }
        Ok(Parties {
            companies,
            carriers: carriers.iter().map(|row| row.id).collect(),
        })
    }

    fn company(&self, agency: &Agency) -> CompanyRow {
        CompanyRow {
            slug: company_slug(agency),
            name: self.marked(&agency.name),
            email: agency.email.clone(),
            website: agency.url.clone(),
            time_zone: agency.time_zone.clone(),
        }
    }

    /// The bus of every trip, and the seats of those buses. Trips whose block names no known vehicle run with the
    /// default bus of their company.
    pub async fn buses(
        &self,
        conn: &mut PgConnection,
        parties: &Parties,
        report: &mut ImportReport,
    ) -> AppResult<(Vec<BusId>, HashMap<BusId, i16>)> {
        let stored = bus::stored(conn, &parties.companies).await?;
        let known: HashMap<_, _> = stored
            .iter()
            .map(|row| ((row.company_id, row.key.as_str()), row))
            .collect();
        let mut wanted: Vec<BusRow> = Vec::new();
        let mut places: HashMap<(CompanyId, String), usize> = HashMap::new();
        for (agency, company_id) in self.feed.agencies.iter().zip(&parties.companies) {
            let slug = self.slug(agency);
            for vehicle in self
                .vehicles
                .iter()
                .filter(|v| v.company == slug || v.company == agency.id)
            {
                let before = known.get(&(*company_id, vehicle.bus.as_str()));
                // A list that says nothing of plate and make does not erase what people entered.
                let kept = |new: &Option<String>, old: fn(&BusRow) -> &Option<String>| {
                    new.clone().or_else(|| before.and_then(|row| old(row).clone()))
                };
                places.entry((*company_id, vehicle.bus.clone())).or_insert_with(|| {
                    wanted.push(BusRow {
                        id: BusId::new(),
                        company_id: *company_id,
                        key: vehicle.bus.clone(),
                        seats: vehicle.seats,
                        registration_number: kept(&vehicle.registration_number, |row| &row.registration_number),
                        brand: kept(&vehicle.brand, |row| &row.brand),
                        model: kept(&vehicle.model, |row| &row.model),
                    });
                    wanted.len() - 1
                });
            }
        }
        let mut by_default = 0_usize;
        let mut bus_of_trip = Vec::with_capacity(self.feed.trips.len());
        for trip in &self.feed.trips {
            let company_id = parties.companies[self.feed.routes[trip.route].agency];
            let own = trip
                .block
                .as_ref()
                .and_then(|block| places.get(&(company_id, block.clone())).copied());
            by_default += usize::from(own.is_none());
            bus_of_trip.push(own.unwrap_or_else(|| {
                *places.entry((company_id, DEFAULT_BUS.to_owned())).or_insert_with(|| {
                    let before = known.get(&(company_id, DEFAULT_BUS)).map(|row| row.seats);
                    wanted.push(BusRow {
                        id: BusId::new(),
                        company_id,
                        key: DEFAULT_BUS.to_owned(),
                        seats: self.options.seats.or(before).unwrap_or(DEFAULT_SEATS),
                        registration_number: None,
                        brand: None,
                        model: None,
                    });
                    wanted.len() - 1
                })
            }));
        }
        let changes = compare(stored, &mut wanted);
        bus::upsert(conn, &changes.write).await?;
        report.counted("buses", changes.counts.without_withdrawn());
        if by_default > 0 {
            report
                .findings
                .notice(format!("{by_default} trips run with the default bus of their company"));
        }
        let seats = wanted.iter().map(|row| (row.id, row.seats)).collect();
        Ok((bus_of_trip.into_iter().map(|place| wanted[place].id).collect(), seats))
    }
}
