//! Writes stops, their cities and their names.

use db::timetable::stop::{self, StopName, StopRow};
use domain::geo::{Places, Point};
use domain::gtfs::Feed;
use domain::gtfs::model::Stop;
use domain::id::{CityId, StopId};
use sqlx::PgConnection;

use super::super::changes::compare_as;
use super::super::report::ImportReport;
use super::Publisher;
use crate::error::AppResult;

/// Maximum distance of a stop from the point of its city, in metres.
const CITY_LIMIT: f64 = 15_000.0;

/// The city of every stop of a feed: the nearest one within 15 km; none for a stop that is not on sale.
pub fn cities_of(feed: &Feed, cities: &[(Point, CityId)]) -> Vec<Option<CityId>> {
    let places = Places::new(cities.to_vec());
    let city = |stop: &Stop| places.nearest(stop.point.filter(|_| stop.on_sale)?, CITY_LIMIT);
    feed.stops.iter().map(city).collect()
}

impl Publisher<'_> {
    /// Writes stops, and returns the id of every stop.
    pub async fn stops(&self, conn: &mut PgConnection, report: &mut ImportReport) -> AppResult<Vec<StopId>> {
        let row = |((stop, city_id), same): ((&Stop, &Option<CityId>), &Option<usize>)| {
            // The last known position is kept when the feed no longer has one, since sold tickets show it.
            let last_seen = same.and_then(|at| self.known.stops.get(at)).map(StopRow::point);
            let point = stop.point.or(last_seen);
            StopRow {
                id: StopId::new(),
                key: stop.id.clone(),
                name: stop.name.clone(),
                address: self.address(stop),
                platform: stop.platform.clone(),
                latitude: point.map_or(0.0, |point| point.latitude),
                longitude: point.map_or(0.0, |point| point.longitude),
                zone: stop.zone.clone(),
                city_id: *city_id,
                withdrawn: false,
            }
        };
        let stops = self.feed.stops.iter().zip(self.cities).zip(&self.same.stops);
        let mut rows: Vec<StopRow> = stops.map(row).collect();
        let stops = self.feed.stops.iter().zip(&rows);
        let lost = stops.filter(|(stop, row)| stop.on_sale && row.city_id.is_none());
        report.stops_without_city = lost
            .map(|(_, row)| format!("{:?} {} ({}, {})", row.key, row.name, row.latitude, row.longitude))
            .collect();
        let changes = compare_as(&self.known.stops, &mut rows, &self.same.stops);
        stop::rename(conn, &changes.renamed).await?;
        stop::upsert(conn, self.feed_id, &changes.write).await?;
        let gone: Vec<StopId> = changes.gone.iter().map(|row| row.id).collect();
        stop::withdraw(conn, &gone, self.now).await?;
        report.counted("stops", changes.counts);
        let ids: Vec<StopId> = rows.iter().map(|row| row.id).collect();
        self.stop_names(conn, &ids).await?;
        Ok(ids)
    }

    /// The address of a stop; that of a synthetic stop always says so.
    fn address(&self, stop: &Stop) -> Option<String> {
        match &stop.address {
            Some(address) => Some(self.marked(address)),
            None => self.feed.synthetic.then(|| "SYNTHETIC".to_owned()),
        }
    }

    async fn stop_names(&self, conn: &mut PgConnection, ids: &[StopId]) -> AppResult<()> {
        let of_stop = |(stop, stop_id): (&Stop, &StopId)| {
            let stop_id = *stop_id;
            let name = |(language, name): (&_, &String)| StopName {
                stop_id,
                language: *language,
                name: name.clone(),
            };
            stop.names.iter().map(name).collect::<Vec<_>>()
        };
        let mut wanted: Vec<StopName> = self.feed.stops.iter().zip(ids).flat_map(of_stop).collect();
        let mut stored = stop::stored_names(conn, self.feed_id).await?;
        wanted.sort_unstable();
        stored.sort_unstable();
        // Names of withdrawn stops are deleted too, since nothing shows them any more.
        if wanted != stored {
            stop::replace_names(conn, self.feed_id, &wanted).await?;
        }
        Ok(())
    }
}
