//! Writes a checked feed to the database, kind by kind: only rows that differ from the stored ones.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use db::timetable::trip::TripRow;
use domain::gtfs::Feed;
use domain::gtfs::model::Route;
use domain::gtfs::vehicles::Vehicle;
use domain::id::{BusId, CityId, CompanyId, FeedId, RouteId, StopId};
use sqlx::PgConnection;

use super::known::{Known, Same};
use super::options::ImportOptions;
use super::report::{Counts, ImportReport};
use crate::error::AppResult;

mod buses;
mod lines;
mod parties;
mod stops;

pub use stops::cities_of;

/// Writes one import to the database.
pub struct Publisher<'a> {
    /// The feed to publish.
    pub feed: &'a Feed,
    /// Its id.
    pub feed_id: FeedId,
    /// Its key.
    pub key: &'a str,
    /// Its stored state before the import.
    pub known: &'a Known,
    /// The stored object that each object of the feed matches.
    pub same: &'a Same,
    /// The city of each stop of the feed.
    pub cities: &'a [Option<CityId>],
    /// The buses that the feed describes.
    pub vehicles: &'a [Vehicle],
    /// Options of the import.
    pub options: &'a ImportOptions,
    /// The time of the import.
    pub now: DateTime<Utc>,
}

/// What was published, with its ids; sold departures must follow it.
pub struct Published<'a> {
    /// The feed.
    pub feed: &'a Feed,
    /// The row of each trip of the feed.
    pub trips: Vec<TripRow>,
    /// The id of each stop of the feed.
    pub stops: Vec<StopId>,
    /// The id and the company of each route of the feed.
    pub routes: Vec<(RouteId, CompanyId)>,
    /// Seats of every bus that runs a trip.
    pub seats: HashMap<BusId, i16>,
}

impl<'a> Publisher<'a> {
    /// Writes everything except the sold departures. Counts and notices go into the report.
    ///
    /// # Errors
    /// An unknown company, or the database.
    pub async fn publish(&self, conn: &mut PgConnection, report: &mut ImportReport) -> AppResult<Published<'a>> {
        let parties = self.parties(conn, report).await?;
        let (buses, seats) = self.buses(conn, &parties, report).await?;
        let stops = self.stops(conn, report).await?;
        let routes = self.routes(conn, &parties, report).await?;
        let services = self.services(conn, report).await?;
        let trips = self.trips(conn, &routes, &services, &buses, report).await?;
        self.calls(conn, &trips, &stops, report).await?;
        self.fares(conn, &routes, report).await?;
        let company_of = |route: &Route| parties.companies[route.agency];
        let companies: Vec<CompanyId> = self.feed.routes.iter().map(company_of).collect();
        self.unpriced(conn, &routes).await?;
        Ok(Published {
            feed: self.feed,
            trips,
            stops,
            routes: routes.into_iter().zip(companies).collect(),
            seats,
        })
    }

    /// A displayed name, marked as SYNTHETIC if the feed is.
    fn marked(&self, name: &str) -> String {
        match self.feed.synthetic && !name.contains("SYNTHETIC") {
            true => format!("{name} (SYNTHETIC)"),
            false => name.to_owned(),
        }
    }
}

impl ImportReport {
    fn counted(&mut self, kind: &'static str, counts: Counts) {
        self.counts.push((kind, counts));
    }
}
