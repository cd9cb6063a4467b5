//! From a checked feed to rows: writes what differs from what is stored, kind by kind.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use sqlx::PgConnection;

use super::import::ImportOptions;
use super::report::{Counts, ImportReport};
use crate::db::timetable::trip::TripRow;
use crate::domain::geo::Point;
use crate::domain::gtfs::Feed;
use crate::domain::gtfs::vehicles::Vehicle;
use crate::error::AppResult;
use crate::id::{BusId, CityId, FeedId, StopId};

mod lines;
mod parties;
mod stops;

/// One import on its way into the database.
pub struct Publisher<'a> {
    /// What is published.
    pub feed: &'a Feed,
    /// Under which id.
    pub feed_id: FeedId,
    /// Key of the feed.
    pub key: &'a str,
    /// Known buses.
    pub vehicles: &'a [Vehicle],
    /// As the operator wants it.
    pub options: &'a ImportOptions,
    /// When.
    pub now: DateTime<Utc>,
}

/// What was published, with the ids it has: what sold departures have to follow.
pub struct Published<'a> {
    /// The feed.
    pub feed: &'a Feed,
    /// Per trip of the feed, its row.
    pub trips: Vec<TripRow>,
    /// Per stop of the feed, its id.
    pub stops: Vec<StopId>,
    /// Seats of every bus that runs a trip.
    pub seats: HashMap<BusId, i16>,
}

impl<'a> Publisher<'a> {
    /// Writes everything but the sold departures. Counts and remarks go into the report.
    ///
    /// # Errors
    /// An unknown company, or the database.
    pub async fn publish(
        &self,
        conn: &mut PgConnection,
        cities: &[(Point, CityId)],
        report: &mut ImportReport,
    ) -> AppResult<Published<'a>> {
        let parties = self.parties(conn, report).await?;
        let (buses, seats) = self.buses(conn, &parties, report).await?;
        let stops = self.stops(conn, cities, report).await?;
        let routes = self.routes(conn, &parties, report).await?;
        let services = self.services(conn, report).await?;
        let trips = self.trips(conn, &routes, &services, &buses, report).await?;
        self.calls(conn, &trips, &stops, report).await?;
        self.fares(conn, &routes, report).await?;
        Ok(Published {
            feed: self.feed,
            trips,
            stops,
            seats,
        })
    }

    /// A name that people see, marked when the feed is invented.
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
