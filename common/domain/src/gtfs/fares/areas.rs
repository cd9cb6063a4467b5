//! `stop_areas.txt` and `route_networks.txt` (Fares V2): to which stops and routes a fare applies.

use std::collections::{BTreeSet, HashMap, HashSet};

use super::super::clause::Clause;
use super::super::files::{Files, LeftOut};
use super::super::findings::Findings;
use super::super::model::{Route, Stop};
use super::super::stops::Stops;
use super::super::trips::Named;

/// Longest name of a zone that is stored.
const LONGEST: usize = 255;

/// The areas of each stop.
#[derive(Debug, Default)]
pub struct Areas {
    of_stop: Vec<BTreeSet<String>>,
}

impl Areas {
    /// Reads `stop_areas.txt`. A station stands for all of its stops.
    ///
    /// # Errors
    /// When the file is unreadable as a whole.
    pub fn read(files: &Files, stops: &Stops, findings: &mut Findings) -> Result<Self, LeftOut> {
        let mut by_id: HashMap<String, BTreeSet<String>> = HashMap::new();
        files.optional("stop_areas.txt", findings, |table, findings| {
            let (area, stop) = (table.require("area_id")?, table.require("stop_id")?);
            table.each(findings, |row, _| {
                let (area, stop) = (row.id(area, "area_id")?, row.id(stop, "stop_id")?);
                if !stops.is_known(stop) {
                    return Err(Clause::StopUnknown { stop: stop.into() }.into());
                }
                by_id.entry(stop.to_owned()).or_default().insert(area.to_owned());
                Ok(())
            })
        })?;
        let areas = |id: &str| by_id.get(id).cloned().unwrap_or_default();
        let of_stop = |(position, stop): (usize, &Stop)| {
            let mut own = areas(&stop.id);
            own.extend(stops.station(position).map(areas).unwrap_or_default());
            own
        };
        Ok(Self {
            of_stop: stops.list.iter().enumerate().map(of_stop).collect(),
        })
    }

    /// The areas of the stop at this position.
    pub fn of(&self, stop: usize) -> &BTreeSet<String> {
        &self.of_stop[stop]
    }

    /// Whether a stop is in this area.
    pub fn has(&self, area: &str) -> bool {
        self.of_stop.iter().any(|areas| areas.contains(area))
    }

    /// A name for each stop: the same one for stops in the same zone (of Fares V1) and the same areas.
    pub fn zones(&self, stops: &Stops) -> Vec<String> {
        let mut names: HashMap<(Option<&str>, &BTreeSet<String>), String> = HashMap::new();
        let mut taken: HashSet<String> = HashSet::new();
        let mut zones = Vec::with_capacity(stops.list.len());
        for (stop, areas) in stops.list.iter().zip(&self.of_stop) {
            let zone = stop.zone.as_deref();
            let name = names.entry((zone, areas)).or_insert_with(|| {
                let parts: Vec<&str> = zone.into_iter().chain(areas.iter().map(String::as_str)).collect();
                let mut name = if parts.is_empty() {
                    "-".to_owned()
                } else {
                    parts.join("+")
                };
                if name.len() > LONGEST || taken.contains(&name) {
                    name = format!("#{}", taken.len());
                }
                taken.insert(name.clone());
                name
            });
            zones.push(name.clone());
        }
        zones
    }
}

/// The networks of each route: `networks.txt` only names them, `routes.txt` or `route_networks.txt` says which are in
/// one.
///
/// # Errors
/// When `route_networks.txt` is unreadable as a whole.
pub fn networks(
    files: &Files,
    routes: &Named<Route>,
    findings: &mut Findings,
) -> Result<Vec<BTreeSet<String>>, LeftOut> {
    let mut of_route: Vec<BTreeSet<String>> = routes
        .list
        .iter()
        .map(|route| route.network.clone().into_iter().collect())
        .collect();
    files.optional("route_networks.txt", findings, |table, findings| {
        let (network, route) = (table.require("network_id")?, table.require("route_id")?);
        table.each(findings, |row, _| {
            let (network, route) = (row.id(network, "network_id")?, row.id(route, "route_id")?);
            match routes.find(route) {
                Some(Some(position)) => {
                    of_route[position].insert(network.to_owned());
                    Ok(())
                }
                Some(None) => Ok(()),
                None => Err(Clause::RouteUnknown { route: route.into() }.into()),
            }
        })
    })?;
    Ok(of_route)
}
