//! Detects that a feed is an existing one under a new key, so that nothing is offered twice.

use std::collections::{HashMap, HashSet};
use std::fmt;

use chrono::{DateTime, Utc};
use db::timetable::call::{self, CallRow};
use db::timetable::likeness::{self as stored, OtherFeed, Outline};
use domain::fold::fold;
use domain::geo::Point;
use domain::gtfs::Feed;
use domain::gtfs::model::{Agency, Trip};
use domain::id::{FeedId, StopId};
use sqlx::PgConnection;

use super::options::ImportOptions;
use super::owner::company_slug;
use crate::error::AppResult;

/// Maximum distance in metres of stops of two feeds that count as the same place.
const SAME_PLACE: f64 = 250.0;
/// Length of a degree of latitude in metres, rounded down.
const DEGREE: f64 = 111_000.0;

/// Why a feed seems to be another one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Likeness {
    /// Key of the existing feed.
    pub other: String,
    /// Key that this feed would have.
    pub key: String,
    /// Whether a feed with that key exists too.
    pub is_update: bool,
    /// Agencies of both feeds.
    pub agencies: Vec<String>,
    /// How many of its stops the other feed has too, and how many it has in all.
    pub stops: (usize, usize),
    /// How many of its trips also run in the other feed, on a common day at the same times, and how many it has in all.
    pub trips: (usize, usize),
}

impl Likeness {
    /// It is the same feed if half of the trips match. With a common agency one trip is enough or, for a new key, half
    /// of the stops.
    fn is_same_feed(&self) -> bool {
        let half = |(common, all): (usize, usize)| common > 0 && common * 2 >= all;
        let of_same_agency = self.trips.0 > 0 || (!self.is_update && half(self.stops));
        half(self.trips) || (!self.agencies.is_empty() && of_same_agency)
    }
}

impl fmt::Display for Likeness {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (other, key) = (&self.other, &self.key);
        write!(f, "it looks like feed {other:?}, which already exists (")?;
        if !self.agencies.is_empty() {
            write!(f, "same agencies: {}; ", self.agencies.join(", "))?;
        }
        let ((stops, all_stops), (trips, all_trips)) = (self.stops, self.trips);
        write!(
            f,
            "{stops} of {all_stops} stops are the same, {trips} of {all_trips} trips run in both), but its key is {key:?}, \
             and all of it would be for sale twice. "
        )?;
        let options = match other.split_once('/') {
            Some((company, name)) => format!("--company {company} --feed {name}"),
            None if key.contains('/') => format!("--feed {other} and without --company"),
            None => format!("--feed {other}"),
        };
        write!(
            f,
            "To update feed {other:?}, import with {options}; if it really is another feed, import with --new-feed"
        )
    }
}

/// A feed that is about to be imported.
#[derive(Clone, Copy)]
pub struct Newcomer<'a> {
    /// Its content.
    pub feed: &'a Feed,
    /// Its id.
    pub id: FeedId,
    /// Its key.
    pub key: &'a str,
    /// Whether a feed with this key exists.
    pub is_update: bool,
    /// How it is imported.
    pub options: &'a ImportOptions,
}

/// Finds the feed of which this one is most likely a new version. `is_new` marks its trips that the last import did not
/// have.
///
/// # Errors
/// Database errors only.
pub async fn find(
    conn: &mut PgConnection,
    newcomer: Newcomer<'_>,
    is_new: &[bool],
    now: DateTime<Utc>,
) -> AppResult<Option<Likeness>> {
    let Newcomer { feed, id, .. } = newcomer;
    let others = stored::others(conn, id, now).await?;
    if others.is_empty() || !is_new.contains(&true) {
        return Ok(None);
    }
    let ids: Vec<FeedId> = others.iter().map(|other| other.id).collect();
    let stops = stored::stops(conn, &ids).await?;
    let places = Meeting::of(feed, &stops);
    let with_common_stops: Vec<FeedId> = ids
        .into_iter()
        .filter(|id| places.common.get(id).is_some_and(|stops| stops.len() > 1))
        .collect();
    if with_common_stops.is_empty() {
        return Ok(None);
    }
    let trips = common_trips(conn, feed, is_new, &with_common_stops, &places).await?;
    let likeness = |other: &OtherFeed| Likeness {
        other: other.key.clone(),
        key: newcomer.key.to_owned(),
        is_update: newcomer.is_update,
        agencies: common_agencies(newcomer, other),
        stops: (places.common.get(&other.id).map_or(0, HashSet::len), feed.stops.len()),
        trips: (trips.get(&other.id).map_or(0, HashSet::len), feed.trips.len()),
    };
    let likenesses = others.iter().map(likeness).filter(Likeness::is_same_feed);
    Ok(likenesses.max_by_key(|likeness| (likeness.trips.0, likeness.stops.0)))
}

