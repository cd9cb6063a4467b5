//! Seasons: the service days of a route as ranges, for a calendar.

use std::collections::BTreeMap;

use chrono::{Datelike, NaiveDate, Weekday};

/// Days without service that end a season: a departure every other week still has one season.
const GAP: i64 = 14;

/// A range of service days.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Season {
    /// First service day.
    pub first: NaiveDate,
    /// Last service day.
    pub last: NaiveDate,
    /// Weekdays that occur, from Monday.
    pub weekdays: Vec<Weekday>,
    /// Number of service days.
    pub days: usize,
    /// Trips that run on these days.
    pub trips: i64,
}

/// The seasons of a route. `services` are the days (ascending) of each of its services and the number of its trips.
/// Services that run on the same days are one season; more than two weeks without service begin a new one.
#[must_use]
pub fn seasons(services: &[(Vec<NaiveDate>, i64)]) -> Vec<Season> {
    let mut found: BTreeMap<&[NaiveDate], i64> = BTreeMap::new();
    for (days, trips) in services {
        for run in days.chunk_by(|a, b| (*b - *a).num_days() <= GAP) {
            *found.entry(run).or_default() += trips;
        }
    }
    let mut seasons: Vec<Season> = found
        .into_iter()
        .filter_map(|(days, trips)| season(days, trips))
        .collect();
    seasons.sort_by_key(|season| (season.first, season.last));
    seasons
}

fn season(days: &[NaiveDate], trips: i64) -> Option<Season> {
    let mut weekdays: Vec<Weekday> = days.iter().map(Datelike::weekday).collect();
    weekdays.sort_unstable_by_key(Weekday::num_days_from_monday);
    weekdays.dedup();
    Some(Season {
        first: *days.first()?,
        last: *days.last()?,
        weekdays,
        days: days.len(),
        trips,
    })
}

#[cfg(test)]
mod tests {
    use chrono::{NaiveDate, Weekday};

    use super::seasons;

    fn days(from: &str, step: usize, number: usize) -> Vec<NaiveDate> {
        let from: NaiveDate = from.parse().unwrap();
        from.iter_days().step_by(step).take(number).collect()
    }

    fn described(services: &[(Vec<NaiveDate>, i64)]) -> Vec<String> {
        let seasons = seasons(services);
        let described = seasons.iter().map(|season| {
            let super::Season {
                first,
                last,
                days,
                trips,
                ..
            } = season;
            format!("{first}..{last} {days} days {trips} trips {:?}", season.weekdays)
        });
        described.collect()
    }

    #[test]
    fn a_pause_of_more_than_two_weeks_begins_another_season() {
        let mut winters = days("2026-12-01", 7, 3);
        winters.extend(days("2027-12-07", 14, 2));
        assert_eq!(
            described(&[(winters, 2)]),
            [
                "2026-12-01..2026-12-15 3 days 2 trips [Tue]",
                "2027-12-07..2027-12-21 2 days 2 trips [Tue]"
            ]
        );
    }

    #[test]
    fn services_of_the_same_days_are_one_season_and_others_are_not() {
        let (daily, monday) = (days("2026-11-02", 1, 7), days("2026-11-02", 7, 1));
        assert_eq!(
            described(&[(daily.clone(), 1), (monday, 4), (daily, 2), (Vec::new(), 1)]),
            [
                "2026-11-02..2026-11-02 1 days 4 trips [Mon]",
                "2026-11-02..2026-11-08 7 days 3 trips [Mon, Tue, Wed, Thu, Fri, Sat, Sun]"
            ]
        );
        assert_eq!(
            seasons(&[(days("2026-11-07", 1, 2), 1)])[0].weekdays,
            [Weekday::Sat, Weekday::Sun]
        );
    }
}
