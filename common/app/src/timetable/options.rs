//! Options of an import: what the operator decides about a feed.

use domain::gtfs::{FareTerms, Window};
use domain::tariff::Tariff;

use super::owner::Owner;
use crate::ops::Operator;

/// How a feed is imported.
#[derive(Debug, Clone, Default)]
pub struct ImportOptions {
    /// Key of the feed, instead of the one derived from it.
    pub feed: Option<String>,
    /// Slug of the company of which all agencies become carriers, instead of each becoming a company.
    pub company: Option<String>,
    /// The price of stop pairs without a fare.
    pub tariff: Option<Tariff>,
    /// Seats of the default bus; 50 when it is new and no number is given.
    pub seats: Option<i16>,
    /// Refuse the feed when any row is rejected.
    pub strict: bool,
    /// Import these days only.
    pub window: Option<Window>,
    /// Move the calendar so that the next 60 days are on sale.
    pub shift_calendar: bool,
    /// Import as a separate feed, even if it resembles an existing one.
    pub new_feed: bool,
    /// Which of several fares for the same pair is used.
    pub fares: FareTerms,
    /// The company that publishes its own timetable: other agencies are refused, and buses that the feed does not
    /// describe stay as they are.
    pub owner: Option<Owner>,
    /// Whom the audit trail names. `None` leaves no entry: that a company publishes its timetable has one of its own.
    pub by: Option<Operator>,
}
