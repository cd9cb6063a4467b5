//! Identifiers: UUIDv7 inside, prefixed text outside (contract section 1, decision D).
//!
//! One newtype per noun, so that a booking id can never be passed where a ticket id is meant. An id with the
//! wrong prefix does not parse, and a resource that does not parse is simply not found.

use std::fmt;

mod time;

pub use time::follow;

/// A text that is not an id of the expected noun.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not an id with prefix {prefix}_")]
pub struct ParseIdError {
    /// The prefix that was expected, without the underscore.
    pub prefix: &'static str,
}

fn parse(prefix: &'static str, text: &str) -> Result<uuid::Uuid, ParseIdError> {
    text.strip_prefix(prefix)
        .and_then(|rest| rest.strip_prefix('_'))
        .filter(|hex| hex.len() == 32 && !hex.bytes().any(|b| b.is_ascii_uppercase()))
        .and_then(|hex| uuid::Uuid::try_parse(hex).ok())
        .ok_or(ParseIdError { prefix })
}

fn write(f: &mut fmt::Formatter<'_>, prefix: &str, id: uuid::Uuid) -> fmt::Result {
    write!(f, "{prefix}_{}", id.simple())
}

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident = $prefix:literal;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, sqlx::Type)]
        #[sqlx(transparent)]
        pub struct $name(pub uuid::Uuid);

        impl $name {
            /// The text before the underscore.
            pub const PREFIX: &'static str = $prefix;

            /// A new, time-ordered id (RFC 9562, version 7).
            #[must_use]
            pub fn new() -> Self {
                Self(time::uuid())
            }
        }

        impl Default for $name {
            fn default() -> Self {
                Self::new()
            }
        }

        impl From<uuid::Uuid> for $name {
            fn from(id: uuid::Uuid) -> Self {
                Self(id)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write(f, $prefix, self.0)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write(f, $prefix, self.0)
            }
        }

        impl std::str::FromStr for $name {
            type Err = ParseIdError;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                parse($prefix, text).map(Self)
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
                text.parse().map_err(serde::de::Error::custom)
            }
        }
    )*};
}

ids! {
    /// A city of the catalogue.
    CityId = "cty";
    /// A stop of a feed.
    StopId = "stp";
    /// A bus company.
    CompanyId = "cmp";
    /// A fleet inside a company (carriage).
    CarrierId = "car";
    /// A reseller.
    PartnerId = "prt";
    /// What a company lets a partner do.
    PermissionId = "prm";
    /// An API key of a partner.
    ApiKeyId = "key";
    /// A person with backoffice access.
    UserId = "usr";
    /// One access of a person to a company or partner.
    AccessId = "acc";
    /// A session of a person.
    SessionId = "ses";
    /// A feed: a namespace of GTFS ids.
    FeedId = "fed";
    /// A route.
    RouteId = "rte";
    /// A bus.
    BusId = "bus";
    /// A trip of the timetable.
    TripId = "trp";
    /// A service: the days on which trips run.
    ServiceId = "svc";
    /// A stored fare.
    FareId = "far";
    /// The price that an offer or ticket names.
    PriceId = "prc";
    /// A sold departure and one of the timetable that may be the same run.
    DepartureMatchId = "dma";
    /// A booking.
    BookingId = "bkg";
    /// A ticket, called order on the wire.
    TicketId = "ord";
    /// A passenger of a ticket.
    PassengerId = "psg";
    /// A phone of a passenger.
    PhoneId = "phn";
    /// A refund tier of a company.
    RefundRuleId = "rfr";
    /// A discount of a company.
    DiscountId = "dsc";
    /// One line of a ticket's history.
    HistoryId = "his";
    /// A message to a passenger.
    NotificationId = "ntf";
    /// A report of a company's orders.
    ReportId = "rpt";
    /// An account of a company at a fleet provider.
    FmsAccountId = "fma";
    /// A tracker at a fleet provider.
    FmsObjectId = "fms";
    /// A job of the ledger.
    JobId = "job";
    /// A worker process.
    ProcessId = "pcs";
}

#[cfg(test)]
mod tests {
    use super::{BookingId, TicketId};

    #[test]
    fn prints_and_parses_its_own_prefix_only() {
        let id = BookingId::new();
        assert_eq!(id.to_string().parse(), Ok(id));
        assert!(id.to_string().parse::<TicketId>().is_err());
        assert!(id.to_string().to_uppercase().parse::<BookingId>().is_err());
        assert!("bkg_".parse::<BookingId>().is_err());
        assert!("bkg_\0".parse::<BookingId>().is_err());
    }
}
