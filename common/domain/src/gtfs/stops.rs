//! `stops.txt`: stops (location_type 0). Trips do not call at stations, entrances and the like.
//!
//! A stop without a position or a name is kept in its trips, but no tickets are sold from it or to it. What is missing
//! in the row of the stop is taken from its station, if it is there.

use std::collections::{BTreeMap, HashMap};

use super::super::geo::Point;
use super::clause::Clause;
use super::files::Files;
use super::findings::{Findings, Refusal};
use super::model::Stop;
use super::remark::Remark;
use super::table::{blank, too_long};

/// Stops, and the position of each id.
pub struct Stops {
    /// In the order of the file.
    pub list: Vec<Stop>,
    ids: HashMap<String, usize>,
    /// Ids at which no trip may call.
    others: HashMap<String, Other>,
    /// By position, the station that a stop belongs to.
    parents: HashMap<usize, String>,
}

/// Why no trip may call there.
#[derive(Clone, Copy)]
enum Other {
    /// It is a station, an entrance or the like.
    NoStop,
    /// Its row cannot be used.
    Rejected,
}

impl Stops {
    /// The stop of this id.
    ///
    /// # Errors
    /// A reason to reject the row that names it.
    pub fn find(&self, id: &str) -> Result<usize, Clause> {
        let stop = || id.to_owned();
        match (self.ids.get(id), self.others.get(id)) {
            (Some(known), _) => Ok(*known),
            (None, Some(Other::NoStop)) => Err(Clause::NotAStop { stop: stop() }),
            (None, Some(Other::Rejected)) => Err(Clause::StopRejected { stop: stop() }),
            (None, None) => Err(Clause::StopUnknown { stop: stop() }),
        }
    }

    /// Whether `stops.txt` has a row of this id, usable or not.
    #[must_use]
    pub fn is_known(&self, id: &str) -> bool {
        self.ids.contains_key(id) || self.others.contains_key(id)
    }

    /// The station that the stop at this position belongs to.
    #[must_use]
    pub fn station(&self, stop: usize) -> Option<&str> {
        self.parents.get(&stop).map(String::as_str)
    }
}

/// What a stop may inherit from its station.
#[derive(Default)]
struct Station {
    name: Option<String>,
    point: Option<Point>,
}

/// A stop whose row is incomplete.
struct Vague {
    stop: usize,
    line: u64,
    station: String,
    nameless: bool,
    /// What is wrong with its point.
    nowhere: Option<Clause>,
}

/// Reads `stops.txt`.
///
/// # Errors
/// When it is missing, empty or unreadable as a whole.
pub fn read(files: &Files, findings: &mut Findings) -> Result<Stops, Refusal> {
    let table = files.required("stops.txt")?;
    let (id, name) = (table.require("stop_id")?, table.require("stop_name")?);
    let (latitude, longitude) = (table.require("stop_lat")?, table.require("stop_lon")?);
    let (kind, zone) = (table.column("location_type"), table.column("zone_id"));
    let (address, platform) = (table.column("stop_desc"), table.column("platform_code"));
    let parent = table.column("parent_station");
    let mut stops = Stops {
        list: Vec::new(),
        ids: HashMap::new(),
        others: HashMap::new(),
        parents: HashMap::new(),
    };
    let mut stations: HashMap<String, Station> = HashMap::new();
    let mut vague = Vec::new();
    let rows = table.each(findings, |row, _| {
        let id = row.id(id, "stop_id")?;
        if stops.is_known(id) {
            return Err(Clause::StopTwice { stop: id.into() }.into());
        }
        let point = point(row.get(latitude), row.get(longitude));
        if !matches!(row.get(kind), "" | "0") {
            let station = Station {
                name: row.owned(name),
                point: point.ok(),
            };
            stations.insert(id.to_owned(), station);
            stops.others.insert(id.to_owned(), Other::NoStop);
            return Ok(());
        }
        let zone = row.owned(zone);
        if zone.as_ref().is_some_and(|zone| zone.len() > 255) {
            stops.others.insert(id.to_owned(), Other::Rejected);
            let reason = Remark::from(too_long("zone_id", 255));
            return Err(reason.and(Clause::StopLeftOut { stop: id.into() }));
        }
        let station = row.get(parent).to_owned();
        let stop = Stop {
            id: id.to_owned(),
            name: row.some(name).unwrap_or(id).to_owned(),
            names: BTreeMap::new(),
            address: row.owned(address),
            platform: row.owned(platform),
            point: point.as_ref().ok().copied(),
            zone,
            on_sale: true,
        };
        if point.is_err() || row.some(name).is_none() {
            vague.push(Vague {
                stop: stops.list.len(),
                line: row.line,
                station: station.clone(),
                nameless: row.some(name).is_none(),
                nowhere: point.err(),
            });
        }
        if !station.is_empty() {
            stops.parents.insert(stops.list.len(), station);
        }
        stops.ids.insert(id.to_owned(), stops.list.len());
        stops.list.push(stop);
        Ok(())
    })?;
    if rows == 0 {
        return Err(Refusal::EmptyFile("stops.txt"));
    }
    complete(&mut stops.list, vague, &stations, findings);
    Ok(stops)
}

/// Completes stops from their stations, and takes those off sale that stay incomplete.
fn complete(stops: &mut [Stop], vague: Vec<Vague>, stations: &HashMap<String, Station>, findings: &mut Findings) {
    let mut inherited = 0_usize;
    for vague in vague {
        let stop = &mut stops[vague.stop];
        let station = stations.get(&vague.station);
        let mut wrong = Vec::new();
        if vague.nameless {
            match station.and_then(|station| station.name.clone()) {
                Some(name) => stop.name = name,
                None => wrong.push(blank("stop_name")),
            }
        }
        if let Some(reason) = vague.nowhere {
            stop.point = station.and_then(|station| station.point);
            if stop.point.is_none() {
                wrong.push(reason);
            }
        }
        if wrong.is_empty() {
            inherited += 1;
        } else {
            stop.on_sale = false;
            let reasons: Vec<String> = wrong.iter().map(ToString::to_string).collect();
            let reason = Remark::new(reasons.join(", and "), wrong);
            let stop = stop.id.clone();
            findings.flaw("stops.txt", vague.line, reason.and(Clause::StopNotSold { stop }));
        }
    }
    if inherited > 0 {
        let stops = inherited.to_string();
        findings.notice(Clause::StationsInherited { stops });
    }
}

/// Positions nearer than this to the point 0, 0 (in the sea) or to a pole, in degrees, are placeholders and not real:
/// the canonical GTFS validator uses the same limit.
const NOWHERE: f64 = 1.0;

fn point(latitude: &str, longitude: &str) -> Result<Point, Clause> {
    if latitude.is_empty() && longitude.is_empty() {
        return Err(Clause::PositionBlank {});
    }
    let degrees = |text: &str| text.parse::<f64>().ok();
    let point = degrees(latitude)
        .zip(degrees(longitude))
        .and_then(|(latitude, longitude)| Point::new(latitude, longitude))
        .ok_or_else(|| Clause::PositionInvalid {
            latitude: latitude.into(),
            longitude: longitude.into(),
        })?;
    let at_origin = point.latitude.abs() <= NOWHERE && point.longitude.abs() <= NOWHERE;
    if at_origin || point.latitude.abs() >= 90.0 - NOWHERE {
        return Err(Clause::PositionImplausible {
            latitude: latitude.into(),
            longitude: longitude.into(),
        });
    }
    Ok(point)
}
