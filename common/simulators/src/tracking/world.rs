//! The buses of the simulator: those of demo feeds along their timetables, and as many others as a bench wants.

use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};

use chrono::{DateTime, TimeDelta, Utc};
use clients::gtfs_source::{self, SourceError};
use domain::geo::Point;
use domain::gtfs::model::Call;
use domain::gtfs::{self, Feed, Findings, Refusal, Terms, Window, vehicles};
use domain::position::RawFix;
use domain::zone::Zone;

use super::drive::{Leg, Motion};

/// How far back and ahead timetables are driven.
const BEFORE: TimeDelta = TimeDelta::days(14);
const AFTER: TimeDelta = TimeDelta::days(60);
/// Speed of a bus without passengers, as the crow flies.
const DEADHEAD_KMH: f64 = 70.0;
/// Number of the first bus of a feed.
const FIRST_ID: u64 = 34_868;

/// A bus with a tracker.
#[derive(Debug, Clone, PartialEq)]
pub struct Unit {
    /// The provider's number.
    pub id: u64,
    /// Whose it is: the slug of a company, or `fleet-7`.
    pub fleet: String,
    /// Display name.
    pub name: String,
    /// Its number plate.
    pub registration_number: Option<String>,
    motion: Motion,
}

impl Unit {
    /// The position that it reports.
    #[must_use]
    pub fn fix(&self, now: DateTime<Utc>) -> Option<RawFix> {
        self.motion.fix(now)
    }
}

/// All buses.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct World {
    /// The buses; each number occurs once.
    pub units: Vec<Unit>,
}

/// Why demo feeds cannot be driven.
#[derive(Debug, thiserror::Error)]
pub enum WorldError {
    /// The folder cannot be read.
    #[error("{} cannot be read: {source}", folder.display())]
    Folder {
        /// The folder.
        folder: PathBuf,
        /// The cause.
        #[source]
        source: io::Error,
    },
    /// A feed cannot be read.
    #[error(transparent)]
    Source(Box<SourceError>),
    /// A feed is refused.
    #[error(transparent)]
    Feed(#[from] Refusal),
}

impl From<SourceError> for WorldError {
    fn from(error: SourceError) -> Self {
        Self::Source(Box::new(error))
    }
}

impl World {
    /// The buses of every feed in a folder, along their timetables around `now`. Reads the disk.
    ///
    /// # Errors
    /// When a feed cannot be read.
    pub fn of_feeds(folder: &Path, now: DateTime<Utc>) -> Result<Self, WorldError> {
        let failed = |source| WorldError::Folder {
            folder: folder.to_owned(),
            source,
        };
        let entries: Result<Vec<PathBuf>, io::Error> = std::fs::read_dir(folder)
            .map_err(failed)?
            .map(|entry| entry.map(|entry| entry.path()))
            .collect();
        let mut feeds = entries.map_err(failed)?;
        feeds.retain(|path| path.join("agency.txt").is_file());
        feeds.sort_unstable();
        let mut units = Vec::new();
        for path in feeds {
            let source = gtfs_source::read(&path, None)?;
            units.extend(of_feed(&source.files, now)?);
        }
        // A list of vehicles beside the feeds names the buses of all.
        units.sort_by(|a, b| a.name.cmp(&b.name));
        units.dedup_by(|a, b| a.name == b.name);
        for (id, unit) in (FIRST_ID..).zip(&mut units) {
            unit.id = id;
        }
        Ok(Self { units })
    }

    /// With invented companies (`fleet-0`, `fleet-1` ...) of `size` buses each, which drive in circles.
    #[must_use]
    pub fn with_accounts(mut self, fleets: u32, size: u32) -> Self {
        for fleet in 0..fleets {
            for bus in 0..size {
                let number = u64::from(fleet) * 1_000_000 + u64::from(bus);
                self.units.push(Unit {
                    id: 1_000_000 + number,
                    fleet: format!("fleet-{fleet}"),
                    name: format!("SYNTHETIC {fleet}-{bus}"),
                    registration_number: None,
                    motion: Motion::Circle {
                        center: Point {
                            latitude: 48.0 + f64::from(fleet % 10) / 5.0,
                            longitude: 24.0 + f64::from(bus % 100) / 20.0,
                        },
                        ahead: i64::from(bus),
                    },
                });
            }
        }
        self
    }

