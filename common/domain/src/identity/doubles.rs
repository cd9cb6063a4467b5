//! Trips that a feed has twice.

use std::collections::{HashMap, HashSet};

use chrono::NaiveDate;

use crate::gtfs::model::{Call, Service, Trip};
use crate::gtfs::{Clause, Feed};

/// Equal for trips that run the same way: agency, names of the route, bus, and where and when they call.
type Run<'a> = (usize, &'a str, &'a str, Option<&'a str>, Vec<(usize, i32, i32)>);

/// Leaves out what a feed has twice: of two trips of one route that call at the same stops at the same times with the
/// same bus, the later one in the file loses the days on which both run, since a bus cannot run twice at the same time.
/// Returns a clause for each such trip.
#[must_use]
pub fn leave_out_doubles(feed: &mut Feed) -> Vec<Clause> {
    let mut lines = Vec::new();
    let mut kept: Vec<Option<Vec<NaiveDate>>> = vec![None; feed.trips.len()];
    let mut by_run: HashMap<Run<'_>, Vec<usize>> = HashMap::new();
    for (at, trip) in feed.trips.iter().enumerate() {
        by_run.entry(run(feed, trip)).or_default().push(at);
    }
    let mut groups: Vec<Vec<usize>> = by_run.into_values().filter(|trips| trips.len() > 1).collect();
    groups.sort_unstable();
    for trips in groups {
        let mut first: HashMap<NaiveDate, usize> = HashMap::new();
        for at in trips {
            let days = &feed.services[feed.trips[at].service].days;
            let (own, double): (Vec<NaiveDate>, Vec<NaiveDate>) = days.iter().partition(|day| !first.contains_key(day));
            if let Some(other) = double.first().and_then(|day| first.get(day)) {
                lines.push(Clause::TripAgain {
                    trip: feed.trips[at].id.clone(),
                    other: feed.trips[*other].id.clone(),
                    days: double.len().to_string(),
                });
                kept[at] = Some(own.clone());
            }
            first.extend(own.into_iter().map(|day| (day, at)));
        }
    }
    let mut gone = HashSet::new();
    for (at, days) in kept.into_iter().enumerate() {
        let Some(days) = days else { continue };
        if days.is_empty() {
            gone.insert(at);
            continue;
        }
        let trip = &mut feed.trips[at];
        let id = format!("{}~{}", feed.services[trip.service].id, trip.id);
        trip.service = feed.services.len();
        feed.services.push(Service { id, days });
    }
    let mut at = 0..;
    feed.trips.retain(|_| at.next().is_some_and(|at| !gone.contains(&at)));
    lines
}

fn run<'a>(feed: &'a Feed, trip: &'a Trip) -> Run<'a> {
    let route = &feed.routes[trip.route];
    let calls = trip
        .calls
        .iter()
        .map(|call: &Call| (call.stop, call.arrival, call.departure));
    (
        route.agency,
        &route.slug,
        &route.name,
        trip.block.as_deref(),
        calls.collect(),
    )
}
