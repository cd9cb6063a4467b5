//! Tracking providers, the trackers that they list, and which bus a tracker belongs to.

use std::collections::HashMap;
use std::fmt;
use std::str::FromStr;

use chrono::TimeDelta;
use serde::{Deserialize, Serialize};

use super::language::{UnknownWord, words};
use crate::id::BusId;

words! {
    /// The protocol of an account at a tracking provider.
    Provider, "Wialon GtfsRealtime" {
        /// The Wialon Remote API: a token, a session, JSON.
        Wialon = "Wialon",
        /// A file of GTFS-Realtime vehicle positions.
        GtfsRealtime = "GtfsRealtime",
    }
}

/// Default number of seconds between two polls of an account.
pub const POLL_SECONDS: i32 = 30;
/// The longest pause of a failing account.
const LONGEST_BACKOFF: TimeDelta = TimeDelta::minutes(5);

/// The pause after a failure of an account: its interval, doubled with each further failure (`failures` counts this
/// one), up to five minutes, or longer if the provider asked for it. An account that refuses us gets the longest pause,
/// since that needs an operator.
#[must_use]
pub fn backoff(interval: TimeDelta, failures: i32, asked: Option<TimeDelta>, refused: bool) -> TimeDelta {
    let doublings = u32::try_from(failures.max(1) - 1).unwrap_or_default().min(12);
    let doubled = if refused {
        LONGEST_BACKOFF
    } else {
        (interval * 2i32.pow(doublings)).min(LONGEST_BACKOFF)
    };
    // An account with a long interval is not polled more often because of a failure.
    let longest_asked = TimeDelta::hours(1);
    doubled.max(interval).max(asked.unwrap_or_default().min(longest_asked))
}

/// A registration number as it is compared: letters and digits only, in upper case, and Cyrillic letters that look like
/// Latin ones (all that Ukrainian plates have) as those. `None` when nothing is left.
#[must_use]
pub fn plate(text: &str) -> Option<String> {
    let latin = |letter: char| match letter {
        'А' => 'A',
        'В' => 'B',
        'Е' => 'E',
        'І' => 'I',
        'К' => 'K',
        'М' => 'M',
        'Н' => 'H',
        'О' => 'O',
        'Р' => 'P',
        'С' => 'C',
        'Т' => 'T',
        'Х' => 'X',
        other => other,
    };
    let plate: String = text
        .chars()
        .flat_map(char::to_uppercase)
        .filter(|letter| letter.is_alphanumeric())
        .map(latin)
        .collect();
    Some(plate).filter(|plate| !plate.is_empty())
}

/// The buses of a company by registration number.
#[derive(Debug, Clone, Default)]
pub struct Buses(HashMap<String, Option<BusId>>);

impl Buses {
    /// These buses with their number plates. A plate that two buses share identifies neither.
    #[must_use]
    pub fn new(buses: impl IntoIterator<Item = (BusId, String)>) -> Self {
        let mut by_plate = HashMap::new();
        for (id, number) in buses {
            let Some(plate) = plate(&number) else { continue };
            by_plate
                .entry(plate)
                .and_modify(|known| *known = None)
                .or_insert(Some(id));
        }
        Self(by_plate)
    }

    /// The bus of a tracker: by its registration number, else by its name, which many providers write the
    /// number into. With the number by which it was found.
    #[must_use]
    pub fn find<'a>(&self, registration_number: Option<&'a str>, name: &'a str) -> Option<(BusId, &'a str)> {
        let of = |number: &'a str| self.0.get(&plate(number)?).copied().flatten().map(|id| (id, number));
        registration_number.and_then(of).or_else(|| of(name))
    }
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;
    use rstest::rstest;

    use super::{Buses, backoff, plate};
    use crate::id::BusId;

    #[rstest]
    #[case("DEMO AA 0001", Some("DEMOAA0001"))]
    #[case("demo-aa·0001", Some("DEMOAA0001"))]
    #[case("АА 1234 ВС", Some("AA1234BC"))]
    #[case("Łódź 1", Some("ŁÓDŹ1"))]
    #[case(" -. ", None)]
    fn plates_are_compared_without_what_people_write_differently(#[case] text: &str, #[case] expected: Option<&str>) {
        assert_eq!(plate(text).as_deref(), expected);
    }

    #[test]
    fn a_bus_is_found_by_number_then_by_name_and_never_by_a_number_that_two_have() {
        let (one, two, three) = (BusId::new(), BusId::new(), BusId::new());
        let buses = Buses::new([
            (one, "AA 0001".to_owned()),
            (two, "BB 0002".to_owned()),
            (three, "bb0002".to_owned()),
        ]);
        assert_eq!(buses.find(Some("aa-0001"), "BB 0002"), Some((one, "aa-0001")));
        assert_eq!(buses.find(Some("unknown"), "АА0001"), Some((one, "АА0001")));
        assert_eq!(buses.find(None, "BB 0002"), None);
        assert_eq!(buses.find(Some(""), ""), None);
    }

    #[rstest]
    #[case(30, 1, None, false, 30)]
    #[case(30, 2, None, false, 60)]
    #[case(30, 5, None, false, 300)]
    #[case(30, i32::MAX, None, false, 300)]
    #[case(3600, 3, None, false, 3600)]
    #[case(30, 1, Some(90), false, 90)]
    #[case(30, 1, Some(1_000_000_000), false, 3600)]
    #[case(30, 1, None, true, 300)]
    fn a_failing_account_is_left_alone_for_longer_and_longer(
        #[case] interval: i64,
        #[case] failures: i32,
        #[case] asked: Option<i64>,
        #[case] refused: bool,
        #[case] seconds: i64,
    ) {
        let wait = backoff(
            TimeDelta::seconds(interval),
            failures,
            asked.map(TimeDelta::seconds),
            refused,
        );
        assert_eq!(wait, TimeDelta::seconds(seconds));
    }
}