    /// With a bus whose position is unknown until it is set.
    #[must_use]
    pub fn with_unit(mut self, id: u64, fleet: &str, name: &str, registration_number: Option<&str>) -> Self {
        self.units.push(Unit {
            id,
            fleet: fleet.to_owned(),
            name: name.to_owned(),
            registration_number: registration_number.map(ToOwned::to_owned),
            motion: Motion::Unknown,
        });
        self
    }
}

/// The buses of a feed that trips name.
fn of_feed(files: &gtfs::Files, now: DateTime<Utc>) -> Result<Vec<Unit>, WorldError> {
    let window = Window {
        from: (now - BEFORE).date_naive(),
        to: (now + AFTER).date_naive(),
    };
    let terms = Terms {
        now,
        window: Some(window),
        shift_calendar: true,
        ..Terms::default()
    };
    let (feed, _) = gtfs::compile(files, &terms)?;
    let vehicles = vehicles::read(files, &mut Findings::default())?;
    let mut runs = runs(&feed);
    Ok(vehicles
        .into_iter()
        .filter_map(|vehicle| {
            let runs = runs.remove(vehicle.bus.as_str())?;
            Some(Unit {
                id: 0,
                fleet: vehicle.company,
                name: if feed.synthetic {
                    format!("{} (SYNTHETIC)", vehicle.bus)
                } else {
                    vehicle.bus
                },
                registration_number: vehicle.registration_number,
                motion: Motion::Legs(chain(runs)),
            })
        })
        .collect())
}

/// A trip on a service day, as the legs that a bus drives.
type Run = Vec<Leg>;

/// The runs of every bus.
fn runs(feed: &Feed) -> BTreeMap<&str, Vec<Run>> {
    let mut runs: BTreeMap<&str, Vec<Run>> = BTreeMap::new();
    for trip in &feed.trips {
        let agency = &feed.agencies[feed.routes[trip.route].agency];
        let (Some(block), Ok(zone)) = (trip.block.as_deref(), Zone::named(&agency.time_zone)) else {
            continue;
        };
        for day in &feed.services[trip.service].days {
            let start = zone.service_day_start(*day);
            let at = |seconds: i32| start + TimeDelta::seconds(seconds.into());
            let placed: Vec<(&Call, Point)> = trip
                .calls
                .iter()
                .filter_map(|call| Some((call, feed.stops[call.stop].point?)))
                .collect();
            let legs = placed.windows(2).filter_map(|pair| match pair {
                [(from, start), (to, end)] => Some(Leg {
                    leaves_at: at(from.departure),
                    arrives_at: at(to.arrival),
                    from: *start,
                    to: *end,
                }),
                _ => None,
            });
            runs.entry(block).or_default().push(legs.collect());
        }
    }
    runs
}

/// The runs of a block that its one bus can drive: each one whose first stop it reaches in time. If it stands elsewhere
/// it drives there empty, since a daily trip in one direction has a block of its own.
fn chain(mut runs: Vec<Run>) -> Vec<Leg> {
    runs.sort_by_key(|run| run.first().map(|leg| leg.leaves_at));
    let mut legs: Vec<Leg> = Vec::new();
    for run in runs {
        let Some(first) = run.first() else { continue };
        if let Some(last) = legs.last() {
            let deadhead = deadhead(last, first);
            if deadhead.arrives_at > first.leaves_at {
                continue;
            }
            if deadhead.from != deadhead.to {
                legs.push(deadhead);
            }
        }
        legs.extend(run);
    }
    legs
}

/// The way without passengers from the end of one leg to the start of another.
#[expect(clippy::cast_possible_truncation, reason = "some days at most, in seconds")]
fn deadhead(last: &Leg, next: &Leg) -> Leg {
    let hours = last.to.meters_to(next.from) / 1000.0 / DEADHEAD_KMH;
    Leg {
        leaves_at: last.arrives_at,
        arrives_at: last.arrives_at + TimeDelta::seconds((hours * 3600.0) as i64),
        from: last.to,
        to: next.from,
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use chrono::{DateTime, TimeDelta, Utc};
    use domain::geo::Point;
    use domain::position::{Last, PositionClass, judge};

    use super::World;

    #[test]
    fn demo_buses_drive_all_the_time_and_never_faster_than_a_bus() {
        let demo = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../data/demo");
        let start: DateTime<Utc> = "2027-02-01T00:00:00Z".parse().unwrap();
        let world = World::of_feeds(&demo, start).unwrap();
        assert_eq!(world.units.len(), 28);
        for unit in &world.units {
            let mut last = None;
            let mut moved = 0;
            for minute in 0..3 * 24 * 60 {
                let now = start + TimeDelta::minutes(minute);
                let fix = unit.fix(now).unwrap();
                moved += i32::from(fix.speed_kmh > Some(0.0));
                match judge(&fix, last, now, TimeDelta::days(30)) {
                    Ok(PositionClass::Latest { fix, trust, .. }) => {
                        last = Some(Last {
                            point: Point::new(fix.point.latitude, fix.point.longitude).unwrap(),
                            recorded_at: fix.recorded_at,
                            trust,
                            rival: None,
                        });
                    }
                    Ok(_) => {}
                    Err(error) => panic!("{} at {now}: {error:?}", unit.name),
                }
            }
            assert!(moved > 60, "{} moved {moved} minutes of three days", unit.name);
        }
    }
}
