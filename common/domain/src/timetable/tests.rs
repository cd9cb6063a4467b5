use std::collections::HashMap;
use std::sync::Arc;

use chrono::{NaiveDate, TimeDelta};
use rust_decimal::dec;

use super::{FareKey, FeedStop, Parts, ServiceDays, StopTime, Timetable, Trip};
use crate::city::{City, Names};
use crate::company::{Bus, Carrier, Company};
use crate::exchange_rate::Rates;
use crate::id::{BusId, CarrierId, CityId, CompanyId, RouteId, StopId, TripId};
use crate::journey::Route;
use crate::language::Country;
use crate::money::{Currency, Money};
use crate::stop::Stop;
use crate::tariff::Tariff;
use crate::zone::Zone;

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn stop(name: &str, zone: &str) -> Arc<Stop> {
    let city = City {
        id: CityId::new(),
        slug: name.into(),
        names: Names::new(name, []),
        aliases: Box::default(),
        country: Country::Ua,
        time_zone: zone.into(),
        zone: Zone::named(zone).unwrap(),
    };
    Arc::new(Stop {
        id: StopId::new(),
        names: Names::new(name, []),
        address: None,
        platform: None,
        latitude: 50.0,
        longitude: 30.0,
        city: Arc::new(city),
    })
}

fn route() -> Arc<Route> {
    let company = Company {
        id: CompanyId::new(),
        slug: "c".into(),
        name: "C".into(),
        email: None,
        website: None,
        rules: None,
        logo_url: None,
        ceo: None,
        socials: vec![],
        partner_company: None,
        sales_cutoff: TimeDelta::zero(),
    };
    let carrier = Carrier {
        id: CarrierId::new(),
        name: "C".into(),
        phones: vec![],
    };
    Arc::new(Route {
        id: RouteId::new(),
        slug: "r".into(),
        name: "R".into(),
        description: None,
        company: Arc::new(company),
        carrier: Arc::new(carrier),
    })
}

