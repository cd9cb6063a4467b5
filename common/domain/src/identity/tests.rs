use chrono::NaiveDate;
use rstest::rstest;

use super::{Agency, ComparedStop, Route, Trip, same_agencies, same_routes, same_stops, same_trips};
use crate::geo::Point;
use crate::id::{CityId, StopId};

/// Key, name, latitude (one hundredth is about 1.1 km), number of the city.
type Stop = (&'static str, &'static str, f64, Option<u128>);

fn places(stops: &[Stop]) -> Vec<ComparedStop<'static>> {
    let place = |(key, name, latitude, city): &Stop| ComparedStop {
        key,
        name,
        platform: None,
        point: Some(Point {
            latitude: *latitude,
            longitude: 24.0,
        }),
        city: city.map(|city| CityId(uuid::Uuid::from_u128(city))),
        withdrawn: false,
    };
    stops.iter().map(place).collect()
}

#[rstest]
#[case::nothing_changed(&[("a", "A", 50.0, Some(1))], &[("a", "A", 50.0, Some(1))], &[Some(0)])]
#[case::another_id(&[("a", "A", 50.0, Some(1))], &[("x", "A", 50.0, Some(1))], &[Some(0)])]
#[case::ids_swapped(&[("a", "A", 50.0, Some(1)), ("b", "B", 51.0, Some(2))],
    &[("b", "A", 50.0, Some(1)), ("a", "B", 51.0, Some(2))], &[Some(0), Some(1)])]
#[case::ids_of_namesakes_swapped(&[("a", "Station", 50.0, Some(1)), ("b", "Station", 51.0, Some(2))],
    &[("b", "Station", 50.0, Some(1)), ("a", "Station", 51.0, Some(2))], &[Some(0), Some(1)])]
#[case::renamed_where_it_stands(&[("a", "A", 50.0, Some(1))], &[("a", "Z", 50.01, Some(1))], &[Some(0)])]
#[case::id_used_for_another_place(&[("a", "A", 50.0, Some(1))], &[("a", "Z", 51.0, Some(2))], &[None])]
#[case::namesake_in_another_city(&[("a", "Station", 50.0, Some(1))], &[("a", "Station", 51.0, Some(2))], &[None])]
#[case::a_point_put_right(&[("a", "A", 50.0, Some(1))], &[("a", "A", 60.0, None)], &[Some(0)])]
#[case::another_id_close_by(&[("a", "A", 50.0, Some(1))], &[("x", "a", 50.005, Some(1))], &[Some(0)])]
#[case::another_id_and_name_on_the_spot(&[("a", "A", 50.0, Some(1))], &[("x", "Z", 50.0005, Some(1))], &[Some(0)])]
#[case::another_id_and_name_farther_off(&[("a", "A", 50.0, Some(1))], &[("x", "Z", 50.005, Some(1))], &[None])]
#[case::the_closest_of_two(&[("a", "A", 50.0, Some(1)), ("b", "A", 50.004, Some(1))],
    &[("x", "A", 50.003, Some(1)), ("y", "A", 50.001, Some(1))], &[Some(1), Some(0)])]
#[case::one_that_is_new(&[("a", "A", 50.0, Some(1))],
    &[("a", "A", 50.0, Some(1)), ("b", "A", 50.0, Some(1))], &[Some(0), None])]
fn stops_are_known_by_their_place(#[case] known: &[Stop], #[case] new: &[Stop], #[case] expected: &[Option<usize>]) {
    assert_eq!(same_stops(&places(known), &places(new)), expected);
}

/// Key, route, minute of departure, days of the month: a digit each.
type Run = (&'static str, usize, i32, &'static str);

fn days(days: &str) -> Vec<NaiveDate> {
    let day = |day: char| NaiveDate::from_ymd_opt(2026, 12, day.to_digit(10)?);
    days.chars().filter_map(day).collect()
}

fn trip<'a>((key, route, leaves, _): &Run, days: &'a [NaiveDate], calls: [Option<StopId>; 2]) -> Trip<'a> {
    Trip {
        key,
        route: *route,
        bus: "default",
        days,
        zone: "Europe/Kyiv",
        calls: vec![(calls[0], *leaves, *leaves), (calls[1], leaves + 60, leaves + 60)],
        withdrawn: false,
    }
}

