//! Progress of a partner's migration from `/rest`.

use app::legacy::{self, Progress};
use domain::legacy::{Deprecation, Operation, Standing};
use poem_openapi::OpenApi;
use schemars::JsonSchema;
use serde::Serialize;

use super::Chapter;
use crate::auth::partner::OwnPartner;
use crate::distribution::usage::FORBIDDEN;
use crate::state::Shared;
use crate::wire::reply::{Answer, Reply, refusals};
use crate::wire::value::Instant;

refusals! {
    /// Reading the progress.
    Read: [FORBIDDEN];
}

/// Operations about the end of the old API.
#[derive(Debug, Clone, Copy)]
pub struct MigrationApi;

#[OpenApi(prefix_path = "/v2/partner/migration", tag = "Chapter::Legacy")]
impl MigrationApi {
    /// Get the progress of the migration
    ///
    /// Returns the calls of the partner to `/rest` by day, the operations to call instead, and the time at which the
    /// old API closes for the partner. Users of the partner can call this operation with their session.
    #[oai(path = "/", method = "get", operation_id = "getMigration")]
    pub(crate) async fn get(&self, state: Shared<'_>, caller: OwnPartner) -> Answer<OneMigration, Read> {
        let progress = legacy::progress(&state.platform, &state.deprecation, caller.partner_id).await?;
        Ok(Reply::new(OneMigration {
            migration: Migration::new(&progress, &state.deprecation, state.guide.clone()),
        }))
    }
}

/// The migration of the calling partner.
#[derive(Debug, Serialize, JsonSchema)]
pub struct OneMigration {
    /// Progress of the migration.
    pub migration: Migration,
}

/// Progress of a partner's migration.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Migration {
    /// Time from which the old API is deprecated.
    #[schemars(example = &"2026-12-01T00:00:00.000Z")]
    pub deprecated_at: Instant,
    /// Announced end of the old API. Before this time, it does not close automatically for any partner.
    #[schemars(example = &"2027-03-01T00:00:00.000Z")]
    pub sunset_at: Instant,
    /// URL of the migration guide.
    #[schemars(example = &"https://api.example.com/guides/rest-to-v2-migration")]
    pub guide: String,
    /// Whether the partner can still call the old API.
    #[schemars(example = true)]
    pub open: bool,
    /// When the old API closed for the partner. If it is still open: when it will close if the partner does not call it
    /// again.
    #[schemars(example = &"2027-03-01T00:00:00.000Z")]
    pub closes_at: Instant,
    /// Time of the partner's last call; null if there was none.
    #[schemars(example = &"2027-01-20T12:00:00.000Z")]
    pub last_call_at: Option<Instant>,
    /// All operations of the old API.
    #[schemars(length(max = 6))]
    pub operations: Vec<OldOperation>,
}

/// An operation of the old API, with the number of calls and its replacement.
#[derive(Debug, Serialize, JsonSchema)]
pub struct OldOperation {
    /// Method and path.
    #[schemars(example = &"GET /rest/offers")]
    pub operation: &'static str,
    /// Method and path of the replacement.
    #[schemars(example = &"GET /v2/offers")]
    pub replacement: &'static str,
    /// What to change in the client.
    #[schemars(example = &"passengersQty is passengers; data.results is data.offers")]
    pub change: &'static str,
    /// Number of calls in the last 90 days.
    #[schemars(example = 12)]
    pub calls: i64,
    /// Days of the last 90 days on which the operation was called, oldest first.
    #[schemars(length(max = 90))]
    pub days: Vec<Day>,
}

/// Calls on one day.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Day {
    /// Day in UTC.
    #[schemars(example = &"2027-01-20")]
    pub day: chrono::NaiveDate,
    /// Number of calls.
    #[schemars(example = 12)]
    pub calls: i64,
}

impl Migration {
    fn new(progress: &Progress, deprecation: &Deprecation, guide: String) -> Self {
        Self {
            deprecated_at: Instant(deprecation.began),
            sunset_at: Instant(deprecation.sunset),
            guide,
            open: progress.standing == Standing::Open,
            closes_at: Instant(progress.closes_at),
            last_call_at: progress.window.last_call_at.map(Instant),
            operations: Operation::ALL
                .iter()
                .map(|operation| OldOperation::new(*operation, progress))
                .collect(),
        }
    }
}

impl OldOperation {
    fn new(operation: Operation, progress: &Progress) -> Self {
        let [name, replacement, change] = advice(operation);
        let own = progress.calls.iter().filter(|calls| calls.operation == operation);
        let days: Vec<Day> = own
            .map(|calls| Day {
                day: calls.day,
                calls: calls.calls,
            })
            .collect();
        Self {
            operation: name,
            replacement,
            change,
            calls: days.iter().map(|day| day.calls).sum(),
            days,
        }
    }
}

/// Method and path, those of the replacement, and what to change.
const fn advice(operation: Operation) -> [&'static str; 3] {
    match operation {
        Operation::SearchOffers => [
            "GET /rest/offers",
            "GET /v2/offers",
            "passengersQty is passengers; data.results is data.offers",
        ],
        Operation::CreateOrders => [
            "POST /rest/orders",
            "POST /v2/bookings",
            "one request per offer, with offerId beside passengers; leave the ignored fields out, they are refused; \
             answers 201 and { data: { booking } }",
        ],
        Operation::ListOrders => [
            "GET /rest/orders",
            "GET /v2/bookings",
            "pages over bookings, at most 50; filter by departureDate instead of createdAt",
        ],
        Operation::GetOrder => [
            "GET /rest/orders/{id}",
            "GET /v2/bookings/{id}",
            "the id is the ticket's bookingId; answers { data: { booking } } with all its tickets",
        ],
        Operation::GetOrderRefundRules => [
            "GET /rest/orders/{id}/refund-rules",
            "GET /v2/bookings/{id}/refund-rules",
            "the id is the ticket's bookingId; refundRules has an entry per ticket, by orderId",
        ],
        Operation::UpdateOrders => [
            "PATCH /rest/orders",
            "POST /v2/bookings/{id}/pay, /book or /cancel",
            "one request per booking, tickets in orderIds; Confirmed, NotConfirmed and Prepaid are in the back office",
        ],
    }
}
