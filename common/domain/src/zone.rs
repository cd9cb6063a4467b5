//! Conversion between wall-clock times and instants: the only module that uses the tz database.
//!
//! jiff has a newer tz database than chrono-tz; its types stay inside this file, and the interface uses those of
//! chrono.

use chrono::{DateTime, Datelike, FixedOffset, NaiveDate, Offset, TimeDelta, Timelike, Utc};
use jiff::tz::TimeZone;

/// A time zone of the tz database.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Zone(TimeZone);

/// A name that the tz database does not know.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("unknown time zone {0:?}")]
pub struct UnknownZone(pub String);

impl Zone {
    /// The zone of an IANA name such as `Europe/Kyiv`; old names (`Europe/Kiev`) resolve too.
    ///
    /// # Errors
    /// When the tz database has no such name.
    pub fn named(name: &str) -> Result<Self, UnknownZone> {
        TimeZone::get(name).map(Self).map_err(|_| UnknownZone(name.to_owned()))
    }

    /// UTC.
    #[must_use]
    pub const fn utc() -> Self {
        Self(TimeZone::UTC)
    }

    /// Second zero of a GTFS service day: noon minus 12 hours. It differs from midnight on the days on which the
    /// clocks change (GTFS reference, stop_times.txt).
    #[must_use]
    pub fn service_day_start(&self, day: NaiveDate) -> DateTime<Utc> {
        self.instant(day.and_time(chrono::NaiveTime::MIN) + TimeDelta::hours(12)) - TimeDelta::hours(12)
    }

    /// The instant of a wall clock. A time that happens twice is its first occurrence; one that is skipped is
    /// moved on by the length of the gap (RFC 5545, section 3.3.5). After the year 9999 it is the end of time.
    #[must_use]
    pub fn instant(&self, wall: chrono::NaiveDateTime) -> DateTime<Utc> {
        let small = |part: u32| i8::try_from(part).unwrap_or(i8::MAX);
        let date_time = jiff::civil::DateTime::new(
            wall.year().try_into().unwrap_or(i16::MAX),
            small(wall.month()),
            small(wall.day()),
            small(wall.hour()),
            small(wall.minute()),
            small(wall.second()),
            0,
        );
        let Ok(date_time) = date_time else {
            return DateTime::<Utc>::MAX_UTC;
        };
        let timestamp = self
            .0
            .to_ambiguous_timestamp(date_time)
            .compatible()
            .unwrap_or(jiff::Timestamp::MAX);
        DateTime::from_timestamp(timestamp.as_second(), 0).unwrap_or(DateTime::<Utc>::MAX_UTC)
    }

    /// The first instant at which the wall clock shows this time or a later one of the day: a time that happens twice
    /// is its first occurrence, for one that is skipped it is the end of the gap.
    #[must_use]
    pub fn instant_from(&self, wall: chrono::NaiveDateTime) -> DateTime<Utc> {
        let instant = self.instant(wall);
        if self.local(instant).naive_local() == wall {
            return instant;
        }
        // Moved on beyond the change of the clocks, at which the gap ends.
        DateTime::from_timestamp(self.span(instant).from, 0).unwrap_or(instant)
    }

    /// The wall clock of an instant with its offset.
    #[must_use]
    pub fn local(&self, instant: DateTime<Utc>) -> DateTime<FixedOffset> {
        let timestamp = jiff::Timestamp::from_second(instant.timestamp()).unwrap_or(jiff::Timestamp::UNIX_EPOCH);
        let seconds = self.0.to_offset(timestamp).seconds();
        let offset = FixedOffset::east_opt(seconds).unwrap_or_else(|| Utc.fix());
        instant.with_timezone(&offset)
    }

    /// For how long, around an instant, the offset is what it is then: from the change of the clocks before it (with
    /// it) to the one after it (without it).
    fn span(&self, instant: DateTime<Utc>) -> Span {
        let timestamp = jiff::Timestamp::from_second(instant.timestamp()).unwrap_or(jiff::Timestamp::UNIX_EPOCH);
        let second = |change: jiff::tz::TimeZoneTransition<'_>| change.timestamp().as_second();
        // `preceding` leaves out a change at the instant itself.
        let next_second = timestamp
            .as_second()
            .checked_add(1)
            .and_then(|next| jiff::Timestamp::from_second(next).ok())
            .unwrap_or(timestamp);
        Span {
            from: self.0.preceding(next_second).next().map_or(i64::MIN, second),
            until: self.0.following(timestamp).next().map_or(i64::MAX, second),
            offset: *self.local(instant).offset(),
        }
    }

