//! Values that an import derives: the key of the feed, and checksums of its input.

use clients::gtfs_source::Source;
use domain::exchange_rate::Rates;
use domain::geo::Point;
use domain::gtfs::Feed;
use domain::id::CityId;
use sha2::{Digest, Sha256};

use super::options::ImportOptions;
use super::owner::company_slug;

/// To be changed whenever an import of the same input gives another result than before.
const VERSION: &str = "timetable import 2";

/// The namespace of a feed: the operator's choice, else its only agency, else the name of its file; inside a company
/// when it is imported for one.
pub fn feed_key(feed: &Feed, source: &Source, options: &ImportOptions) -> String {
    if let Some(owner) = &options.owner {
        return owner.key.clone();
    }
    let name = match (&options.feed, feed.agencies.as_slice()) {
        (Some(name), _) => name.clone(),
        (None, [agency]) => company_slug(agency),
        (None, _) => source.stem.clone(),
    };
    match &options.company {
        Some(company) => format!("{company}/{name}"),
        None => name,
    }
}

/// A checksum of an address and of everything that an import from there depends on besides the response: if the
/// response is the same as before, so is the timetable.
pub fn origin_checksum(
    address: &str,
    vehicles: Option<&[u8]>,
    options: &ImportOptions,
    cities: &[(Point, CityId)],
    rates: &Rates,
) -> Vec<u8> {
    let mut hash = Sha256::new();
    let rates = rates.sorted();
    hash.update(format!(
        "{VERSION} {options:?} {rates:?} {}\n{address}\n",
        vehicles.is_some()
    ));
    hash.update(vehicles.unwrap_or_default());
    add_cities(&mut hash, cities);
    hash.finalize().to_vec()
}

fn add_cities(hash: &mut Sha256, cities: &[(Point, CityId)]) {
    for (point, id) in cities {
        hash.update(id.0.as_bytes());
        hash.update(point.latitude.to_le_bytes());
        hash.update(point.longitude.to_le_bytes());
    }
}

/// A checksum of everything that the result of an import depends on: files, options, the imported days (which may
/// depend on the clock) and the cities with which stops are matched.
pub fn checksum(feed: &Feed, source: &Source, options: &ImportOptions, cities: &[(Point, CityId)]) -> Vec<u8> {
    let mut hash = Sha256::new();
    let options = (options.company.as_ref(), options.tariff, options.seats, &options.fares);
    hash.update(format!(
        "{VERSION} {options:?} {:?} {}",
        feed.window, feed.shifted_weeks
    ));
    // Exchange rates may decide between fares.
    hash.update(format!("{:?} {:?}", feed.fares, feed.unpriced));
    for (name, bytes) in &source.files.0 {
        hash.update(format!("\n{name} {}\n", bytes.len()));
        hash.update(bytes);
    }
    add_cities(&mut hash, cities);
    hash.finalize().to_vec()
}
