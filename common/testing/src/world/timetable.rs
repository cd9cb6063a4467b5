//! Buses, routes, trips, fares and departures.

use chrono::NaiveDate;
use domain::id::{BusId, CarrierId, CompanyId, FareId, FeedId, RouteId, ServiceId, StopId, TripId};
use domain::money::Currency;
use domain::zone::Zone;
use rust_decimal::Decimal;

use super::{Company, World};

/// A call of a trip: seconds since noon minus 12 hours of the service day (GTFS time).
#[derive(Debug, Clone, Copy)]
pub struct Call {
    /// The stop.
    pub stop_id: StopId,
    /// Arrival.
    pub arrival: i32,
    /// Departure.
    pub departure: i32,
}

#[expect(clippy::expect_used, reason = "a test harness may panic")]
impl World<'_> {
    /// A bus of this number of seats.
    pub async fn bus(&mut self, company: Company, key: &str, seats: i16) -> BusId {
        let id = BusId::new();
        sqlx::query!(
            "insert into buses (id, company_id, key, seats, registration_number, brand, model)
             values ($1, $2, $3, $4, 'AA 1234 BB', 'Setra', 'S 516 HD')",
            id as BusId,
            company.id as CompanyId,
            key,
            seats,
        )
        .execute(&mut *self.conn)
        .await
        .expect("a bus");
        id
    }

    /// A route of a company; its name is also its id in the feed and its slug.
    pub async fn route(&mut self, company: Company, name: &str) -> RouteId {
        let id = RouteId::new();
        sqlx::query!(
            "insert into routes (id, feed_id, feed_route_id, company_id, carrier_id, slug, name)
             values ($1, $2, $3, $4, $5, $3, $3)",
            id as RouteId,
            self.feed_id as FeedId,
            name,
            company.id as CompanyId,
            company.carrier_id as CarrierId,
        )
        .execute(&mut *self.conn)
        .await
        .expect("a route");
        id
    }

    /// A trip in Kyiv time that calls at stops (boarding and alighting everywhere, 100 km apart) on service days.
    pub async fn trip(&mut self, route_id: RouteId, bus_id: BusId, days: &[NaiveDate], calls: &[Call]) -> TripId {
        let (id, service_id) = (TripId::new(), ServiceId::new());
        sqlx::query!(
            "insert into services (id, feed_id, feed_service_id, days) values ($1, $2, $3, $4)",
            service_id as ServiceId,
            self.feed_id as FeedId,
            service_id.to_string(),
            days,
        )
        .execute(&mut *self.conn)
        .await
        .expect("a service");
        sqlx::query!(
            "insert into trips (id, feed_id, feed_trip_id, route_id, service_id, bus_id, time_zone)
             values ($1, $2, $3, $4, $5, $6, 'Europe/Kyiv')",
            id as TripId,
            self.feed_id as FeedId,
            id.to_string(),
            route_id as RouteId,
            service_id as ServiceId,
            bus_id as BusId,
        )
        .execute(&mut *self.conn)
        .await
        .expect("a trip");
        let stops: Vec<_> = calls.iter().map(|call| call.stop_id.0).collect();
        let arrivals: Vec<_> = calls.iter().map(|call| call.arrival).collect();
        let departures: Vec<_> = calls.iter().map(|call| call.departure).collect();
        sqlx::query!(
            "insert into stop_times (trip_id, position, stop_id, arrival, departure, boarding, alighting, meters)
             select $1, n - 1, stop_id, arrival, departure, true, true, (n - 1) * 100000
             from unnest($2::uuid[], $3::integer[], $4::integer[])
                  with ordinality as c (stop_id, arrival, departure, n)",
            id as TripId,
            &stops,
            &arrivals,
            &departures,
        )
        .execute(&mut *self.conn)
        .await
        .expect("stop times");
        id
    }

    /// A fare between the zones of two stops on a route.
    pub async fn fare(
        &mut self,
        route_id: RouteId,
        from: &str,
        to: &str,
        amount: Decimal,
        currency: Currency,
    ) -> FareId {
        let id = FareId::new();
        sqlx::query!(
            "insert into fares (id, feed_id, route_id, origin_zone, destination_zone, currency, amount)
             values ($1, $2, $3, $4, $5, $6, $7)",
            id as FareId,
            self.feed_id as FeedId,
            route_id as RouteId,
            from,
            to,
            currency as Currency,
            amount,
        )
        .execute(&mut *self.conn)
        .await
        .expect("a fare");
        id
    }

    /// The first sale of a departure: its row and its calls as instants.
    pub async fn departure(&mut self, trip_id: TripId, day: NaiveDate) {
        let zone = Zone::named("Europe/Kyiv").expect("the zone of trips");
        sqlx::query!(
            "insert into departures (trip_id, service_day, bus_id)
             select t.id, $2, t.bus_id from trips t where t.id = $1
             on conflict do nothing",
            trip_id as TripId,
            day,
        )
        .execute(&mut *self.conn)
        .await
        .expect("a departure");
        sqlx::query!(
            "insert into departure_calls (trip_id, service_day, position, stop_id, arrival_at, departure_at)
             select trip_id, $2, position, stop_id, $3::timestamptz + make_interval(secs => arrival),
                 $3::timestamptz + make_interval(secs => departure)
             from stop_times where trip_id = $1
             on conflict do nothing",
            trip_id as TripId,
            day,
            zone.service_day_start(day),
        )
        .execute(&mut *self.conn)
        .await
        .expect("calls of a departure");
    }
}
