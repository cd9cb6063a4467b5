//! SQL of the timetable import: what is stored of a feed, and bulk writes of what changed. One statement for many
//! rows throughout; rows are matched by the ids that the feed gives them.

pub mod bus;
pub mod call;
pub mod company_feed;
pub mod departure_match;
pub mod fare;
pub mod feed;
pub mod likeness;
pub mod party;
pub mod route;
pub mod season;
pub mod service;
pub mod sold;
pub mod stop;
pub mod trip;
pub mod unpriced;
pub mod upload;
