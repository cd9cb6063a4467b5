//! The Backoffice API (`/v2`, session cookies): what people of bus companies and partners call.

use app::ops::Operator;
use app::session::SignedIn;
use poem_openapi::Tags;

use crate::context::RequestContext;

pub mod api_key;
pub mod auth;
pub mod company;
pub mod configuration;
pub mod departure;
pub mod discount;
pub mod order;
pub mod people;
pub mod permission;
pub mod refund_rule;
pub mod report;
pub mod timetable;
pub mod today;
pub mod tracking;

/// Chapters of the document; `crate::openapi` gives their order.
#[derive(Debug, Clone, Copy, Tags)]
pub enum Chapter {
    /// Sign in to the back office, switch workplaces, and sign out.
    Sessions,
    /// Export the orders of a company as CSV files.
    Reports,
    /// Track the positions of the buses of a company.
    // The name of a tag is on the wire, which keeps its own word.
    #[oai(rename = "Geolocation")]
    Tracking,
    /// Manage the orders on the buses of a company.
    Orders,
    /// View the sales and the passengers of a company's departures, and close their sale.
    Departures,
    /// Upload, check and publish the timetable of a company.
    Timetable,
    /// Manage the refund rules, the discounts and the cutoffs of a company.
    Terms,
    /// Manage what a company allows each partner to do.
    Permissions,
    /// Manage the API keys of a partner.
    Keys,
    /// Manage the users of a company or a partner.
    People,
}

/// The user who calls, for the audit trail.
fn author(person: &SignedIn, context: &RequestContext) -> Operator {
    Operator::user(person.user_id, person.workplace, context.cause().request_id)
}
