//! `stops.txt`: stops (location_type 0); stations, entrances and the like are no call points.

use std::collections::{BTreeMap, HashMap, HashSet};

use super::super::geo::Point;
use super::Files;
use super::findings::{Findings, Refusal};
use super::model::Stop;

/// Stops, and where each id stands.
pub struct Stops {
    /// In the order of the file.
    pub list: Vec<Stop>,
    ids: HashMap<String, usize>,
    /// Ids that a call may not name, with the reason.
    others: HashMap<String, &'static str>,
    zones: HashSet<String>,
}

impl Stops {
    /// The stop of this id.
    ///
    /// # Errors
    /// A reason to reject the row that names it.
    pub fn find(&self, id: &str) -> Result<usize, String> {
        match (self.ids.get(id), self.others.get(id)) {
            (Some(stop), _) => Ok(*stop),
            (None, Some(why)) => Err(format!("stop {id:?} {why}")),
            (None, None) => Err(format!("stop {id:?} is not in stops.txt")),
        }
    }

    /// Whether `stops.txt` has a row of this id, usable or not.
    #[must_use]
    pub fn is_known(&self, id: &str) -> bool {
        self.ids.contains_key(id) || self.others.contains_key(id)
    }

    /// Whether a stop lies in this zone.
    #[must_use]
    pub fn has_zone(&self, zone: &str) -> bool {
        self.zones.contains(zone)
    }
}

/// Reads `stops.txt`.
///
/// # Errors
/// When it is missing, empty or broken as a whole.
pub fn read(files: &Files, findings: &mut Findings) -> Result<Stops, Refusal> {
    let table = files.required("stops.txt")?;
    let (id, name) = (table.require("stop_id")?, table.require("stop_name")?);
    let (latitude, longitude) = (table.require("stop_lat")?, table.require("stop_lon")?);
    let (kind, zone) = (table.column("location_type"), table.column("zone_id"));
    let (address, platform) = (table.column("stop_desc"), table.column("platform_code"));
    let mut stops = Stops {
        list: Vec::new(),
        ids: HashMap::new(),
        others: HashMap::new(),
        zones: HashSet::new(),
    };
    let rows = table.each(findings, |row, _| {
        let id = row.id(id, "stop_id")?;
        if stops.is_known(id) {
            return Err(format!("stop {id:?} is defined twice; the first definition stays"));
        }
        if !matches!(row.get(kind), "" | "0") {
            stops
                .others
                .insert(id.to_owned(), "is not a stop (its location_type is not 0)");
            return Ok(());
        }
        let read = || {
            Ok(Stop {
                id: id.to_owned(),
                name: row.owned(name).ok_or("stop_name is blank")?,
                names: BTreeMap::new(),
                address: row.owned(address),
                platform: row.owned(platform),
                point: point(row.get(latitude), row.get(longitude))?,
                zone: row.owned(zone).filter(|zone| zone.len() <= 255),
            })
        };
        let stop = read().map_err(|reason: String| {
            stops.others.insert(id.to_owned(), "was rejected");
            format!("{reason}; stop {id:?} is left out")
        })?;
        stops.zones.extend(stop.zone.clone());
        stops.ids.insert(id.to_owned(), stops.list.len());
        stops.list.push(stop);
        Ok(())
    })?;
    if rows == 0 {
        return Err(Refusal::EmptyFile("stops.txt"));
    }
    Ok(stops)
}

fn point(latitude: &str, longitude: &str) -> Result<Point, String> {
    let degrees = |text: &str| text.parse::<f64>().ok();
    degrees(latitude)
        .zip(degrees(longitude))
        .and_then(|(latitude, longitude)| Point::new(latitude, longitude))
        .ok_or_else(|| format!("{latitude:?} {longitude:?} is no place on Earth"))
}
