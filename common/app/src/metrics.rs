//! Metrics of the use cases. `docs/METRICS.md` explains each metric.

use std::fmt::Error;
use std::sync::{Arc, LazyLock};

use ::metrics::prometheus_client::collector::Collector;
use ::metrics::prometheus_client::encoding::{DescriptorEncoder, EncodeLabelSet, EncodeMetric};
use ::metrics::prometheus_client::metrics::MetricType;
use ::metrics::prometheus_client::metrics::counter::Counter;
use ::metrics::prometheus_client::metrics::family::Family;
use ::metrics::prometheus_client::metrics::gauge::ConstGauge;
use ::metrics::prometheus_client::registry::Registry;
use ::metrics::{Name, labels};
use domain::rate_limit::Class;

use crate::cache::Cache;
use crate::error::AppError;
use crate::published::Publication;

labels! {
    /// How an attempt to book ended.
    pub enum BookingOutcome {
        /// A booking was created.
        Created = "created",
        /// The request breaks a rule.
        Invalid = "invalid",
        /// The offer has outlived its 20 minutes.
        OfferExpired = "offer_expired",
        /// The company does not let the partner book.
        Forbidden = "forbidden",
        /// The departure is not on sale any more.
        DepartureClosed = "departure_closed",
        /// There are not enough seats.
        SeatsUnavailable = "seats_unavailable",
        /// The same request was answered before, or is being answered.
        Repeated = "repeated",
        /// The database is unavailable, or the timetable keeps changing.
        Unavailable = "unavailable",
        /// An internal error.
        Failed = "failed",
    }
}

labels! {
    /// Why seats were refused.
    pub enum SeatRefusal {
        /// No seat is left on the segment.
        Full = "full",
        /// Some are left, but fewer than requested.
        TooFew = "too_few",
        /// The bus was full a moment ago; the database was not queried.
        Remembered = "remembered",
    }
}

labels! {
    /// The outcome of a request with an idempotency key.
    pub enum IdempotencyOutcome {
        /// It was the first; its response is kept if such responses are kept.
        First = "first",
        /// The first response was sent again.
        Replayed = "replayed",
        /// The key was used with another request before.
        Mismatch = "mismatch",
        /// A concurrent duplicate is being served.
        InFlight = "in_flight",
        /// It failed.
        Failed = "failed",
    }
}

labels! {
    /// How a message goes to a passenger.
    pub enum MessageChannel {
        /// By mail.
        Email = "email",
        /// By Viber.
        Viber = "viber",
    }
}

