//! The feed of our own company, which is small enough to fill its buses: tests write it, and write it again when it
//! changes.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::Path;

use clients::gtfs_source::Source;
use domain::gtfs::Files;
use sqlx::PgPool;

/// The company.
pub const COMPANY: &str = "trial-lines";

/// Its stops, at the points of their cities; the fare between two is 100 UAH for each step along this list.
const STOPS: [(&str, &str); 6] = [
    ("kyiv", "50.45466,30.5238"),
    ("zhytomyr", "50.26235,28.67913"),
    ("rivne", "50.62036,26.23695"),
    ("lviv", "49.83826,24.02324"),
    ("przemysl", "49.78498,22.76728"),
    ("krakow", "50.06143,19.93658"),
];

/// A trip on every day of 2027, in Kyiv time. No other bus has the same number of seats: tests identify a bus by it.
#[derive(Debug, Clone)]
pub struct Line {
    pub seats: u16,
    /// `stop@time`, with `/off` where passengers may only alight and `/on` where they may only board.
    pub calls: &'static str,
}

/// The buses of the company.
pub fn lines() -> Vec<Line> {
    let line = |seats, calls| Line { seats, calls };
    vec![
        line(2, "kyiv@08:00 zhytomyr@10:00 rivne@13:00 lviv@16:00"),
        line(3, "kyiv@09:00 zhytomyr@11:00 rivne@14:00 lviv@17:00"),
        line(
            4,
            "kyiv@10:00 zhytomyr@12:00 rivne@15:00 lviv@18:00 przemysl@21:00 krakow@25:00",
        ),
        line(5, "kyiv@11:00 zhytomyr@13:00/on rivne@16:00/off lviv@19:00"),
        line(50, "kyiv@12:00 zhytomyr@14:00 rivne@17:00 lviv@20:00"),
        line(20, "kyiv@23:00 zhytomyr@24:30 rivne@28:00 lviv@31:00"),
    ]
}

/// Loads the cities of the demo into a database.
pub async fn cities(pool: &PgPool) {
    let data = Path::new(env!("CARGO_MANIFEST_DIR")).join("../data");
    let read = |name: &str| std::fs::read_to_string(data.join(name)).unwrap();
    let names = read("demo/cities.csv");
    let served: Vec<&str> = names.lines().filter_map(|line| line.split(',').nth(1)).collect();
    let cities: Vec<String> = read("cities-europe-15000.csv")
        .lines()
        .filter(|line| line.split(',').next().is_some_and(|id| served.contains(&id)))
        .map(str::to_owned)
        .collect();
    app::city::import(pool, None, cities.join("\n").as_bytes(), Some(names.as_bytes()))
        .await
        .unwrap();
}

/// The feed with these trips.
pub fn source(lines: &[Line]) -> Source {
    let mut stops = "stop_id,stop_name,stop_lat,stop_lon,zone_id\n".to_owned();
    for (stop, point) in STOPS {
        writeln!(stops, "{stop},{stop} coach station,{point},{stop}").unwrap();
    }
    let mut fares = "fare_id,price,currency_type,payment_method,transfers\n".to_owned();
    let mut rules = "fare_id,route_id,origin_id,destination_id\n".to_owned();
    let mut fare = |from: &str, to: &str, price: &str, currency: &str| {
        writeln!(fares, "{from}-{to}-{currency},{price},{currency},1,0").unwrap();
        writeln!(rules, "{from}-{to}-{currency},T,{from},{to}").unwrap();
    };
    for (at, (from, _)) in STOPS.iter().enumerate() {
        for (steps, (to, _)) in STOPS[at..].iter().enumerate().skip(1) {
            fare(from, to, &format!("{steps}00"), "UAH");
        }
    }
    fare("kyiv", "lviv", "7.77", "EUR");
    let mut trips = "route_id,service_id,trip_id,block_id\n".to_owned();
    let mut vehicles = "company,bus,seats\n".to_owned();
    let mut times = "trip_id,arrival_time,departure_time,stop_id,stop_sequence,pickup_type,drop_off_type\n".to_owned();
    for Line { seats, calls } in lines {
        writeln!(trips, "T,daily,t{seats},b{seats}").unwrap();
        writeln!(vehicles, "{COMPANY},b{seats},{seats}").unwrap();
        for (sequence, call) in calls.split(' ').enumerate() {
            let (stop, rest) = call.split_once('@').unwrap();
            let (time, limit) = rest.split_once('/').unwrap_or((rest, ""));
            let (pickup, drop_off) = (u8::from(limit == "off"), u8::from(limit == "on"));
            writeln!(
                times,
                "t{seats},{time}:00,{time}:00,{stop},{sequence},{pickup},{drop_off}"
            )
            .unwrap();
        }
    }
    let agency = format!(
        "agency_id,agency_name,agency_url,agency_timezone\n{COMPANY},Trial,https://www.example.com/trial,Europe/Kyiv\n"
    );
    let routes =
        format!("route_id,agency_id,route_short_name,route_long_name,route_type\nT,{COMPANY},T,Kyiv - Lviv,200\n");
    let calendar = "service_id,monday,tuesday,wednesday,thursday,friday,saturday,sunday,start_date,end_date\n\
                    daily,1,1,1,1,1,1,1,20270101,20271231\n";
    let files = [
        ("agency.txt", agency),
        ("routes.txt", routes),
        ("calendar.txt", calendar.to_owned()),
        ("stops.txt", stops),
        ("fare_attributes.txt", fares),
        ("fare_rules.txt", rules),
        ("trips.txt", trips),
        ("stop_times.txt", times),
        ("vehicles.csv", vehicles),
    ];
    Source {
        files: Files(BTreeMap::from(files.map(|(name, text)| (name, text.into_bytes())))),
        stem: COMPANY.to_owned(),
        ..Source::default()
    }
}
