//! Writes buses of companies.

use std::collections::HashMap;

use db::timetable::bus::{self, BusRow};
use domain::gtfs::Clause;
use domain::gtfs::vehicles::Vehicle;
use domain::id::{BusId, CompanyId};
use sqlx::PgConnection;

use super::super::changes::compare;
use super::super::known::DEFAULT_BUS;
use super::super::report::ImportReport;
use super::Publisher;
use super::parties::Parties;
use crate::error::AppResult;

/// Seats of [`DEFAULT_BUS`], if no number is given.
const DEFAULT_SEATS: i16 = 50;

impl Publisher<'_> {
    /// Writes buses, and returns the bus of every trip and the seats of the buses. Trips whose block names no known
    /// vehicle run with the default bus of their company.
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
        for ((agency, company_id), slug) in self.feed.agencies.iter().zip(&parties.companies).zip(&parties.slugs) {
            // A renamed agency is listed under its old or its new name.
            let named = self.slug(agency);
            let runs = |v: &&Vehicle| v.company == *slug || v.company == named || v.company == agency.id;
            for vehicle in self.vehicles.iter().filter(runs) {
                let before = known.get(&(*company_id, vehicle.bus.as_str()));
                // A list without registration number, brand or model does not erase what was entered by hand.
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
        // If a company uploads a feed without a list of buses, the known ones apply.
        for row in stored
            .iter()
            .filter(|row| self.options.owner.is_some() && row.key != DEFAULT_BUS)
        {
            places.entry((row.company_id, row.key.clone())).or_insert_with(|| {
                wanted.push(row.clone());
                wanted.len() - 1
            });
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
        let changes = compare(&stored, &mut wanted);
        bus::upsert(conn, &changes.write).await?;
        report.counted("buses", changes.counts.without_withdrawn());
        if by_default > 0 {
            let trips = by_default.to_string();
            report.findings.notice(Clause::DefaultBus { trips });
        }
        let seats = wanted.iter().map(|row| (row.id, row.seats)).collect();
        Ok((bus_of_trip.into_iter().map(|place| wanted[place].id).collect(), seats))
    }
}
