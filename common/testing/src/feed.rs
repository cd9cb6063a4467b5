//! A tiny feed that tests modify: every file is text in memory.

use std::collections::BTreeMap;
use std::io::{Cursor, Write as _};
use std::path::Path;

use clients::gtfs_source::Source;
use domain::gtfs::{FILES, Files};
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

/// Files of a feed by name. The tiny one has a line K1 from Kyiv via Zhytomyr and Rivne to Lviv with two daily trips,
/// `day` (08:00) and `night` (21:30, past midnight), and a fare for each pair in hryvnias.
#[derive(Debug, Clone)]
pub struct TestFeed {
    /// Name to content.
    pub files: BTreeMap<String, Vec<u8>>,
}

const TINY: [(&str, &str); 9] = [
    (
        "agency.txt",
        "agency_id,agency_name,agency_url,agency_timezone,agency_phone\n\
         tiny,Tiny Lines,https://tiny.example,Europe/Kyiv,+380441234567\n",
    ),
    (
        "stops.txt",
        "stop_id,stop_name,stop_desc,stop_lat,stop_lon,zone_id,platform_code\n\
         kyiv,Kyiv,Central station,50.45466,30.5238,kyiv,5\n\
         zhytomyr,Zhytomyr,,50.26235,28.67913,zhytomyr,\n\
         rivne,Rivne,,50.62036,26.23695,rivne,\n\
         lviv,Lviv,,49.83826,24.02324,lviv,\n",
    ),
    (
        "routes.txt",
        "route_id,agency_id,route_short_name,route_long_name,route_type\nK1,tiny,K1,Kyiv - Lviv,200\n",
    ),
    (
        "trips.txt",
        "route_id,service_id,trip_id,block_id\nK1,daily,day,bus-1\nK1,daily,night,bus-1\n",
    ),
    (
        "stop_times.txt",
        "trip_id,arrival_time,departure_time,stop_id,stop_sequence,pickup_type,drop_off_type\n\
         day,08:00:00,08:00:00,kyiv,1,0,1\n\
         day,10:00:00,10:10:00,zhytomyr,2,0,0\n\
         day,13:00:00,13:10:00,rivne,3,0,0\n\
         day,16:00:00,16:00:00,lviv,4,1,0\n\
         night,21:30:00,21:30:00,kyiv,1,0,1\n\
         night,23:30:00,23:40:00,zhytomyr,2,0,0\n\
         night,26:30:00,26:40:00,rivne,3,0,0\n\
         night,29:30:00,29:30:00,lviv,4,1,0\n",
    ),
    (
        "calendar.txt",
        "service_id,monday,tuesday,wednesday,thursday,friday,saturday,sunday,start_date,end_date\n\
         daily,1,1,1,1,1,1,1,20261101,20270131\n",
    ),
    (
        "fare_attributes.txt",
        "fare_id,price,currency_type,payment_method,transfers\nshort,250.00,UAH,1,0\nlong,760.00,UAH,1,0\n",
    ),
    (
        "fare_rules.txt",
        "fare_id,route_id,origin_id,destination_id\nshort,K1,kyiv,zhytomyr\nshort,K1,zhytomyr,rivne\nlong,K1,kyiv,lviv\n",
    ),
    ("vehicles.csv", "company,bus,seats\ntiny,bus-1,51\n"),
];

#[expect(clippy::expect_used, reason = "a test harness may panic")]
impl TestFeed {
    /// The tiny feed: nothing in it is rejected.
    #[must_use]
    pub fn tiny() -> Self {
        let files = TINY
            .iter()
            .map(|(name, text)| ((*name).to_owned(), text.as_bytes().to_vec()));
        Self { files: files.collect() }
    }

    /// With this file, new or instead of the one that is there.
    #[must_use]
    pub fn file(mut self, name: &str, content: impl Into<Vec<u8>>) -> Self {
        self.files.insert(name.to_owned(), content.into());
        self
    }

    /// Without this file.
    #[must_use]
    pub fn without(mut self, name: &str) -> Self {
        self.files.remove(name);
        self
    }

    /// With every occurrence of a text in a file replaced.
    ///
    /// # Panics
    /// When it does not occur: the test would prove nothing.
    #[must_use]
    pub fn replace(self, name: &str, from: &str, to: &str) -> Self {
        let text = String::from_utf8(self.files[name].clone()).expect("a text file");
        assert!(text.contains(from), "{name} contains {from:?}");
        self.file(name, text.replace(from, to))
    }

    /// The files as the importer takes them.
    #[must_use]
    pub fn files(&self) -> Files {
        let known = FILES
            .iter()
            .filter_map(|name| Some((*name, self.files.get(*name)?.clone())));
        Files(known.collect())
    }

    /// The feed as if it had been read from `tiny.zip`.
    #[must_use]
    pub fn source(&self) -> Source {
        Source {
            files: self.files(),
            stem: "tiny".to_owned(),
            ..Source::default()
        }
    }

    /// Writes the feed into a folder.
    ///
    /// # Panics
    /// When the folder cannot be written.
    pub fn write_folder(&self, folder: &Path) {
        std::fs::create_dir_all(folder).expect("a folder");
        for (name, content) in &self.files {
            std::fs::write(folder.join(name), content).expect("a file of the feed");
        }
    }

    /// Writes the feed as an archive; names may hold any path.
    ///
    /// # Panics
    /// When the archive cannot be written.
    pub fn write_zip(&self, path: &Path) {
        std::fs::write(path, self.zipped()).expect("an archive");
    }

    /// The feed as an archive; names may hold any path.
    ///
    /// # Panics
    /// When the archive cannot be made.
    #[must_use]
    pub fn zipped(&self) -> Vec<u8> {
        let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
        for (name, content) in &self.files {
            zip.start_file(name, SimpleFileOptions::default()).expect("an entry");
            zip.write_all(content).expect("its content");
        }
        zip.finish().expect("the end of the archive").into_inner()
    }
}