fn common_agencies(Newcomer { feed, options, .. }: Newcomer<'_>, other: &OtherFeed) -> Vec<String> {
    let plain = |name: &str| fold(name.strip_suffix(" (SYNTHETIC)").unwrap_or(name));
    let carriers: HashSet<String> = other.carriers.iter().map(|name| plain(name)).collect();
    let is_common = |agency: &&Agency| {
        let company = options.company.clone().unwrap_or_else(|| company_slug(agency));
        other.companies.contains(&company) || carriers.contains(&plain(&agency.name))
    };
    let common = feed.agencies.iter().filter(is_common);
    common.map(|agency| agency.name.clone()).collect()
}

/// Stops that the feed has in common with other feeds.
struct Meeting {
    /// For each stop of another feed, the stops of this one at the same place.
    here: HashMap<StopId, Vec<usize>>,
    /// For each other feed, the stops of this one that it has too.
    common: HashMap<FeedId, HashSet<usize>>,
}

impl Meeting {
    fn of(feed: &Feed, others: &[(FeedId, StopId, Point)]) -> Self {
        let mut sorted: Vec<(Point, usize)> = feed
            .stops
            .iter()
            .enumerate()
            .filter_map(|(at, stop)| Some((stop.point?, at)))
            .collect();
        sorted.sort_by(|a, b| a.0.latitude.total_cmp(&b.0.latitude));
        let band = SAME_PLACE / DEGREE;
        let mut meeting = Self {
            here: HashMap::new(),
            common: HashMap::new(),
        };
        for (feed_id, stop_id, point) in others {
            let start = sorted.partition_point(|(own, _)| own.latitude < point.latitude - band);
            let near = sorted[start..]
                .iter()
                .take_while(|(own, _)| own.latitude <= point.latitude + band)
                .filter(|(own, _)| own.meters_to(*point) <= SAME_PLACE);
            for (_, at) in near {
                meeting.here.entry(*stop_id).or_default().push(*at);
                meeting.common.entry(*feed_id).or_default().insert(*at);
            }
        }
        meeting
    }

    fn are_same(&self, stop: StopId, own: usize) -> bool {
        self.here.get(&stop).is_some_and(|stops| stops.contains(&own))
    }
}

/// For each other feed, the new trips of this one that also run there.
async fn common_trips(
    conn: &mut PgConnection,
    feed: &Feed,
    is_new: &[bool],
    others: &[FeedId],
    places: &Meeting,
) -> AppResult<HashMap<FeedId, HashSet<usize>>> {
    let mut by_outline: HashMap<(i32, i32, i64), Vec<usize>> = HashMap::new();
    for (at, trip) in feed.trips.iter().enumerate().filter(|(at, _)| is_new[*at]) {
        by_outline.entry(outline(trip)).or_default().push(at);
    }
    let mut departures: Vec<i32> = by_outline.keys().map(|(departure, ..)| *departure).collect();
    departures.sort_unstable();
    departures.dedup();
    let mut alike: Vec<Outline> = stored::outlines(conn, others, &departures).await?;
    alike.retain(|trip| by_outline.contains_key(&(trip.departure, trip.arrival, trip.calls)));
    let trips: Vec<_> = alike.iter().map(|trip| trip.trip_id).collect();
    let services: Vec<_> = alike.iter().map(|trip| trip.service_id).collect();
    let calls = call::of_trips(conn, &trips).await?;
    let calls: HashMap<_, &[CallRow]> = calls
        .chunk_by(|a, b| a.trip_id == b.trip_id)
        .map(|calls| (calls[0].trip_id, calls))
        .collect();
    let days: HashMap<_, _> = stored::days(conn, &services).await?.into_iter().collect();
    let mut common: HashMap<FeedId, HashSet<usize>> = HashMap::new();
    for other in alike {
        let (Some(calls), Some(days)) = (calls.get(&other.trip_id), days.get(&other.service_id)) else {
            continue;
        };
        for at in &by_outline[&(other.departure, other.arrival, other.calls)] {
            let trip = &feed.trips[*at];
            let own_days = &feed.services[trip.service].days;
            if runs_alike(trip, calls, places) && own_days.iter().any(|day| days.binary_search(day).is_ok()) {
                common.entry(other.feed_id).or_default().insert(*at);
            }
        }
    }
    Ok(common)
}

fn outline(trip: &Trip) -> (i32, i32, i64) {
    let departure = trip.calls.first().map_or(0, |call| call.departure);
    let arrival = trip.calls.last().map_or(0, |call| call.arrival);
    (departure, arrival, i64::try_from(trip.calls.len()).unwrap_or(i64::MAX))
}

fn runs_alike(trip: &Trip, calls: &[CallRow], places: &Meeting) -> bool {
    let last = trip.calls.len().saturating_sub(1);
    trip.calls.len() == calls.len()
        && trip.calls.iter().zip(calls).enumerate().all(|(at, (own, other))| {
            (at == 0 || own.arrival == other.arrival)
                && (at == last || own.departure == other.departure)
                && places.are_same(other.stop_id, own.stop)
        })
}
