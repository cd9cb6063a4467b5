//! `frequencies.txt`: templates, each of which stands for many trips. No bus runs at the times of a template itself.
//!
//! With `exact_times` 1 a row states departures: from `start_time` on every `headway_secs`, before `end_time`. Each
//! becomes a trip of its own. All others state an interval but no departure times: nothing of it is sold. The template
//! itself never is, even if its rows are invalid.

use std::collections::{HashMap, HashSet};

use super::clause::Clause;
use super::encoding::fields;
use super::files::Files;
use super::findings::Findings;
use super::model::{Call, Trip};
use super::remark::Remark;
use super::stop_times::time;
use super::table::Row;
use super::trips::{Draft, Named};

const FILE: &str = "frequencies.txt";
/// Most departures of one trip a day, one a minute; and most calls of all of them together.
const MOST_DEPARTURES: usize = 24 * 60;
const MOST_CALLS: usize = 4_000_000;

/// A row that states departures. Times are seconds since noon minus 12 hours of the service day.
#[derive(Debug, Clone, Copy)]
struct Range {
    /// The first departure.
    from: i32,
    /// After the last one.
    to: i32,
    headway: i32,
    line: u64,
}

impl Range {
    fn departures(self) -> impl Iterator<Item = i32> {
        (self.from..self.to).step_by(usize::try_from(self.headway).unwrap_or(usize::MAX).max(1))
    }
}

/// The trips that are templates, and the departures that they generate.
#[derive(Debug, Default)]
pub struct Frequencies {
    templates: HashMap<String, Vec<Range>>,
    /// Ids that an unreadable file may refer to.
    doubtful: HashSet<String>,
}

impl Frequencies {
    /// Reads the file. When it is unreadable as a whole, every trip that it may refer to is a template.
    pub fn read(files: &Files, trips: &Named<Draft>, findings: &mut Findings) -> Self {
        let read = files.optional(FILE, findings, |table, findings| {
            let mut templates: HashMap<String, Vec<Range>> = HashMap::new();
            let id = table.require("trip_id")?;
            let (start, end) = (table.require("start_time")?, table.require("end_time")?);
            let (headway, exact) = (table.require("headway_secs")?, table.column("exact_times"));
            let mut lost = Vec::new();
            let read = |row: &Row<'_>, _: &mut Findings| {
                let id = row.id(id, "trip_id")?;
                let ranges = templates.entry(id.to_owned()).or_default();
                if trips.find(id).is_none() {
                    return Err(Clause::TripUnknown { trip: id.into() }.into());
                }
                let mut read = || {
                    let range = Range {
                        from: time(row.get(start))?,
                        to: time(row.get(end))?,
                        headway: seconds(row.get(headway))?,
                        line: row.line,
                    };
                    match row.get(exact) {
                        "1" => add(ranges, range),
                        "" | "0" => Err(Clause::NotExact {}),
                        other => Err(Clause::ExactTimesInvalid { value: other.into() }),
                    }
                };
                read().map_err(|reason| Remark::from(reason).and(Clause::DeparturesLeftOut { trip: id.into() }))
            };
            table.each_row(findings, read, |row| lost.push(row.get(id).to_owned()))?;
            for id in lost {
                templates.entry(id).or_default();
            }
            Ok(templates)
        });
        match read {
            Ok(templates) => Self {
                templates: templates.unwrap_or_default(),
                ..Self::default()
            },
            Err(_) => Self {
                doubtful: fields(files.0.get(FILE).map(Vec::as_slice).unwrap_or_default()),
                ..Self::default()
            },
        }
    }

    /// The trips with every template replaced by its departures.
    #[must_use]
    pub fn expand(self, trips: Vec<Trip>, findings: &mut Findings) -> Vec<Trip> {
        if self.templates.is_empty() && self.doubtful.is_empty() {
            return trips;
        }
        let ids: HashSet<String> = trips.iter().map(|trip| trip.id.clone()).collect();
        let mut expanded = Vec::with_capacity(trips.len());
        let (mut templates, mut departures, mut remaining) = (0_usize, 0_usize, MOST_CALLS);
        for trip in trips {
            if self.doubtful.contains(&trip.id) {
                templates += 1;
                continue;
            }
            let Some(ranges) = self.templates.get(&trip.id) else {
                expanded.push(trip);
                continue;
            };
            templates += 1;
            let mut runs: Vec<(i32, u64)> = ranges
                .iter()
                .flat_map(|range| range.departures().map(|at| (at, range.line)))
                .take(MOST_DEPARTURES + 1)
                .collect();
            runs.sort_unstable();
            let calls = runs.len() * trip.calls.len();
            if runs.len() > MOST_DEPARTURES || calls > remaining {
                let line = ranges.first().map_or(1, |range| range.line);
                let reason = Remark::from(Clause::TooManyDepartures {});
                findings.flaw(FILE, line, reason.and(Clause::TripLeftOut { trip: trip.id }));
                continue;
            }
            remaining -= calls;
            for (at, line) in runs {
                let run = departing(&trip, at);
                if ids.contains(&run.id) {
                    let reason = Remark::from(Clause::TripExists { trip: run.id });
                    findings.flaw(FILE, line, reason.and(Clause::DepartureLeftOut {}));
                } else {
                    departures += 1;
                    expanded.push(run);
                }
            }
        }
        if templates > 0 {
            findings.notice(Clause::Templates {
                trips: templates.to_string(),
                departures: departures.to_string(),
            });
        }
        expanded
    }
}

/// Adds a range unless it is empty or overlaps an earlier one: it is unknown which of the two is right, and the earlier
/// one is kept.
fn add(ranges: &mut Vec<Range>, range: Range) -> Result<(), Clause> {
    if range.from >= range.to {
        return Err(Clause::TimesReversed {});
    }
    if let Some(first) = ranges
        .iter()
        .find(|other| other.from < range.to && range.from < other.to)
    {
        let line = first.line.to_string();
        return Err(Clause::OverlapsLine { line });
    }
    ranges.push(range);
    Ok(())
}

fn seconds(text: &str) -> Result<i32, Clause> {
    let plain = !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    let seconds = text.parse().ok().filter(|seconds| plain && *seconds > 0);
    seconds.ok_or_else(|| Clause::HeadwayInvalid { value: text.into() })
}

/// The trip as it leaves its first stop at that time. It is recognised by template and time, so it is the same one in
/// the next version of the feed.
fn departing(template: &Trip, at: i32) -> Trip {
    let shift = at - template.calls.first().map_or(0, |first| first.departure);
    let mut calls: Vec<Call> = template.calls.clone();
    for call in &mut calls {
        call.arrival += shift;
        call.departure += shift;
    }
    if let Some(first) = calls.first_mut() {
        // There is no arrival at the first stop, and times before midnight of the service day do not exist.
        first.arrival = first.departure;
    }
    let (hours, minutes, seconds) = (at / 3_600, at / 60 % 60, at % 60);
    Trip {
        id: format!("{}@{hours:02}:{minutes:02}:{seconds:02}", template.id),
        calls,
        ..template.clone()
    }
}
