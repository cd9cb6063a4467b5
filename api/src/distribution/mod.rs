//! The Distribution surface (`/v2`, `x-api-key`): what resellers, the website and the app call.

use poem_openapi::Tags;

pub mod booking;
pub mod city;
pub mod discount;
pub mod offer;
pub mod route;
pub mod slice;
pub mod stop;
pub mod usage;

/// Chapters of the document. `crate::openapi` determines their order.
#[derive(Debug, Clone, Copy, Tags)]
pub enum Chapter {
    /// Cities and stops on sale. No API key is required, but a key that is sent is checked.
    Catalogue,
    /// Departures and the offers that can be booked.
    Search,
    /// Create and read bookings. Pay for, book and cancel their tickets.
    Bookings,
    /// Usage and rate limits of a partner.
    Usage,
}
