//! How much a partner uses, and how much it may.

use chrono::NaiveDate;
use common::app::usage;
use common::domain::rate_limit::{Class, Limits, PartnerTier};
use common::domain::usage::Counts;
use poem_openapi::OpenApi;
use schemars::JsonSchema;
use serde::Serialize;

use super::Chapter;
use crate::auth::partner::Caller;
use crate::state::Shared;
use crate::wire::param::Date;
use crate::wire::query::{Query, valid};
use crate::wire::reply::{Answer, Reply};
use crate::wire::value::{Amount, Word};

/// A limit of a partner, all of its keys together: so many requests at once, and as many again within the window.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(rename = "RateLimit")]
struct LimitOfClass {
    class: Word<Class>,
    /// Requests that may come at once, if none came for a whole window.
    #[schemars(example = 20_000)]
    quota: u32,
    /// Seconds in which a used-up quota is whole again.
    #[schemars(example = 10)]
    window_seconds: u32,
}

/// Requests with a live key, by class, whatever the answer.
#[derive(Debug, Serialize, JsonSchema)]
struct Requests {
    #[schemars(example = 12)]
    catalogue: u64,
    #[schemars(example = 1_480)]
    search: u64,
    #[schemars(example = 35)]
    read: u64,
    #[schemars(example = 61)]
    write: u64,
    /// Those of them that were answered 429.
    #[schemars(example = 0)]
    limited: u64,
}

/// What was done on a day, or on several.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(rename = "Usage")]
struct Used {
    requests: Requests,
    /// Searches that were answered: of offers, and of the schedule with a key.
    #[schemars(example = 1_472)]
    looks: u64,
    /// Departures in those answers.
    #[schemars(example = 16_192)]
    offers: u64,
    /// Bookings that were created.
    #[schemars(example = 32)]
    bookings: u64,
    /// Tickets that were booked, to be paid on the bus.
    #[schemars(example = 4)]
    tickets_booked: u64,
    /// Tickets that were paid.
    #[schemars(example = 39)]
    tickets_paid: u64,
    /// Tickets that the partner canceled.
    #[schemars(example = 2)]
    tickets_canceled: u64,
    /// `looks` per booking, to a hundredth, rounded half up; null without a booking.
    #[schemars(example = 46)]
    look_to_book: Option<Amount>,
}

impl Used {
    fn new(counts: &Counts) -> Self {
        let requests = |class: Class| counts.requests[class as usize];
        Self {
            requests: Requests {
                catalogue: requests(Class::Catalogue),
                search: requests(Class::Search),
                read: requests(Class::Read),
                write: requests(Class::Write),
                limited: counts.limited,
            },
            looks: counts.looks,
            offers: counts.offers,
            bookings: counts.bookings,
            tickets_booked: counts.tickets_booked,
            tickets_paid: counts.tickets_paid,
            tickets_canceled: counts.tickets_canceled,
            look_to_book: counts.look_to_book().map(Amount),
        }
    }
}

/// What was done on a day.
#[derive(Debug, Serialize, JsonSchema)]
struct DayOfUsage {
    /// UTC.
    #[schemars(example = &"2027-02-01")]
    day: NaiveDate,
    #[serde(flatten)]
    used: Used,
}

/// How much a partner uses, and how much it may.
#[derive(Debug, Serialize, JsonSchema)]
pub struct PartnerUsage {
    /// The first day.
    #[schemars(example = &"2027-02-01")]
    from: NaiveDate,
    /// The last day.
    #[schemars(example = &"2027-02-01")]
    to: NaiveDate,
    tier: Word<PartnerTier>,
    /// What holds for all keys together.
    #[schemars(length(max = 4))]
    limits: Vec<LimitOfClass>,
    /// All days together.
    sum: Used,
    /// Every day, oldest first, also those on which nothing was done.
    #[schemars(length(max = 90))]
    days: Vec<DayOfUsage>,
    /// How many days there are.
    #[schemars(example = 1)]
    total: usize,
}

impl PartnerUsage {
    fn new(report: &usage::Report, tier: PartnerTier, limits: &Limits) -> Self {
        let limit = |class: &Class| LimitOfClass {
            class: Word(*class),
            quota: limits.of(*class).quota(),
            window_seconds: limits.of(*class).window(),
        };
        let day = |(day, counts): &(NaiveDate, Counts)| DayOfUsage {
            day: *day,
            used: Used::new(counts),
        };
        Self {
            from: report.period.from,
            to: report.period.to,
            tier: Word(tier),
            limits: Class::ALL.iter().map(limit).collect(),
            sum: Used::new(&report.total),
            days: report.days.iter().map(day).collect(),
            total: report.days.len(),
        }
    }
}

/// Operations on usage.
#[derive(Debug, Clone, Copy)]
pub struct UsageApi;

#[OpenApi(prefix_path = "/v2/partner/usage", tag = "Chapter::Usage")]
impl UsageApi {
    /// Read your usage
    ///
    /// What the partner did by day (UTC), at most the last 90, with all its keys; and the limits that they share. Counts of
    /// the last seconds may be missing.
    #[oai(path = "/", method = "get", operation_id = "getUsage")]
    async fn get(
        &self,
        state: Shared<'_>,
        caller: Caller,
        /// First day; 89 days ago unless it is given, which is also the earliest.
        from: Query<Option<Date>>,
        /// Last day; today unless it is given.
        to: Query<Option<Date>>,
    ) -> Answer<PartnerUsage, ()> {
        let (from, to) = valid((from, to))?;
        let (from, to) = (from.map(|date| date.0), to.map(|date| date.0));
        let report = usage::report(&state.platform, caller.partner_id, from, to).await?;
        let (tier, limits) = state.rate_limits.of_partner(caller.partner_id).await?;
        Ok(Reply::new(PartnerUsage::new(&report, tier, &limits)))
    }
}
