//! What a connection costs.

use std::borrow::Cow;

use super::{Connection, FareKey, StopTime, Timetable};
use crate::fare::{self, SHAPES, Shape};
use crate::money::{Currency, Money};

impl Timetable {
    /// Prices of a connection, the asked currency first; `None` when it is not for sale in that currency.
    #[must_use]
    pub fn prices(&self, connection: &Connection, asked: Currency) -> Option<Vec<Money>> {
        let trip = self.trip(connection);
        let calls = self.stop_times(connection.trip);
        let (boarding, alighting) = (
            calls.get(usize::from(connection.boarding))?,
            calls.get(usize::from(connection.alighting))?,
        );
        let zone = |call: &StopTime| self.parts.stops[call.stop as usize].fare_zone;
        let key = |(route, origin, destination)| FareKey {
            feed: trip.feed,
            route,
            origin,
            destination,
        };
        let ride = (Some(trip.route.id), zone(boarding), zone(alighting));
        let of_shape = |shape: Shape| {
            let named = shape.of(ride.0, ride.1, ride.2)?;
            Some((shape, self.parts.fares.get(&key(named))?.as_slice()))
        };
        let stored: Cow<'_, [Money]> = match (of_shape(SHAPES[0]), self.parts.feeds.get(trip.feed as usize)?) {
            // No fare is narrower than this one, and most fares are of this kind.
            (Some((_, exact)), _) => Cow::Borrowed(exact),
            (None, tariff) => {
                let found: Vec<(Shape, &[Money])> = SHAPES.into_iter().filter_map(of_shape).collect();
                let narrowest: Vec<&[Money]> = fare::narrowest(&found).into_iter().map(|(_, prices)| prices).collect();
                match tariff {
                    _ if !narrowest.is_empty() => fare::together(&narrowest).into(),
                    Some(tariff) => {
                        let price = tariff.price(alighting.meters.saturating_sub(boarding.meters));
                        // Stops at the same point are no reason to give a seat away.
                        let believed = Some(price).filter(|price| !price.amount.is_zero());
                        believed.into_iter().collect()
                    }
                    None => return None,
                }
            }
        };
        fare::prices(&stored, asked, &self.parts.rates)
    }
}
