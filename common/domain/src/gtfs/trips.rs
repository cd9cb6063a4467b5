//! `routes.txt` and `trips.txt`.

use std::collections::HashMap;

use super::super::slug::slug;
use super::agencies::Agencies;
use super::calendar::Calendar;
use super::clause::Clause;
use super::files::Files;
use super::findings::{Findings, Refusal};
use super::model::{Route, Trip};
use super::remark::Remark;

/// The objects of a file, and the position of each id; `None` for an id whose row was rejected.
pub struct Named<T> {
    /// Valid ones, in the order of the file.
    pub list: Vec<T>,
    ids: HashMap<String, Option<usize>>,
}

impl<T> Default for Named<T> {
    fn default() -> Self {
        Self {
            list: Vec::new(),
            ids: HashMap::new(),
        }
    }
}

impl<T> Named<T> {
    /// The object of this id: `None` when the file has no such row, `Some(None)` when its row was rejected.
    #[must_use]
    pub fn find(&self, id: &str) -> Option<Option<usize>> {
        self.ids.get(id).copied()
    }

    /// Adds the outcome of a row. An id that is already there keeps its first definition.
    fn add(&mut self, id: &str, outcome: Result<T, Clause>) -> Result<(), Remark> {
        if self.ids.contains_key(id) {
            return Err(Clause::IdTwice { id: id.into() }.into());
        }
        let position = outcome.is_ok().then_some(self.list.len());
        self.ids.insert(id.to_owned(), position);
        let left_out = |reason| Remark::from(reason).and(Clause::IdLeftOut { id: id.into() });
        self.list.push(outcome.map_err(left_out)?);
        Ok(())
    }
}

/// Reads `routes.txt`.
///
/// # Errors
/// When it is missing, empty or unreadable as a whole.
pub fn read_routes(files: &Files, agencies: &Agencies, findings: &mut Findings) -> Result<Named<Route>, Refusal> {
    let table = files.required("routes.txt")?;
    let (id, agency) = (table.require("route_id")?, table.column("agency_id"));
    let (short, long) = (table.column("route_short_name"), table.column("route_long_name"));
    let (description, network) = (table.column("route_desc"), table.column("network_id"));
    let mut routes = Named::default();
    let rows = table.each(findings, |row, _| {
        let id = row.id(id, "route_id")?;
        let names = format!("{} {}", row.get(short), row.get(long));
        let outcome = agencies.find(row.get(agency)).map(|agency| Route {
            id: id.to_owned(),
            agency,
            name: row.some(long).or(row.some(short)).unwrap_or(id).to_owned(),
            slug: [slug(&names), slug(id)]
                .into_iter()
                .find(|s| !s.is_empty())
                .unwrap_or_else(|| "route".to_owned()),
            description: row.owned(description),
            network: row.owned(network),
        });
        routes.add(id, outcome)
    })?;
    if rows == 0 {
        return Err(Refusal::EmptyFile("routes.txt"));
    }
    Ok(routes)
}

/// A trip and its line; its calls are still to be read.
pub struct Draft {
    /// The trip.
    pub trip: Trip,
    /// Line in `trips.txt`.
    pub line: u64,
}

/// Reads `trips.txt`.
///
/// # Errors
/// When it is missing, empty or unreadable as a whole.
pub fn read(
    files: &Files,
    routes: &Named<Route>,
    calendar: &Calendar,
    findings: &mut Findings,
) -> Result<Named<Draft>, Refusal> {
    let table = files.required("trips.txt")?;
    let id = table.require("trip_id")?;
    let (route, service) = (table.require("route_id")?, table.require("service_id")?);
    let block = table.column("block_id");
    let mut trips = Named::default();
    let rows = table.each(findings, |row, _| {
        let id = row.id(id, "trip_id")?;
        let read = || {
            let route = row.get(route);
            let route = match routes.find(route) {
                Some(Some(route)) => Ok(route),
                Some(None) => Err(Clause::RouteRejected { route: route.into() }),
                None => Err(Clause::RouteUnknown { route: route.into() }),
            }?;
            let trip = Trip {
                id: id.to_owned(),
                route,
                service: calendar.find(row.get(service))?,
                block: row.owned(block).filter(|block| block.len() <= 255),
                calls: Vec::new(),
            };
            Ok(Draft { trip, line: row.line })
        };
        trips.add(id, read())
    })?;
    if rows == 0 {
        return Err(Refusal::EmptyFile("trips.txt"));
    }
    Ok(trips)
}
