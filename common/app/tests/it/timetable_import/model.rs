//! A feed as lists that a test bends, of coaches from Kyiv over Rivne to Lviv.

use std::fmt::Write as _;

use clients::gtfs_source::Source;
use testing::feed::TestFeed;

/// A run of the model: what a coach does, and what the feed calls it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Run {
    /// Its identity, which does not depend on its ids: tests refer to it by this.
    pub truth: usize,
    pub trip_id: String,
    pub route: usize,
    pub service: usize,
    pub block: Option<String>,
    /// Minutes after midnight at the first stop.
    pub leaves: u32,
    pub withdrawn: bool,
}

#[derive(Debug, Clone)]
pub struct Model {
    /// Id and name.
    pub agencies: Vec<(String, String)>,
    /// Id, name, latitude and longitude: Kyiv, Rivne, Lviv.
    pub stops: Vec<(String, String, &'static str)>,
    /// Id, name and position of the agency.
    pub routes: Vec<(String, String, usize)>,
    /// Id and weekdays, Monday first.
    pub services: Vec<(String, &'static str)>,
    pub runs: Vec<Run>,
    /// Buses of vehicles.csv with their seats.
    pub buses: Vec<(String, u32)>,
}

pub const EVERY_DAY: &str = "1,1,1,1,1,1,1";
pub const WORKING_DAYS: &str = "1,1,1,1,1,0,0";
pub const WEEKEND: &str = "0,0,0,0,0,1,1";

fn text(text: &str) -> String {
    text.to_owned()
}

impl Model {
    /// One coach at 08:00 every day of the first half of December, on the default bus.
    pub fn base() -> Self {
        let mut model = Self {
            agencies: vec![(text("BH"), text("BH Lines"))],
            stops: vec![
                (text("k"), text("Kyiv bus station"), "50.45466,30.5238"),
                (text("r"), text("Rivne bus station"), "50.62036,26.23695"),
                (text("l"), text("Lviv bus station"), "49.83826,24.02324"),
            ],
            routes: vec![(text("R"), text("Kyiv - Lviv"), 0)],
            services: vec![(text("D"), EVERY_DAY)],
            runs: Vec::new(),
            buses: Vec::new(),
        };
        model.run("T1", "08:00");
        model
    }

    /// One more coach.
    pub fn run(&mut self, trip_id: &str, leaves: &str) -> &mut Run {
        let truth = self.runs.iter().map(|run| run.truth + 1).max().unwrap_or(0);
        self.runs.push(Run {
            truth,
            trip_id: text(trip_id),
            route: 0,
            service: 0,
            block: None,
            leaves: minutes(leaves),
            withdrawn: false,
        });
        self.runs.last_mut().unwrap()
    }

    /// With a change.
    pub fn with(&self, change: impl FnOnce(&mut Self)) -> Self {
        let mut other = self.clone();
        change(&mut other);
        other
    }

    pub fn feed(&self) -> TestFeed {
        let mut agencies = text("agency_id,agency_name,agency_url,agency_timezone\n");
        for (id, name) in &self.agencies {
            writeln!(agencies, "{id},{name},https://bh.example,Europe/Kyiv").unwrap();
        }
        let mut stops = text("stop_id,stop_name,stop_lat,stop_lon,zone_id\n");
        for ((id, name, point), zone) in self.stops.iter().zip(["zk", "zr", "zl"]) {
            writeln!(stops, "{id},{name},{point},{zone}").unwrap();
        }
        let mut routes = text("route_id,agency_id,route_short_name,route_long_name,route_type\n");
        let mut rules = text("fare_id,route_id,origin_id,destination_id\n");
        for (id, name, agency) in &self.routes {
            writeln!(routes, "{id},{},1,{name},3", self.agencies[*agency].0).unwrap();
            for (from, to) in [("zk", "zl"), ("zk", "zr"), ("zr", "zl")] {
                writeln!(rules, "f,{id},{from},{to}").unwrap();
            }
        }
        let mut calendar =
            text("service_id,monday,tuesday,wednesday,thursday,friday,saturday,sunday,start_date,end_date\n");
        for (id, days) in &self.services {
            writeln!(calendar, "{id},{days},20261201,20261214").unwrap();
        }
        let mut trips = text("route_id,service_id,trip_id,block_id\n");
        let mut times = text("trip_id,arrival_time,departure_time,stop_id,stop_sequence\n");
        for run in self.runs.iter().filter(|run| !run.withdrawn) {
            let (route, service) = (&self.routes[run.route].0, &self.services[run.service].0);
            let block = run.block.as_deref().unwrap_or_default();
            writeln!(trips, "{route},{service},{},{block}", run.trip_id).unwrap();
            let calls = [(0, 0), (240, 250), (420, 420)];
            for (at, ((arrives, leaves), stop)) in calls.iter().zip(&self.stops).enumerate() {
                let (arrives, leaves) = (clock(run.leaves + arrives), clock(run.leaves + leaves));
                writeln!(times, "{},{arrives},{leaves},{},{at}", run.trip_id, stop.0).unwrap();
            }
        }
        let mut vehicles = text("company,bus,seats\n");
        for (bus, seats) in &self.buses {
            for (agency, _) in &self.agencies {
                writeln!(vehicles, "{agency},{bus},{seats}").unwrap();
            }
        }
        TestFeed::tiny()
            .file("agency.txt", agencies)
            .file("stops.txt", stops)
            .file("routes.txt", routes)
            .file("calendar.txt", calendar)
            .file("trips.txt", trips)
            .file("stop_times.txt", times)
            .file(
                "fare_attributes.txt",
                "fare_id,price,currency_type,payment_method,transfers\nf,700,UAH,1,0\n",
            )
            .file("fare_rules.txt", rules)
            .file("vehicles.csv", vehicles)
    }

    pub fn source(&self) -> Source {
        self.feed().source()
    }
}

pub fn minutes(clock: &str) -> u32 {
    let (hours, minutes) = clock.split_once(':').unwrap();
    hours.parse::<u32>().unwrap() * 60 + minutes.parse::<u32>().unwrap()
}

fn clock(minutes: u32) -> String {
    format!("{:02}:{:02}:00", minutes / 60, minutes % 60)
}
