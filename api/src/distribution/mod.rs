//! The Distribution surface (`/v2`, `x-api-key`): what resellers, the website and the app call.

use poem_openapi::Tags;

pub mod booking;
pub mod city;
pub mod class;
pub mod discount;
pub mod offer;
pub mod route;
pub mod slice;
pub mod stop;
pub mod usage;

/// Chapters of the document; `crate::openapi` gives their order.
#[derive(Debug, Clone, Copy, Tags)]
pub enum Chapter {
    /// Cities and stops on sale. Open: a key is not needed, but one that is sent is checked.
    Catalogue,
    /// Departures and offers: what can be bought.
    Search,
    /// Create, read, pay, book and cancel.
    Bookings,
    /// What a partner uses, and what it may.
    Usage,
}