fn same(known: &[Run], new: &[Run], withdrawn: bool) -> Vec<Option<usize>> {
    let (known_days, new_days): (Vec<_>, Vec<_>) = (
        known.iter().map(|run| days(run.3)).collect(),
        new.iter().map(|run| days(run.3)).collect(),
    );
    let stop = |number| Some(StopId(uuid::Uuid::from_u128(number)));
    let calls = [stop(1), stop(2)];
    let mut known: Vec<Trip<'_>> = known
        .iter()
        .zip(&known_days)
        .map(|(run, days)| trip(run, days, calls))
        .collect();
    known.iter_mut().for_each(|trip| trip.withdrawn = withdrawn);
    let new: Vec<Trip<'_>> = new
        .iter()
        .zip(&new_days)
        .map(|(run, days)| trip(run, days, calls))
        .collect();
    same_trips(&known, &new, &[Some(0), Some(1)])
}

#[rstest]
#[case::nothing_changed(&[("a", 0, 480, "1")], &[("a", 0, 480, "1")], &[Some(0)])]
#[case::another_id(&[("a", 0, 480, "1")], &[("x", 0, 480, "1")], &[Some(0)])]
#[case::ids_swapped(&[("a", 0, 480, "1"), ("b", 0, 600, "1")], &[("b", 0, 480, "1"), ("a", 0, 600, "1")], &[Some(0), Some(1)])]
#[case::the_run_outweighs_the_id(&[("a", 0, 480, "1"), ("b", 0, 600, "1")], &[("a", 0, 600, "1")], &[Some(1)])]
#[case::other_times_of_the_same_id(&[("a", 0, 480, "1")], &[("a", 0, 500, "1")], &[Some(0)])]
#[case::other_times_and_id(&[("a", 0, 480, "1")], &[("x", 0, 500, "1")], &[None])]
#[case::split_by_days(&[("a", 0, 480, "123")], &[("x", 0, 480, "3"), ("y", 0, 480, "12")], &[None, Some(0)])]
#[case::merged(&[("a", 0, 480, "1"), ("b", 0, 480, "23")], &[("x", 0, 480, "123")], &[Some(1)])]
#[case::route_between_equals(&[("a", 0, 480, "1"), ("b", 1, 480, "1")], &[("x", 1, 480, "1"), ("y", 0, 480, "1")], &[Some(1), Some(0)])]
fn trips_are_known_by_what_they_do(#[case] known: &[Run], #[case] new: &[Run], #[case] expected: &[Option<usize>]) {
    assert_eq!(same(known, new, false), expected);
    assert_eq!(same(known, new, true), expected, "withdrawn ones are found again");
}

#[test]
fn routes_and_agencies_are_known_by_their_names_and_by_what_runs_on_them() {
    let route = |key: &'static str, name: &'static str| Route {
        key,
        slug: name,
        name,
        agency: 0,
    };
    let known = [route("1", "north"), route("2", "south")];
    let none: [Trip<'_>; 0] = [];
    let same = |new: &[Route<'static>]| same_routes(&known, new, &none, &none);
    assert_eq!(same(&[route("2", "north"), route("1", "south")]), [Some(0), Some(1)]);
    assert_eq!(same(&[route("x", "south"), route("1", "east")]), [Some(1), Some(0)]);
    assert_eq!(same(&[route("x", "east")]), [None]);

    let agency = |key: &'static str, name: &'static str| Agency { key, name };
    let known = [agency("1", "Alpha"), agency("2", "Beta")];
    let same = |new: &[Agency<'static>], routes: &[(usize, usize)]| same_agencies(&known, new, routes.iter().copied());
    assert_eq!(
        same(&[agency("2", "ALPHA"), agency("1", "Beta")], &[]),
        [Some(0), Some(1)]
    );
    assert_eq!(same(&[agency("x", "Gamma")], &[(1, 0), (1, 0), (0, 0)]), [Some(1)]);
    assert_eq!(same(&[agency("1", "Gamma")], &[]), [Some(0)]);
    assert_eq!(same(&[agency("x", "Gamma")], &[]), [None]);
    assert_eq!(
        same_agencies(&known[..1], &[agency("x", "Gamma")], []),
        [Some(0)],
        "one each"
    );
}