/// A trip in Kyiv time over the given stops: (stop, arrival, departure, boarding, alighting), hours and minutes.
type Calls<'a> = &'a [(&'a Arc<Stop>, (i32, i32), (i32, i32), bool, bool)];

fn timetable(
    days: &[&str],
    calls: Calls,
    tariff: Option<Tariff>,
    fares: &[(&Arc<Stop>, &Arc<Stop>, Money)],
) -> Timetable {
    let mut stops: Vec<&Arc<Stop>> = calls.iter().map(|c| c.0).collect();
    stops.sort_by_key(|stop| stop.id);
    stops.dedup_by_key(|stop| stop.id);
    let index = |stop: &Arc<Stop>| u32::try_from(stops.iter().position(|s| s.id == stop.id).unwrap()).unwrap();
    let days: Vec<NaiveDate> = days.iter().map(|d| day(d)).collect();
    let trip = Trip {
        id: TripId::new(),
        feed: 0,
        route: route(),
        days: Arc::new(ServiceDays::new(&days)),
        bus: Arc::new(Bus {
            id: BusId::new(),
            seats: 50,
            registration_number: None,
            brand: None,
            model: None,
        }),
        zone: Zone::named("Europe/Kyiv").unwrap(),
        first_stop_time: 0,
    };
    let mut priced = HashMap::new();
    for (from, to, money) in fares {
        let key = FareKey {
            feed: 0,
            route: None,
            origin: Some(index(from)),
            destination: Some(index(to)),
        };
        priced.entry(key).or_insert_with(Vec::new).push(*money);
    }
    let seconds = |(hours, minutes): (i32, i32)| hours * 3600 + minutes * 60;
    Timetable::new(Parts {
        version: 1,
        feeds: vec![tariff],
        stops: stops
            .iter()
            .map(|s| FeedStop {
                id: s.id,
                fare_zone: Some(index(s)),
                stop: Some(Arc::clone(s)),
            })
            .collect(),
        trips: vec![trip],
        stop_times: (0u32..)
            .zip(calls)
            .map(|(i, (stop, arrival, departure, boarding, alighting))| StopTime {
                stop: index(stop),
                arrival: seconds(*arrival),
                departure: seconds(*departure),
                meters: i * 100_000,
                boarding: *boarding,
                alighting: *alighting,
            })
            .collect(),
        fares: priced,
        rates: Rates::new([]),
    })
}

#[test]
fn the_day_is_the_local_day_at_the_city_of_departure() {
    let (kyiv, lviv, warsaw) = (
        stop("kyiv", "Europe/Kyiv"),
        stop("lviv", "Europe/Kyiv"),
        stop("warsaw", "Europe/Warsaw"),
    );
    let calls: Calls = &[
        (&kyiv, (18, 0), (18, 0), true, false),
        (&lviv, (24, 20), (24, 30), true, true),
        (&warsaw, (31, 0), (31, 0), false, true),
    ];
    let timetable = timetable(&["2026-12-01"], calls, None, &[]);
    let found = |from: &Arc<Stop>, to: &Arc<Stop>, on: &str| timetable.connections(from.city.id, to.city.id, day(on));
    assert_eq!(found(&kyiv, &warsaw, "2026-12-01").len(), 1);
    assert!(found(&lviv, &warsaw, "2026-12-01").is_empty());
    let after_midnight = found(&lviv, &warsaw, "2026-12-02");
    assert_eq!(after_midnight[0].departs_at.to_rfc3339(), "2026-12-01T22:30:00+00:00");
    let journey = timetable.journey(&after_midnight[0]).unwrap();
    assert_eq!(
        journey.boarding.local_departure().to_rfc3339(),
        "2026-12-02T00:30:00+02:00"
    );
    assert_eq!(
        journey.alighting.local_arrival().to_rfc3339(),
        "2026-12-02T06:00:00+01:00"
    );
    assert_eq!(journey.duration(), TimeDelta::minutes(390));
}

#[test]
fn elapsed_time_counts_the_clock_change() {
    let (kyiv, lviv) = (stop("kyiv", "Europe/Kyiv"), stop("lviv", "Europe/Kyiv"));
    let calls: Calls = &[
        (&kyiv, (23, 0), (23, 0), true, true),
        (&lviv, (31, 0), (31, 0), true, true),
    ];
    let timetable = timetable(&["2027-03-27"], calls, None, &[]);
    let found = timetable.connections(kyiv.city.id, lviv.city.id, day("2027-03-27"));
    let journey = timetable.journey(&found[0]).unwrap();
    assert_eq!(journey.duration(), TimeDelta::hours(8));
    assert_eq!(
        journey.alighting.local_arrival().to_rfc3339(),
        "2027-03-28T08:00:00+03:00"
    );
}

#[test]
fn stops_that_forbid_boarding_or_alighting_are_not_sold_between() {
    let (a, b, c) = (
        stop("a", "Europe/Kyiv"),
        stop("b", "Europe/Kyiv"),
        stop("c", "Europe/Kyiv"),
    );
    let calls: Calls = &[
        (&a, (8, 0), (8, 0), true, true),
        (&b, (9, 0), (9, 0), false, true),
        (&c, (10, 0), (10, 0), true, true),
    ];
    let timetable = timetable(&["2026-12-01"], calls, None, &[]);
    let count =
        |from: &Arc<Stop>, to: &Arc<Stop>| timetable.connections(from.city.id, to.city.id, day("2026-12-01")).len();
    assert_eq!(
        (count(&a, &b), count(&b, &c), count(&a, &c), count(&c, &a)),
        (1, 0, 1, 0)
    );
}

#[test]
fn prices_come_from_the_pair_else_from_the_tariff_else_it_is_not_for_sale() {
    let (a, b, c) = (
        stop("a", "Europe/Kyiv"),
        stop("b", "Europe/Kyiv"),
        stop("c", "Europe/Kyiv"),
    );
    let calls: Calls = &[
        (&a, (8, 0), (8, 0), true, true),
        (&b, (9, 0), (9, 0), true, true),
        (&c, (10, 0), (10, 0), true, true),
    ];
    let fare = Money::new(dec!(120.50), Currency::Uah);
    let tariff = Tariff {
        currency: Currency::Uah,
        base: dec!(10),
        per_km: dec!(1),
    };
    for (tariff, other) in [
        (None, None),
        (Some(tariff), Some(vec![Money::new(dec!(110), Currency::Uah)])),
    ] {
        let timetable = timetable(&["2026-12-01"], calls, tariff, &[(&a, &b, fare)]);
        let price = |from: &Arc<Stop>, to: &Arc<Stop>| {
            let found = timetable.connections(from.city.id, to.city.id, day("2026-12-01"));
            timetable.prices(&found[0], Currency::Uah)
        };
        assert_eq!(price(&a, &b), Some(vec![fare]));
        assert_eq!(price(&b, &c), other);
    }
}

#[test]
fn a_sold_connection_is_found_again_when_stops_were_added() {
    let (a, b, c) = (
        stop("a", "Europe/Kyiv"),
        stop("b", "Europe/Kyiv"),
        stop("c", "Europe/Kyiv"),
    );
    let calls: Calls = &[
        (&a, (8, 0), (8, 0), true, true),
        (&b, (9, 0), (9, 0), true, true),
        (&c, (10, 0), (10, 0), true, true),
    ];
    let timetable = timetable(&["2026-12-01"], calls, None, &[]);
    let trip = timetable.parts.trips[0].id;
    let found = timetable.locate(trip, day("2026-12-01"), (a.id, 0), (c.id, 1)).unwrap();
    assert_eq!((found.boarding, found.alighting), (0, 2));
    assert!(
        timetable
            .locate(trip, day("2026-12-02"), (a.id, 0), (c.id, 2))
            .is_none()
    );
    assert!(
        timetable
            .locate(trip, day("2026-12-01"), (c.id, 2), (a.id, 0))
            .is_none()
    );
    assert!(
        timetable
            .locate(TripId::new(), day("2026-12-01"), (a.id, 0), (c.id, 2))
            .is_none()
    );
}

#[test]
fn days_are_exactly_those_given() {
    let days: Vec<NaiveDate> = ["2026-01-01", "2026-03-05", "2027-02-28"]
        .iter()
        .map(|d| day(d))
        .collect();
    let service = ServiceDays::new(&days);
    let within = day("2025-12-01")
        .iter_days()
        .take(600)
        .filter(|d| service.contains(*d))
        .collect::<Vec<_>>();
    assert_eq!(within, days);
    assert!(!ServiceDays::default().contains(day("2026-01-01")));
}
