//! Usage and rate limits of a partner.

use app::usage;
use chrono::NaiveDate;
use domain::rate_limit::{Class, Limits, PartnerTier};
use domain::usage::Counts;
use poem_openapi::OpenApi;
use schemars::JsonSchema;
use serde::Serialize;

use super::Chapter;
use crate::auth::partner::OwnPartner;
use crate::state::Shared;
use crate::wire::param::Date;
use crate::wire::query::{Query, valid};
use crate::wire::reply::{Answer, Reply, refusals};
use crate::wire::value::{Amount, Word};

/// A rate limit that all keys of a partner share: `quota` requests at once, and as many again within `windowSeconds`.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(rename = "RateLimit")]
struct LimitOfClass {
    class: Word<Class>,
    /// Maximum number of requests at once after a full window without requests.
    #[schemars(example = 20_000)]
    quota: u32,
    /// Seconds until a used-up quota is fully available again.
    #[schemars(example = 10)]
    window_seconds: u32,
}

/// Number of requests with a valid key, by class, regardless of the response.
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
    /// Number of these requests that were answered with 429.
    #[schemars(example = 0)]
    limited: u64,
}

/// Usage on one or more days.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(rename = "Usage")]
struct Used {
    requests: Requests,
    /// Number of answered searches: searches for offers, and requests for the schedule with a key.
    #[schemars(example = 1_472)]
    looks: u64,
    /// Number of departures in the responses to these searches.
    #[schemars(example = 16_192)]
    offers: u64,
    /// Number of bookings that were created.
    #[schemars(example = 32)]
    bookings: u64,
    /// Number of tickets that were booked, to be paid on board.
    #[schemars(example = 4)]
    tickets_booked: u64,
    /// Number of tickets that were paid.
    #[schemars(example = 39)]
    tickets_paid: u64,
    /// Number of tickets that the partner canceled.
    #[schemars(example = 2)]
    tickets_canceled: u64,
    /// `looks` per booking, rounded half up to two decimal places; null if there are no bookings.
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

/// Usage on one day.
#[derive(Debug, Serialize, JsonSchema)]
struct DayOfUsage {
    /// Day in UTC.
    #[schemars(example = &"2027-02-01")]
    day: NaiveDate,
    #[serde(flatten)]
    used: Used,
}

/// Usage and rate limits of a partner.
#[derive(Debug, Serialize, JsonSchema)]
pub struct PartnerUsage {
    /// First day, in UTC.
    #[schemars(example = &"2027-02-01")]
    from: NaiveDate,
    /// Last day, in UTC.
    #[schemars(example = &"2027-02-01")]
    to: NaiveDate,
    tier: Word<PartnerTier>,
    /// Rate limits that all keys of the partner share.
    #[schemars(length(max = 4))]
    limits: Vec<LimitOfClass>,
    /// Sum of all days.
    sum: Used,
    /// Every day, oldest first, including days without usage.
    #[schemars(length(max = 90))]
    days: Vec<DayOfUsage>,
    /// Number of days.
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

/// The refusal of a caller who has no access to the usage of a partner.
pub(crate) const FORBIDDEN: (u16, &str) = (
    403,
    "`FORBIDDEN`: the user does not work for a partner, or the role of the user does not allow access to usage.",
);

refusals! {
    /// Reading usage.
    Use: [FORBIDDEN];
}

/// Operations on usage.
#[derive(Debug, Clone, Copy)]
pub struct UsageApi;

#[OpenApi(prefix_path = "/v2/partner/usage", tag = "Chapter::Usage")]
impl UsageApi {
    /// Get usage and rate limits
    ///
    /// Returns the usage of all keys of the partner for each day in UTC, at most the last 90 days, and the rate limits
    /// that the keys share. Counts of the last few seconds may be missing. Users of the partner can call this operation with
    /// their session.
    #[oai(path = "/", method = "get", operation_id = "getUsage")]
    pub(crate) async fn get(
        &self,
        state: Shared<'_>,
        caller: OwnPartner,
        /// First day, in UTC. Defaults to 89 days ago, which is also the earliest day.
        from: Query<Option<Date>>,
        /// Last day, in UTC. Defaults to today.
        to: Query<Option<Date>>,
    ) -> Answer<PartnerUsage, Use> {
        let (from, to) = valid((from, to))?;
        let (from, to) = (from.map(|date| date.0), to.map(|date| date.0));
        let report = usage::report(&state.platform, caller.partner_id, from, to).await?;
        let (tier, limits) = state.rate_limits.of_partner(caller.partner_id).await?;
        Ok(Reply::new(PartnerUsage::new(&report, tier, &limits)))
    }
}