labels! {
    /// How an attempt to send a message ended.
    pub enum MessageOutcome {
        /// It was sent.
        Sent = "sent",
        /// It had been sent before.
        Repeated = "repeated",
        /// It is tried again.
        Retry = "retry",
        /// Nothing was tried, because the provider's breaker is open.
        Postponed = "postponed",
        /// It cannot be sent as it is.
        Failed = "failed",
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct OfBooking {
    outcome: BookingOutcome,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct OfRefusal {
    reason: SeatRefusal,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct OfIdempotency {
    outcome: IdempotencyOutcome,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct OfClass {
    class: Name,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct OfMessage {
    channel: MessageChannel,
    outcome: MessageOutcome,
}

struct Measured {
    bookings: Family<OfBooking, Counter>,
    refusals: Family<OfRefusal, Counter>,
    idempotency: Family<OfIdempotency, Counter>,
    rate_limited: Family<OfClass, Counter>,
    refused_searches: Counter,
    legacy_calls: Counter,
    messages: Family<OfMessage, Counter>,
}

/// Counters exist from the start of the process, so that the first event shows as an increase.
static MEASURED: LazyLock<Measured> = LazyLock::new(|| {
    let measured = Measured {
        bookings: Family::default(),
        refusals: Family::default(),
        idempotency: Family::default(),
        rate_limited: Family::default(),
        refused_searches: Counter::default(),
        legacy_calls: Counter::default(),
        messages: Family::default(),
    };
    for outcome in BookingOutcome::ALL {
        drop(measured.bookings.get_or_create(&OfBooking { outcome }));
    }
    for reason in SeatRefusal::ALL {
        drop(measured.refusals.get_or_create(&OfRefusal { reason }));
    }
    for outcome in IdempotencyOutcome::ALL {
        drop(measured.idempotency.get_or_create(&OfIdempotency { outcome }));
    }
    for class in Class::ALL {
        let class = class.word().into();
        drop(measured.rate_limited.get_or_create(&OfClass { class }));
    }
    measured
});

/// Registers the metrics of an API process.
pub fn register_api(registry: &mut Registry, publication: Arc<Publication>, cache: Arc<Cache>) {
    let measured = &*MEASURED;
    registry.register(
        "prexsell_bookings",
        "Booking attempts, by outcome",
        measured.bookings.clone(),
    );
    registry.register(
        "prexsell_seat_refusals",
        "Sales refused because too few seats were left, by reason",
        measured.refusals.clone(),
    );
    registry.register(
        "prexsell_idempotency",
        "Requests with an idempotency key, by outcome",
        measured.idempotency.clone(),
    );
    registry.register(
        "prexsell_rate_limited",
        "Requests rejected because the caller exceeded its limit, by class of operation",
        measured.rate_limited.clone(),
    );
    registry.register(
        "prexsell_searches_refused",
        "Searches refused because too many wait",
        measured.refused_searches.clone(),
    );
    registry.register(
        "prexsell_legacy_calls",
        "Admitted calls of the old partner API",
        measured.legacy_calls.clone(),
    );
    registry.register_collector(Box::new(Memory { publication, cache }));
}

/// Registers the metrics of a worker.
pub fn register_worker(registry: &mut Registry) {
    registry.register(
        "prexsell_notifications",
        "Attempts to send a message to a passenger, by outcome",
        MEASURED.messages.clone(),
    );
}

/// Counts how an attempt to book ended.
pub(crate) fn count_booking(booked: Result<(), &AppError>) {
    let outcome = match booked {
        Ok(()) => BookingOutcome::Created,
        Err(AppError::Validation(_)) => BookingOutcome::Invalid,
        Err(AppError::OfferExpired) => BookingOutcome::OfferExpired,
        Err(AppError::Forbidden(_)) => BookingOutcome::Forbidden,
        Err(AppError::DepartureClosed) => BookingOutcome::DepartureClosed,
        Err(AppError::SeatsUnavailable { .. }) => BookingOutcome::SeatsUnavailable,
        Err(AppError::Answered | AppError::IdempotencyInFlight | AppError::IdempotencyKeyReused) => {
            BookingOutcome::Repeated
        }
        Err(AppError::Unavailable(_) | AppError::DatabaseUnavailable { .. }) => BookingOutcome::Unavailable,
        Err(_) => BookingOutcome::Failed,
    };
    MEASURED.bookings.get_or_create(&OfBooking { outcome }).inc();
}

/// Counts a sale that was refused after querying the database.
pub(crate) fn count_refusal(seats_left: u32) {
    let reason = if seats_left == 0 {
        SeatRefusal::Full
    } else {
        SeatRefusal::TooFew
    };
    MEASURED.refusals.get_or_create(&OfRefusal { reason }).inc();
}

/// Counts a sale that was refused without querying the database.
pub(crate) fn count_remembered_refusal() {
    let reason = SeatRefusal::Remembered;
    MEASURED.refusals.get_or_create(&OfRefusal { reason }).inc();
}

/// Counts the outcome of a request with an idempotency key.
pub(crate) fn count_idempotency(outcome: IdempotencyOutcome) {
    MEASURED.idempotency.get_or_create(&OfIdempotency { outcome }).inc();
}

/// Counts a request that was refused because its caller has exceeded its limit.
pub fn count_rate_limited(class: Class) {
    let class = class.word().into();
    MEASURED.rate_limited.get_or_create(&OfClass { class }).inc();
}

/// Counts a search that was refused because too many wait.
pub fn count_refused_search() {
    MEASURED.refused_searches.inc();
}

/// Counts a call of the old partner API.
pub(crate) fn count_legacy_call() {
    MEASURED.legacy_calls.inc();
}

/// Counts an attempt to send a message.
pub(crate) fn count_message(channel: MessageChannel, outcome: MessageOutcome) {
    MEASURED.messages.get_or_create(&OfMessage { channel, outcome }).inc();
}

/// State in the memory of an API process, read at each scrape.
#[derive(Debug)]
struct Memory {
    publication: Arc<Publication>,
    cache: Arc<Cache>,
}

impl Collector for Memory {
    fn encode(&self, mut encoder: DescriptorEncoder<'_>) -> Result<(), Error> {
        if let Some(published) = self.publication.at_hand() {
            let help = "Version of the timetable that the process serves";
            let described = encoder.encode_descriptor("prexsell_published_version", help, None, MetricType::Gauge)?;
            ConstGauge::new(published.timetable.version()).encode(described)?;
        }
        let help = "Age of the seats, keys and permissions held in memory";
        let described = encoder.encode_descriptor("prexsell_cache_lag_seconds", help, None, MetricType::Gauge)?;
        ConstGauge::new(self.cache.lag().age.as_secs_f64()).encode(described)
    }
}
