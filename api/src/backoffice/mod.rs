//! The Backoffice surface (`/v2`, session cookies): what people of bus companies and partners call.

use poem_openapi::Tags;

pub mod api_key;
pub mod auth;
pub mod geolocation;
pub mod order;
pub mod permission;
pub mod report;

/// Chapters of the document; `crate::openapi` gives their order.
#[derive(Debug, Clone, Copy, Tags)]
pub enum Chapter {
    /// Sign in to the backoffice, move between companies, sign out.
    Sessions,
    /// Orders of a company as CSV files.
    Reports,
    /// Where the buses of a company are.
    Geolocation,
    /// What a carrier does with the orders on its buses.
    Orders,
    /// What a company lets partners do.
    Permissions,
    /// API keys of a partner.
    Keys,
}
