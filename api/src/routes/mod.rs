//! The table of routes: it declares, once, what the layers, the extractors of [`crate::auth`] and the OpenAPI document
//! know about an operation. There is one row for each operation, and one file for each resource. Path, method,
//! operation id and handler of a row must be those of its handler: the compiler checks that the handler exists, and
//! [`crate::openapi`] checks that table and document contain the same operations. `docs/ROUTES.md` is generated from
//! the table.
//!
//! What is not in the document has no row here: the probes, the document itself and the pages. Their few policies, and
//! those of paths without an operation, are in `elsewhere` (`api/src/route/lookup.rs`).
//!
//! The table names handlers, which use layers and extractors. What these know of a row is therefore in
//! [`crate::route`], which does not know the table: the layers that search it get it from [`crate::server`].

mod api_key;
mod auth;
mod booking;
mod city;
mod company;
mod configuration;
mod departure;
mod discount;
mod legacy;
mod migration;
mod offer;
mod ops;
mod order;
mod people;
mod permission;
mod refund_rule;
mod report;
mod stop;
#[cfg(test)]
mod tests;
mod timetable;
mod today;
mod tracking;
mod usage;

use crate::route::{Group, Table};

/// The table.
pub static TABLE: Table = Table(&GROUPS);

/// All groups: a group inside another comes before it, and the most frequently called groups come first.
static GROUPS: [Group; 25] = [
    offer::SCHEDULE,
    offer::OFFERS,
    booking::GROUP,
    city::GROUP,
    stop::GROUP,
    discount::GROUP,
    usage::GROUP,
    migration::GROUP,
    auth::GROUP,
    configuration::GROUP,
    report::GROUP,
    tracking::GROUP,
    order::GROUP,
    departure::GROUP,
    today::GROUP,
    timetable::GROUP,
    refund_rule::GROUP,
    discount::OFFICE,
    company::GROUP,
    permission::GROUP,
    api_key::GROUP,
    people::GROUP,
    ops::GROUP,
    legacy::OFFERS,
    legacy::ORDERS,
];
