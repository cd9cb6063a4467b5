//! GTFS Schedule (<https://gtfs.org/documentation/schedule/reference/>): from the files of a feed to a checked
//! [`Feed`] and the [`Findings`] about it.
//!
//! A row that cannot be used is reported with file, line and reason, and what depends on it (a trip, a fare) is left
//! out. A required file that is unreadable as a whole refuses the feed; an optional one is left out, together with what
//! it may refer to. Nothing here reads a disk or a database.

use chrono::{DateTime, NaiveDate, Utc};

use super::exchange_rate::Rates;
use super::zone::Zone;

mod agencies;
mod calendar;
pub mod clause;
pub(crate) mod encoding;
pub mod fares;
mod files;
pub mod findings;
mod frequencies;
pub mod model;
pub mod origin;
pub mod remark;
mod stop_times;
mod stops;
pub(crate) mod table;
mod translations;
mod trips;
pub mod vehicles;
pub mod window;

pub use clause::{Clause, Code};
pub use fares::FareTerms;
pub use files::{FILES, Files, WITHOUT_BEARING};
pub use findings::{Findings, Flaw, Refusal};
pub use model::Feed;
pub use origin::{Origin, Validators};
pub use remark::Remark;
pub use window::Window;

/// How a feed is to be read.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Terms {
    /// The present instant; today is its day in the zone of the first agency.
    pub now: DateTime<Utc>,
    /// Import these days only, instead of the whole (bounded) calendar.
    pub window: Option<Window>,
    /// Move the calendar so that the next 60 days are on sale.
    pub shift_calendar: bool,
    /// Which of several fares for the same pair is used.
    pub fares: FareTerms,
    /// Exchange rates, to distinguish one fare in two currencies from two fares.
    pub rates: Rates,
}

/// Reads and checks a feed.
///
/// # Errors
/// When a required file is missing or unreadable as a whole, or when no trip is left. Errors in single rows are in the
/// findings instead.
pub fn compile(files: &Files, terms: &Terms) -> Result<(Feed, Findings), Refusal> {
    let mut findings = Findings::default();
    let agencies = agencies::read(files, &mut findings)?;
    let mut stops = stops::read(files, &mut findings)?;
    translations::read(files, &mut stops, &mut findings);
    let routes = trips::read_routes(files, &agencies, &mut findings)?;
    let calendar = calendar::Calendar::read(files, &mut findings)?;
    let trips = trips::read(files, &routes, &calendar, &mut findings)?;
    let frequencies = frequencies::Frequencies::read(files, &trips, &mut findings);
    let trips = stop_times::read(files, &stops, trips, &mut findings)?;
    let trips = frequencies.expand(trips, &mut findings);
    if trips.is_empty() {
        return Err(Refusal::NoTrip(findings.flaws.into_iter().take(5).collect()));
    }
    let market = fares::Market {
        agencies: &agencies,
        routes: &routes,
        trips: &trips,
    };
    let priced = fares::read(files, &market, &mut stops, terms, &mut findings)?;
    let synthetic = agencies::is_synthetic(files, &mut findings);

    let today = agencies
        .list
        .first()
        .and_then(|agency| Zone::named(&agency.time_zone).ok());
    let today = today.unwrap_or_else(Zone::utc).day(terms.now);
    let days = Taken::of(&calendar, terms, today, &mut findings);
    let services = calendar.services(days.window, days.shifted_weeks);
    Ok((
        Feed {
            agencies: agencies.list,
            stops: stops.list,
            routes: routes.list,
            services,
            trips,
            fares: priced.fares,
            unpriced: priced.unpriced,
            synthetic,
            shifted_weeks: days.shifted_weeks,
            window: days.is_cut.then_some(days.window),
        },
        findings,
    ))
}

/// Which part of the calendar is imported.
struct Taken {
    window: Window,
    shifted_weeks: i64,
    is_cut: bool,
}

impl Taken {
    fn of(calendar: &calendar::Calendar, terms: &Terms, today: NaiveDate, findings: &mut Findings) -> Self {
        let Some(span) = calendar.span() else {
            findings.notice(Clause::CalendarEmpty {});
            let window = Window { from: today, to: today };
            return Self {
                window,
                shifted_weeks: 0,
                is_cut: false,
            };
        };
        let shifted_weeks = if terms.shift_calendar {
            span.weeks_to_cover(today)
        } else {
            0
        };
        let moved = span.shifted(shifted_weeks);
        if shifted_weeks != 0 {
            findings.notice(Clause::CalendarMoved {
                calendar: span.to_string(),
                weeks: shifted_weeks.to_string(),
                moved: moved.to_string(),
            });
        }
        let window = terms.window.unwrap_or_else(|| moved.bounded(today));
        let is_cut = moved.and(window) != Some(moved);
        if is_cut {
            findings.notice(Clause::CalendarCut {
                window: window.to_string(),
                calendar: moved.to_string(),
            });
        }
        if moved.to < today {
            let day = moved.to.to_string();
            findings.notice(Clause::CalendarEnded { day });
        }
        Self {
            window,
            shifted_weeks,
            is_cut,
        }
    }
}
