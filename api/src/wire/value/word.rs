//! Enumerations of the wire (contract section 2): their schemas, and what they mean.

use std::borrow::Cow;
use std::fmt::Display;
use std::str::FromStr;

use domain::booking::BookingStatus;
use domain::company::PartnerAccess;
use domain::departure::SaleStatus;
use domain::discount::DiscountRule;
use domain::invitation::InvitationStatus;
use domain::language::{Country, Language, Messenger, StaffLanguage};
use domain::money::Currency;
use domain::notification::Channel;
use domain::notification::delivery::{DeliveryReason, DeliveryState};
use domain::party::{ContextType, Tier};
use domain::rate_limit::{Class, PartnerTier};
use domain::report::dialect::{DecimalMark, Delimiter};
use domain::report::schedule::{Period, RunFailure, Weekday};
use domain::report::{DateField, ReportStatus};
use domain::role::{Role, StaffRole};
use domain::ticket::{Event, PaymentStatus, TicketStatus};
use domain::tracking::Provider;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// An enumeration (contract section 2).
pub trait Words: Sized + Copy + Display + FromStr<Err: Display> + 'static {
    /// Name of the schema.
    const NAME: &'static str;
    /// Description of the enumeration in the document.
    const ABOUT: &'static str;

    /// The list.
    fn list() -> Vec<Self>;
}

macro_rules! words {
    ($($type:ty, $name:literal, $about:literal;)*) => {$(
        impl Words for $type {
            const NAME: &'static str = $name;
            const ABOUT: &'static str = $about;

            fn list() -> Vec<Self> {
                Self::ALL.to_vec()
            }
        }
    )*};
}

words! {
    Currency, "Currency", "Currency (ISO 4217).";
    Language, "Language", "Language of names and messages. A missing name falls back to `UK`, then `EN`, then the \
                           stored name.";
    StaffLanguage, "StaffLanguage", "Language of e-mails to users of the back office.";
    Country, "CountryCode", "Country (ISO 3166-1 alpha-2).";
    Messenger, "Messenger", "A messenger that reaches the phone number.";
    TicketStatus, "TicketStatus", "Status of a ticket.";
    PaymentStatus, "PaymentStatus", "Payment status of a ticket.";
    Event, "OrderAction", "An event in the history of a ticket.";
    Channel, "DeliveryChannel", "Channel of a message to a passenger.";
    InvitationStatus, "InvitationStatus", "Whether an invitation can be accepted.";
    DeliveryState, "DeliveryState", "State of a message: `Pending` until it is accepted by the mail server or the \
                                     messenger (`Sent`) or given up (`Failed`). `NotSent`: there is no message on this \
                                     channel.";
    DeliveryReason, "DeliveryReason", "Why a message has not been sent: the mail server or the messenger refused the message \
                                       or its recipient (`Refused`), was unreachable or busy (`ProviderUnavailable`), or \
                                       does not accept messages from the platform (`SenderRejected`); the passenger has \
                                       no e-mail address (`NoEmail`) or no phone number that lists Viber (`NoViber`), or \
                                       could not be reached on this channel at that time (`Unreachable`); or the cause \
                                       was not recorded (`Unknown`).";
    BookingStatus, "BookingStatus", "Status of a booking: `Upcoming`, `Boarding` from 8 hours before boarding, \
                                     `InTransit` for 24 hours from boarding, then `Completed`. `Canceled` if no ticket \
                                     is left.";
    DiscountRule, "DiscountRule", "How a discount is calculated: as a percentage of the price, or as a fixed amount.";
    ContextType, "ContextType", "Kind of workplace: a bus company, a partner, or the platform itself.";
    Role, "Role", "Role of a user in a workplace. `ADMIN` is allowed to do everything in a company or with a partner. \
                   `OPERATOR` is the role of platform operators only.";
    StaffRole, "StaffRole", "Role that can be assigned to a person in a company or with a partner. `ADMIN` is allowed \
                             to do everything there.";
    Tier, "Tier", "Subscription tier of a company.";
    PartnerTier, "PartnerTier", "Tier agreed with a partner. It determines the rate limits that the partner's keys share.";
    Class, "RateClass", "Rate limit class of an operation. Each class has its own limit.";
    ReportStatus, "ReportStatus", "Status of a report.";
    DateField, "DateField", "Date of an order that decides whether the report includes it.";
    Delimiter, "ReportDelimiter", "Delimiter between the cells of a report file. Spreadsheets expect `;` where the \
                                   decimal mark is a comma.";
    DecimalMark, "ReportDecimalMark", "Decimal mark of amounts in a report file.";
    Period, "ReportPeriod", "Days that a scheduled report covers, relative to the day on which it is generated. Weeks \
                             begin on Monday. `next7Days` begins with that day; `thisWeek`, `thisMonth` and the others \
                             cover whole weeks or months.";
    RunFailure, "RunFailure", "What went wrong with a scheduled report: it was not requested, it could not be generated, or an \
                               e-mail about it could not be sent.";
    Weekday, "Weekday", "A day of the week.";
    SaleStatus, "SaleStatus", "`OnSale`, `Closed` by the company, `Withdrawn` by a timetable, or `Over`: boarding is \
                               no longer possible.";
    PartnerAccess, "PartnerAccess", "An action that a company can allow a partner to perform.";
    Provider, "FmsProvider", "Protocol of a tracking provider.";
}

/// A value of an enumeration.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Word<T>(pub T);

impl<T: Words> Serialize for Word<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&self.0)
    }
}

impl<'de, T: Words> Deserialize<'de> for Word<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = Cow::<'de, str>::deserialize(deserializer)?;
        text.parse().map(Self).map_err(D::Error::custom)
    }
}

impl<T: Words> JsonSchema for Word<T> {
    fn schema_name() -> Cow<'static, str> {
        T::NAME.into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        let words: Vec<_> = T::list().iter().map(ToString::to_string).collect();
        json_schema!({ "type": "string", "description": T::ABOUT, "enum": words })
    }
}
