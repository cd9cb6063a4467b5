//! Items of a company that need attention.

use app::today;
use domain::id::TicketId;
use domain::notification::Channel;
use domain::notification::delivery::DeliveryReason;
use domain::ticket::{Event, TicketStatus};
use poem_openapi::OpenApi;
use schemars::JsonSchema;
use serde::Serialize;

use super::Chapter;
use crate::auth::person::AtCompany;
use crate::state::Shared;
use crate::wire::param::{Skip, Take};
use crate::wire::query::{Query, valid};
use crate::wire::reply::{Answer, Reply, refusals};
use crate::wire::value::{Id, Instant, Word, Zoned};

refusals! {
    /// Reading the numbers.
    Read: [(403, "`FORBIDDEN`: the role of the user does not allow access to orders.")];
}

/// Counts of items that need attention, capped at 1000.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Today {
    /// Messages of the last 7 days that could not be delivered to passengers who have not boarded yet, and that are not
    /// superseded by a later message on the same channel.
    #[schemars(example = 1)]
    pub failed_deliveries: i64,
    /// Orders with status `Processing`.
    #[schemars(example = 4)]
    pub awaiting_confirmation: i64,
    /// Orders with status `NotConfirmed` whose day of boarding is today, in the time zone of the company.
    #[schemars(example = 0)]
    pub rejected_today: i64,
    /// Orders with status `NotConfirmed` whose day of boarding is tomorrow, in the time zone of the company.
    #[schemars(example = 0)]
    pub rejected_tomorrow: i64,
    /// Tracked objects without a position for 30 minutes.
    #[schemars(example = 0)]
    pub silent_buses: i64,
    /// Reports with status `Pending` or `Processing`.
    #[schemars(example = 1)]
    pub running_reports: i64,
    /// Scheduled reports that were due in the last 7 days and whose latest run failed or could not be mailed.
    #[schemars(example = 0)]
    pub failed_schedules: i64,
}

/// A page of messages that could not be delivered.
#[derive(Debug, Serialize, JsonSchema)]
pub struct FailedDeliveryList {
    /// Newest first.
    #[schemars(length(max = 100))]
    pub deliveries: Vec<FailedDelivery>,
    /// Total number of messages, regardless of `take` and `skip`; at most 1000.
    #[schemars(example = 1)]
    pub total: usize,
}

/// A message that could not be delivered, with its order.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct FailedDelivery {
    /// Id of the order.
    pub order_id: Id<TicketId>,
    /// Short reference of the order, easy to read aloud and type.
    #[schemars(example = &"K7M2QXA")]
    pub reference: String,
    /// Status of the order.
    pub status: Word<TicketStatus>,
    /// Given name of the passenger.
    #[schemars(example = &"Тарас")]
    pub first_name: String,
    /// Family name of the passenger.
    #[schemars(example = &"Бондар")]
    pub last_name: String,
    /// When the passenger boards, in UTC.
    pub departure_date: Instant,
    /// The same in the local time of the stop, with the UTC offset.
    pub departure_at: Zoned,
    /// Event that the message is about.
    pub event: Word<Event>,
    /// Channel of the message.
    pub channel: Word<Channel>,
    /// When the message was created.
    pub created_at: Instant,
    /// Why it could not be delivered, for programs; null if it is not known.
    pub code: Option<Word<DeliveryReason>>,
    /// Why it could not be delivered, in English; null if it is not known.
    #[schemars(example = &"The mail server refused the message or its recipient.")]
    pub reason: Option<String>,
}

impl From<today::FailedDelivery> for FailedDelivery {
    fn from(delivery: today::FailedDelivery) -> Self {
        let (code, reason) = today::reason(&delivery)
            .map(|reason| (Word(reason.code), reason.text))
            .unzip();
        Self {
            code,
            reason,
            order_id: Id(delivery.ticket_id),
            reference: delivery.reference.to_string(),
            status: Word(delivery.state.status),
            first_name: delivery.first_name,
            last_name: delivery.last_name,
            departure_date: Instant(delivery.boarding_at.to_utc()),
            departure_at: Zoned(delivery.boarding_at),
            event: Word(delivery.event),
            channel: Word(delivery.channel),
            created_at: Instant(delivery.created_at),
        }
    }
}

/// Operations on the day of a company.
#[derive(Debug, Clone, Copy)]
pub struct TodayApi;

#[OpenApi(prefix_path = "/v2/today", tag = "Chapter::Departures")]
impl TodayApi {
    /// Count the items that need attention
    ///
    /// Returns the number of messages, orders, buses and reports of the company that need attention.
    #[oai(path = "/", method = "get", operation_id = "getToday")]
    pub(crate) async fn get(&self, state: Shared<'_>, office: AtCompany) -> Answer<Today, Read> {
        let (counted, failed_schedules) = today::count(&state.platform, office.company_id).await?;
        Ok(Reply::new(Today {
            failed_deliveries: counted.failed_deliveries,
            awaiting_confirmation: counted.awaiting_confirmation,
            rejected_today: counted.rejected_today,
            rejected_tomorrow: counted.rejected_tomorrow,
            silent_buses: counted.silent_buses,
            running_reports: counted.running_reports,
            failed_schedules,
        }))
    }

    /// List messages that could not be delivered
    ///
    /// Returns the messages that `failedDeliveries` of `getToday` counts, newest first.
    #[oai(path = "/failed-deliveries", method = "get", operation_id = "listFailedDeliveries")]
    pub(crate) async fn list_failed(
        &self,
        state: Shared<'_>,
        office: AtCompany,
        /// Page size.
        take: Query<Take>,
        /// Number of items to skip; an empty value counts as 0.
        skip: Query<Skip>,
    ) -> Answer<FailedDeliveryList, Read> {
        let (take, skip) = valid((take, skip))?;
        let page = (take.0.into(), skip.0.into());
        let (deliveries, total) = today::failed_deliveries(&state.platform, office.company_id, page).await?;
        Ok(Reply::new(FailedDeliveryList {
            deliveries: deliveries.into_iter().map(Into::into).collect(),
            total: usize::try_from(total).unwrap_or(usize::MAX),
        }))
    }
}
