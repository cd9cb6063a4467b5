//! Writes routes, services, trips with their calls, and fares.

use db::timetable::call::{self, CallRow};
use db::timetable::fare::{self, FareKey, FareRow};
use db::timetable::route::{self, RouteRow};
use db::timetable::service::{self, ServiceRow};
use db::timetable::trip::{self, TripRow};
use db::timetable::unpriced::{self, UnpricedRow};
use domain::gtfs::model::{Fare, Route, Scope, Service};
use domain::id::{BusId, FareId, RouteId, ServiceId, StopId, TripId};
use sqlx::PgConnection;

use super::super::changes::{compare, compare_as};
use super::super::report::{Counts, ImportReport};
use super::Publisher;
use super::parties::Parties;
use crate::error::AppResult;

impl Publisher<'_> {
    /// Writes routes, and returns the id of every route.
    pub async fn routes(
        &self,
        conn: &mut PgConnection,
        parties: &Parties,
        report: &mut ImportReport,
    ) -> AppResult<Vec<RouteId>> {
        let row = |route: &Route| RouteRow {
            id: RouteId::new(),
            key: route.id.clone(),
            company_id: parties.companies[route.agency],
            carrier_id: parties.carriers[route.agency],
            slug: route.slug.clone(),
            name: route.name.clone(),
            description: route.description.clone(),
            withdrawn: false,
        };
        let mut rows: Vec<RouteRow> = self.feed.routes.iter().map(row).collect();
        let changes = compare_as(&self.known.routes, &mut rows, &self.same.routes);
        route::rename(conn, &changes.renamed).await?;
        route::upsert(conn, self.feed_id, &changes.write).await?;
        let gone: Vec<RouteId> = changes.gone.iter().map(|row| row.id).collect();
        route::withdraw(conn, &gone, self.now).await?;
        report.counted("routes", changes.counts);
        Ok(rows.iter().map(|row| row.id).collect())
    }

    /// Writes services, and returns the id of every service. A service that disappeared stays: only withdrawn trips
    /// still refer to it.
    pub async fn services(&self, conn: &mut PgConnection, report: &mut ImportReport) -> AppResult<Vec<ServiceId>> {
        let row = |service: &Service| ServiceRow {
            id: ServiceId::new(),
            key: service.id.clone(),
            days: service.days.clone(),
        };
        let mut rows: Vec<ServiceRow> = self.feed.services.iter().map(row).collect();
        let changes = compare(&self.known.services, &mut rows);
        service::upsert(conn, self.feed_id, &changes.write).await?;
        report.counted("services", changes.counts.without_withdrawn());
        Ok(rows.iter().map(|row| row.id).collect())
    }

    /// Writes trips, and returns the row of every trip.
    pub async fn trips(
        &self,
        conn: &mut PgConnection,
        routes: &[RouteId],
        services: &[ServiceId],
        buses: &[BusId],
        report: &mut ImportReport,
    ) -> AppResult<Vec<TripRow>> {
        let mut rows = Vec::with_capacity(self.feed.trips.len());
        for (trip, bus_id) in self.feed.trips.iter().zip(buses) {
            let agency = self.feed.routes[trip.route].agency;
            rows.push(TripRow {
                id: TripId::new(),
                key: trip.id.clone(),
                route_id: routes[trip.route],
                service_id: services[trip.service],
                bus_id: *bus_id,
                time_zone: self.feed.agencies[agency].time_zone.clone(),
                withdrawn: false,
            });
        }
        let changes = compare_as(&self.known.trips, &mut rows, &self.same.trips);
        trip::rename(conn, &changes.renamed).await?;
        trip::upsert(conn, self.feed_id, &changes.write).await?;
        let gone: Vec<TripId> = changes.gone.iter().map(|row| row.id).collect();
        trip::withdraw(conn, &gone, self.now).await?;
        report.counted("trips", changes.counts);
        Ok(rows)
    }

    /// Writes the calls of every trip; all calls of a trip are written when one differs.
    pub async fn calls(
        &self,
        conn: &mut PgConnection,
        trips: &[TripRow],
        stops: &[StopId],
        report: &mut ImportReport,
    ) -> AppResult<()> {
        let stored = self.known.calls_by_trip();
        let mut counts = Counts::default();
        let mut changed = Vec::new();
        let mut write = Vec::new();
        for (trip, row) in self.feed.trips.iter().zip(trips) {
            let calls = trip.calls.iter().zip(0_i16..).map(|(call, position)| CallRow {
                trip_id: row.id,
                position,
                stop_id: stops[call.stop],
                arrival: call.arrival,
                departure: call.departure,
                boarding: call.boarding,
                alighting: call.alighting,
                meters: call.meters,
            });
            let number = trip.calls.len() as u64;
            counts.read += number;
            match stored.get(&row.id) {
                Some(old) if calls.clone().eq(old.iter().copied()) => continue,
                Some(_) => {
                    counts.changed += number;
                    changed.push(row.id);
                }
                None => counts.new += number,
            }
            write.extend(calls);
        }
        call::delete(conn, &changed).await?;
        call::insert(conn, &write).await?;
        report.counted("stop times", counts);
        Ok(())
    }

    /// Writes what is not for sale because its price is not known.
    pub async fn unpriced(&self, conn: &mut PgConnection, routes: &[RouteId]) -> AppResult<()> {
        let row = |scope: &Scope| UnpricedRow {
            route_id: scope.route.map(|route| routes[route]),
            origin: scope.origin.clone(),
            destination: scope.destination.clone(),
        };
        let rows: Vec<UnpricedRow> = self.feed.unpriced.iter().map(row).collect();
        unpriced::replace(conn, self.feed_id, &rows).await
    }

    /// Writes fares. A fare that disappeared is deleted, since tickets carry their own price.
    pub async fn fares(&self, conn: &mut PgConnection, routes: &[RouteId], report: &mut ImportReport) -> AppResult<()> {
        let row = |fare: &Fare| FareRow {
            id: FareId::new(),
            key: FareKey {
                route_id: fare.scope.route.map(|route| routes[route]),
                origin: fare.scope.origin.clone(),
                destination: fare.scope.destination.clone(),
                currency: fare.price.currency.code().to_owned(),
            },
            amount: fare.price.amount,
        };
        let mut rows: Vec<FareRow> = self.feed.fares.iter().map(row).collect();
        let stored = fare::stored(conn, self.feed_id).await?;
        let changes = compare(&stored, &mut rows);
        fare::upsert(conn, self.feed_id, &changes.write).await?;
        let gone: Vec<FareId> = changes.gone.iter().map(|row| row.id).collect();
        fare::delete(conn, &gone).await?;
        report.counted("fares", changes.counts);
        Ok(())
    }
}
