//! What can be said about a timetable: clauses with a stable code, their values, and the English text of each. Programs
//! distinguish them by the code; people read the text, or one in their own language that is written from both.
//!
//! A sentence ([`Remark`](super::remark::Remark)) is one or several clauses: what is wrong, and what was left out
//! because of it.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::language::{UnknownWord, words};

macro_rules! clauses {
    ($($name:ident $code:literal $text:literal { $($value:ident),* })*) => {
        /// A part of a sentence about a timetable. Values are as the feed writes them.
        #[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
        pub enum Clause {
            $(
                #[doc = concat!("`", $text, "`")]
                #[error($text)]
                $name {
                    $(#[doc = concat!("`", stringify!($value), "`")] $value: String),*
                }
            ),*
        }

        words! {
            /// Code of a clause.
            Code, "the codes of clauses" {
                $(#[doc = concat!("`", $text, "`")] $name = $code),*
            }
        }

        impl Clause {
            /// Its code.
            #[must_use]
            pub const fn code(&self) -> Code {
                match self { $(Self::$name { .. } => Code::$name),* }
            }

            /// Its values by name.
            #[must_use]
            pub fn values(&self) -> Vec<(&'static str, &str)> {
                match self { $(Self::$name { $($value),* } => vec![$((stringify!($value), $value.as_str())),*]),* }
            }
        }

        impl Code {
            /// The English text, with the names of values in braces; `:?` quotes a value.
            #[must_use]
            pub const fn text(self) -> &'static str {
                match self { $(Self::$name => $text),* }
            }
        }
    };
}

clauses! {
    // Where it is.
    AtFile "AT_FILE" "{file}" { file }
    AtLine "AT_LINE" "{file}:{line}" { file, line }

    // Files and their form.
    FileMissing "FILE_MISSING" "{file} is missing" { file }
    FileEmpty "FILE_EMPTY" "{file} is empty" { file }
    CalendarMissing "CALENDAR_MISSING" "calendar.txt and calendar_dates.txt are both missing" {}
    ColumnMissing "COLUMN_MISSING" "has no column {column}" { column }
    HeaderMissing "HEADER_MISSING" "has no header" {}
    Utf16 "UTF_16" "is not UTF-8: it looks like UTF-16; save it as UTF-8" {}
    NulBytes "NUL_BYTES" "is not UTF-8: it contains NUL bytes, like UTF-16 or a binary file; save it as UTF-8" {}
    SingleByteEncoding "SINGLE_BYTE_ENCODING" "is not UTF-8: it looks like a single-byte encoding (Windows-125x, ISO 8859); save it as UTF-8" {}
    QuoteOpen "QUOTE_OPEN" "opens a quote that is not closed" {}
    NotCsv "NOT_CSV" "{error}" { error }
    FieldCount "FIELD_COUNT" "has {fields} fields, the header has {expected}" { fields, expected }
    FieldTooLong "FIELD_TOO_LONG" "{field} is longer than {most} bytes" { field, most }
    FieldBlank "FIELD_BLANK" "{field} is blank" { field }

    // Values.
    DayInvalid "DAY_INVALID" "{value:?} is not a day (YYYYMMDD)" { value }
    TimeInvalid "TIME_INVALID" "{value:?} is not a time (HH:MM:SS, at most a week)" { value }
    PriceInvalid "PRICE_INVALID" "{value:?} is not a price" { value }
    CurrencyInvalid "CURRENCY_INVALID" "currency {value:?}: unknown currency, expected one of {known}" { value, known }
    SequenceInvalid "SEQUENCE_INVALID" "stop_sequence is not a whole number" {}
    WeekdayInvalid "WEEKDAY_INVALID" "{value:?} is neither 0 nor 1" { value }
    ExceptionTypeInvalid "EXCEPTION_TYPE_INVALID" "exception_type {value:?} is neither 1 nor 2" { value }
    ExactTimesInvalid "EXACT_TIMES_INVALID" "exact_times {value:?} is neither 0 nor 1" { value }
    HeadwayInvalid "HEADWAY_INVALID" "headway_secs {value:?} is not a positive number" { value }
    StopServiceInvalid "STOP_SERVICE_INVALID" "{field} {value:?} is not 0, 1, 2 or 3" { field, value }
    SeatsInvalid "SEATS_INVALID" "seats {value:?} is not 1 to 200" { value }
    TimeZoneUnknown "TIME_ZONE_UNKNOWN" "unknown time zone {value:?}" { value }
    PositionBlank "POSITION_BLANK" "stop_lat and stop_lon are blank" {}
    PositionInvalid "POSITION_INVALID" "{latitude:?} {longitude:?} is not a valid position" { latitude, longitude }
    PositionImplausible "POSITION_IMPLAUSIBLE" "{latitude:?} {longitude:?} is not a plausible position of a stop" { latitude, longitude }
    DaysReversed "DAYS_REVERSED" "start_date is after end_date" {}
    TimesReversed "TIMES_REVERSED" "end_time is not after start_time" {}
    ZeroPrice "ZERO_PRICE" "a price of 0 is usually a missing value: it counts only in a fare that is named as an adult's" {}

    // Definitions and references.
    AgencyTwice "AGENCY_TWICE" "agency {agency:?} is defined twice; the first definition is kept" { agency }
    ServiceTwice "SERVICE_TWICE" "service {service:?} is defined twice; the first definition is kept" { service }
    StopTwice "STOP_TWICE" "stop {stop:?} is defined twice; the first definition is kept" { stop }
    IdTwice "ID_TWICE" "{id:?} is defined twice; the first definition is kept" { id }
    BusTwice "BUS_TWICE" "bus {bus:?} of {company:?} is defined twice; the first definition is kept" { bus, company }
    RiderCategoryTwice "RIDER_CATEGORY_TWICE" "rider category {category:?} is defined twice; the last definition is kept" { category }
    FareTwice "FARE_TWICE" "fare {fare:?} is defined more than once; these count as several fares" { fare }
    AgencyBlank "AGENCY_BLANK" "agency_id is blank, and there are several agencies" {}
    AgencyUnknown "AGENCY_UNKNOWN" "agency {agency:?} is not in agency.txt" { agency }
    RouteUnknown "ROUTE_UNKNOWN" "route {route:?} is not in routes.txt" { route }
    RouteRejected "ROUTE_REJECTED" "route {route:?} was rejected" { route }
    RouteUnusable "ROUTE_UNUSABLE" "route {route:?} cannot be used" { route }
    ServiceUnknown "SERVICE_UNKNOWN" "service {service:?} is in no calendar file" { service }
    ServiceRejected "SERVICE_REJECTED" "service {service:?} was rejected" { service }
    ServiceDoubtful "SERVICE_DOUBTFUL" "service {service:?} may be in a calendar file that is left out" { service }
    StopUnknown "STOP_UNKNOWN" "stop {stop:?} is not in stops.txt" { stop }
    StopRejected "STOP_REJECTED" "stop {stop:?} was rejected" { stop }
    NotAStop "NOT_A_STOP" "stop {stop:?} is not a stop (its location_type is not 0)" { stop }
    TripUnknown "TRIP_UNKNOWN" "trip {trip:?} is not in trips.txt" { trip }
    TripExists "TRIP_EXISTS" "trip {trip:?} already exists in trips.txt" { trip }
    FareUnknown "FARE_UNKNOWN" "fare {fare:?} is not in fare_attributes.txt" { fare }
    ProductUnknown "PRODUCT_UNKNOWN" "fare product {product:?} is not in fare_products.txt" { product }
    FareOfOtherAgency "FARE_OF_OTHER_AGENCY" "fare {fare:?} belongs to another agency than its route" { fare }
    ZoneEmpty "ZONE_EMPTY" "no stop is in zone {zone:?}" { zone }
    AreaEmpty "AREA_EMPTY" "no stop is in area {area:?}" { area }
    TranslationTarget "TRANSLATION_TARGET" "exactly one of record_id and field_value must be given" {}

    // Stop times and departures.
    NoStopTimes "NO_STOP_TIMES" "has no stop times" {}
    OneStopTime "ONE_STOP_TIME" "has only one stop time" {}
    TooManyStopTimes "TOO_MANY_STOP_TIMES" "has too many stop times" {}
    SequenceTwice "SEQUENCE_TWICE" "stop_sequence {sequence} occurs twice" { sequence }
    EndWithoutTime "END_WITHOUT_TIME" "the first and the last stop must have a time" {}
    DepartsEarly "DEPARTS_EARLY" "departs before it arrives" {}
    TimesDecrease "TIMES_DECREASE" "times decrease more than once" {}
    ArrivesEarly "ARRIVES_EARLY" "arrives before it leaves the previous stop" {}
    RowRejected "ROW_REJECTED" "has a rejected row in {file}" { file }
    NotExact "NOT_EXACT" "exact_times is not 1, so these are not exact departure times" {}
    OverlapsLine "OVERLAPS_LINE" "overlaps line {line}, which is kept" { line }
    TooManyDepartures "TOO_MANY_DEPARTURES" "has too many departures" {}

    // What was left out.
    FileLeftOut "FILE_LEFT_OUT" "the file is left out" {}
    IdLeftOut "ID_LEFT_OUT" "{id:?} is left out" { id }
    TripLeftOut "TRIP_LEFT_OUT" "trip {trip:?} is left out" { trip }
    TripCurtailed "TRIP_CURTAILED" "trip {trip:?} is not sold from or to these two stops" { trip }
    ServiceLeftOut "SERVICE_LEFT_OUT" "service {service:?} and its trips are left out" { service }
    StopLeftOut "STOP_LEFT_OUT" "stop {stop:?} is left out" { stop }
    StopNotSold "STOP_NOT_SOLD" "nothing is sold from stop {stop:?} or to it" { stop }
    BusLeftOut "BUS_LEFT_OUT" "bus {bus:?} is left out" { bus }
    DeparturesLeftOut "DEPARTURES_LEFT_OUT" "these departures of trip {trip:?} are left out" { trip }
    DepartureLeftOut "DEPARTURE_LEFT_OUT" "this departure is left out" {}
    FareLeftOut "FARE_LEFT_OUT" "fare {fare:?} is left out, and nothing is sold where it applies" { fare }
    ProductLeftOut "PRODUCT_LEFT_OUT" "fare product {product:?} is left out, and nothing is sold where it applies" { product }
    FareNotCounted "FARE_NOT_COUNTED" "fare {fare:?} is not counted" { fare }
    RuleLeftOut "RULE_LEFT_OUT" "this rule is left out" {}
    RuleNotSold "RULE_NOT_SOLD" "nothing is sold where this rule applies" {}

    // The feed as a whole.
    NoAgency "NO_AGENCY" "no agency is usable" {}
    NoTrip "NO_TRIP" "no trip is usable" {}
    SeveralFares "SEVERAL_FARES" "several fares for one pair ({pairs} in all)" { pairs }
    CalendarEmpty "CALENDAR_EMPTY" "the calendar has no service days, so there is nothing to sell" {}
    CalendarMoved "CALENDAR_MOVED" "the calendar {calendar} was moved by {weeks} weeks to {moved}" { calendar, weeks, moved }
    CalendarCut "CALENDAR_CUT" "only {window} of the calendar {calendar} is imported" { window, calendar }
    CalendarEnded "CALENDAR_ENDED" "the calendar ended on {day}, so nothing is on sale" { day }
    EmailLeftOut "EMAIL_LEFT_OUT" "agency_email {email:?} is left out: it {error}" { email, error }
    ProductsUnused "PRODUCTS_UNUSED" "fare_products.txt is not used without fare_leg_rules.txt" {}
    StationsInherited "STATIONS_INHERITED" "{stops} stops have the point or the name of their station" { stops }
    Templates "TEMPLATES" "frequencies.txt: {trips} trips are templates of {departures} departures a day; the templates are not sold" { trips, departures }
    TripAgain "TRIP_AGAIN" "trip {trip:?} is trip {other:?} again on {days} days (same route, bus, stops and times): offered once" { trip, other, days }
    FilesUnread "FILES_UNREAD" "files that are not read: {files}" { files }
    InnerArchive "INNER_ARCHIVE" "the feed is in the archive {archive} inside the archive" { archive }
    NoFares "NO_FARES" "no fares: nothing is for sale" {}
    NoCities "NO_CITIES" "there are no cities yet: run import-cities, then import again" {}
    DefaultBus "DEFAULT_BUS" "{trips} trips run with the default bus of their company" { trips }

    // Several fares for one pair of zones: where, and which of them is used.
    FaresAnywhere "FARES_ANYWHERE" "from anywhere to anywhere" {}
    FaresFrom "FARES_FROM" "from {origin:?} to anywhere" { origin }
    FaresTo "FARES_TO" "from anywhere to {destination:?}" { destination }
    FaresBetween "FARES_BETWEEN" "from {origin:?} to {destination:?}" { origin, destination }
    FaresOfRoute "FARES_OF_ROUTE" "route {route:?}" { route }
    FaresReduced "FARES_REDUCED" "{fares}: for some passengers only, so there is no adult fare here" { fares }
    FaresUnread "FARES_UNREAD" "{fares}: not for sale, {file}:{line} cannot be read" { fares, file, line }
    FaresZero "FARES_ZERO" "{fares}: not for sale, a price of 0 is not accepted" { fares }
    FaresUnclear "FARES_UNCLEAR" "{fares}: it is unclear which is the adult fare; not for sale" { fares }
    HighestFare "HIGHEST_FARE" "{fares}: it is unclear which is the adult fare; the highest is used, {used}" { fares, used }
    LowestFare "LOWEST_FARE" "{fares}: it is unclear which is the adult fare; the lowest is used, {used}" { fares, used }
    FareByName "FARE_BY_NAME" "{fares}: {used} is used, judging by the fare names or rider categories" { fares, used }
    FaresNotCompared "FARES_NOT_COMPARED" "{fares}: treated as one fare in several currencies; there is no exchange rate to compare them" { fares }
    FareMoreSpecific "FARE_MORE_SPECIFIC" "{fare} applies, because it is more specific than {other}, which is higher" { fare, other }
    FaresEqual "FARES_EQUAL" "{fare} and {other}: neither is more specific than the other; not for sale" { fare, other }
    HigherFare "HIGHER_FARE" "{fare} and {other}: neither is more specific than the other; the higher applies" { fare, other }

    // Departures that carry tickets.
    SoldDeparture "SOLD_DEPARTURE" "trip {trip:?} on {day}, tickets sold: {tickets}" { trip, day, tickets }
    StopsNotServed "STOPS_NOT_SERVED" "its tickets use stops that it does not serve in this order any more" {}
    DayNotServed "DAY_NOT_SERVED" "the trip does not run on this day any more" {}
    TripGone "TRIP_GONE" "the trip has disappeared" {}
    MayBeSooner "MAY_BE_SOONER" "may be trip {trip:?} on {day}, which leaves {minutes} minutes sooner" { trip, day, minutes }
    MayBeSame "MAY_BE_SAME" "may be trip {trip:?} on {day}, which leaves at the same time" { trip, day }
    MayBeLater "MAY_BE_LATER" "may be trip {trip:?} on {day}, which leaves {minutes} minutes later" { trip, day, minutes }
    SeatMissing "SEAT_MISSING" "trip {trip:?} on {day}: seat {seat} is sold, the bus has {seats}" { trip, day, seat, seats }

    // Archives.
    NotAnArchive "NOT_AN_ARCHIVE" "not a readable zip archive" {}
    TooManyEntries "TOO_MANY_ENTRIES" "it has more than {most} entries" { most }
    EntryOutside "ENTRY_OUTSIDE" "entry {entry:?} points outside the archive" { entry }
    EntryLink "ENTRY_LINK" "entry {entry:?} is a link" { entry }
    EntryEncrypted "ENTRY_ENCRYPTED" "entry {entry:?} is encrypted" { entry }
    NotAFile "NOT_A_FILE" "{file} is a link or not a file" { file }
    ArchiveTooLarge "ARCHIVE_TOO_LARGE" "larger than {most} MiB unpacked" { most }
    SeveralFeeds "SEVERAL_FEEDS" "agency.txt exists twice, in {first:?} and in {second:?}" { first, second }
    SeveralArchives "SEVERAL_ARCHIVES" "the archive contains several archives: {archives}; unpack it and import the right one" { archives }
    ArchivesNested "ARCHIVES_NESTED" "the archive contains an archive {archive:?} that contains archives again; unpack it and import the right one" { archive }

    // Publications by a company.
    OtherAgencies "OTHER_AGENCIES" "a company publishes its own timetable only, and these agencies are not its own: {agencies}" { agencies }
    OnSaleElsewhere "ON_SALE_ELSEWHERE" "the timetable looks like one that is on sale already, under another company: the platform must import it" {}
    InSeveralFeeds "IN_SEVERAL_FEEDS" "the timetable of the company is in several feeds: the platform must import it" {}
    InSharedFeed "IN_SHARED_FEED" "the timetable of the company is in a feed with those of other companies: the platform must import it" {}
    NoFormer "NO_FORMER" "there is no former timetable to go back to" {}
    NothingPublished "NOTHING_PUBLISHED" "nothing is published" {}
    ChangedByPlatform "CHANGED_BY_PLATFORM" "the timetable was changed by the platform since it was published" {}
    ChangedSinceCheck "CHANGED_SINCE_CHECK" "the published timetable has changed since this one was checked: check it again" {}
    StoreFailed "STORE_FAILED" "the file store failed" {}
    ArchiveGone "ARCHIVE_GONE" "the archive is not there any more" {}
    NotProcessed "NOT_PROCESSED" "the timetable could not be processed" {}
    WorkerEnded "WORKER_ENDED" "the process that handled the timetable ended repeatedly" {}
    JobCanceled "JOB_CANCELED" "an operator of the platform canceled the work on the timetable" {}
}