    /// What people call the zone at an instant, such as `EET`; `None` where the tz database has no letters for it
    /// (`+03` of Europe/Istanbul).
    #[must_use]
    pub fn abbreviation(&self, instant: DateTime<Utc>) -> Option<String> {
        let timestamp = jiff::Timestamp::from_second(instant.timestamp()).unwrap_or(jiff::Timestamp::UNIX_EPOCH);
        let info = self.0.to_offset_info(timestamp);
        Some(info.abbreviation().to_owned()).filter(|name| name.bytes().all(|b| b.is_ascii_alphabetic()))
    }

    /// The calendar day of an instant here.
    #[must_use]
    pub fn day(&self, instant: DateTime<Utc>) -> NaiveDate {
        self.local(instant).date_naive()
    }
}

/// Seconds since 1970 between which a zone has one offset.
#[derive(Debug, Clone, Copy)]
struct Span {
    from: i64,
    until: i64,
    offset: FixedOffset,
}

/// A zone for very many instants: it remembers the offsets of the seasons that it has met.
#[derive(Debug, Clone)]
pub struct LocalClock {
    zone: Zone,
    spans: Vec<Span>,
}

impl LocalClock {
    /// Seasons that it remembers: those of the longest report and some more.
    const SEASONS: usize = 8;

    /// The clock of a zone.
    #[must_use]
    pub const fn new(zone: Zone) -> Self {
        Self {
            zone,
            spans: Vec::new(),
        }
    }

    /// The same as [`Zone::local`].
    pub fn local(&mut self, instant: DateTime<Utc>) -> DateTime<FixedOffset> {
        let second = instant.timestamp();
        let known = self.spans.iter().find(|span| (span.from..span.until).contains(&second));
        let offset = known.map(|span| span.offset).unwrap_or_else(|| {
            let span = self.zone.span(instant);
            if self.spans.len() == Self::SEASONS {
                self.spans.remove(0);
            }
            self.spans.push(span);
            span.offset
        });
        instant.with_timezone(&offset)
    }
}

#[cfg(test)]
mod tests {
    use chrono::{DateTime, FixedOffset, NaiveDate, NaiveDateTime, TimeDelta, Utc};
    use serde::Deserialize;

    use super::Zone;

    #[derive(Deserialize)]
    struct Cases {
        cases: Vec<Case>,
    }

    #[derive(Deserialize)]
    #[serde(tag = "kind", rename_all = "lowercase")]
    enum Case {
        Wall {
            id: u32,
            input: Wall,
            utc: Option<DateTime<Utc>>,
            utc_first: Option<DateTime<Utc>>,
        },
        Gtfs {
            id: u32,
            input: Gtfs,
            utc: DateTime<Utc>,
            local_agency: DateTime<FixedOffset>,
            stop_zone: Option<String>,
            local_stop: Option<DateTime<FixedOffset>>,
        },
    }

    #[derive(Deserialize)]
    struct Wall {
        local: NaiveDateTime,
        zone: String,
    }

    #[derive(Deserialize)]
    struct Gtfs {
        service_date: NaiveDate,
        time: String,
        agency_zone: String,
    }

    fn seconds(time: &str) -> i64 {
        time.split(':')
            .fold(0, |sum, part| sum * 60 + part.parse::<i64>().unwrap())
    }

    #[test]
    fn agrees_with_the_cases_computed_by_another_library() {
        let cases: Cases = serde_json::from_str(include_str!("../testdata/tz_cases.json")).unwrap();
        assert!(cases.cases.len() >= 15);
        for case in cases.cases {
            match case {
                Case::Wall {
                    id,
                    input,
                    utc,
                    utc_first,
                } => {
                    let zone = Zone::named(&input.zone).unwrap();
                    assert_eq!(Some(zone.instant(input.local)), utc.or(utc_first), "case {id}");
                }
                Case::Gtfs {
                    id,
                    input,
                    utc,
                    local_agency,
                    stop_zone,
                    local_stop,
                } => {
                    let zone = Zone::named(&input.agency_zone).unwrap();
                    let instant = zone.service_day_start(input.service_date) + TimeDelta::seconds(seconds(&input.time));
                    assert_eq!(instant, utc, "case {id}");
                    assert_eq!(zone.local(instant).to_rfc3339(), local_agency.to_rfc3339(), "case {id}");
                    if let (Some(zone), Some(local)) = (stop_zone, local_stop) {
                        assert_eq!(
                            Zone::named(&zone).unwrap().local(instant).to_rfc3339(),
                            local.to_rfc3339(),
                            "case {id}"
                        );
                    }
                }
            }
        }
    }
}
