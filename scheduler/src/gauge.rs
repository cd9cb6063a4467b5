//! Business gauges, read from the database periodically: unpaid tickets, positions of buses, reports, uploads of
//! timetables, and the results of the invariant checks.

use std::io;
use std::sync::LazyLock;
use std::sync::atomic::AtomicU64;
use std::time::Duration;

use db::error::{AppResult, chain};
use kernel::clock::Clock;
use metrics::{Name, labels};
use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::registry::Registry;
use sqlx::PgPool;

/// Time between two readings.
const PERIOD: Duration = Duration::from_secs(15);

/// How long a reading may take: packets of the database may be dropped.
const TIMEOUT: Duration = Duration::from_secs(10);

type Seconds = Gauge<f64, AtomicU64>;

labels! {
    /// How old the latest position of a bus is.
    pub enum Freshness {
        /// At most two minutes.
        Fresh = "fresh",
        /// At most ten minutes.
        Stale = "stale",
        /// Older, or there is none.
        Silent = "silent",
    }
}

labels! {
    /// The status of a report, as a label.
    pub enum ReportStatus {
        /// Waiting.
        Pending = "Pending",
        /// Being generated.
        Processing = "Processing",
        /// Completed within the last hour.
        Completed = "Completed",
        /// Failed within the last hour.
        Failed = "Failed",
    }
}

labels! {
    /// The status of an upload of a timetable, as a label.
    pub enum UploadStatus {
        /// The archive is being received.
        Receiving = "Receiving",
        /// Waiting for the preview, or being previewed.
        Checking = "Checking",
        /// Waiting for the publication, or being published.
        Publishing = "Publishing",
        /// Previewed within the last hour.
        Ready = "Ready",
        /// Refused within the last hour.
        Refused = "Refused",
        /// Published within the last hour.
        Published = "Published",
        /// Failed within the last hour.
        Failed = "Failed",
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct OfFreshness {
    freshness: Freshness,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct OfStatus {
    status: ReportStatus,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct OfUploadStatus {
    status: UploadStatus,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct OfRule {
    rule: Name,
}

#[derive(Default)]
struct Measured {
    sweep_lag: Seconds,
    position_age: Seconds,
    buses: Family<OfFreshness, Gauge>,
    reports: Family<OfStatus, Gauge>,
    uploads: Family<OfUploadStatus, Gauge>,
    violations: Family<OfRule, Gauge>,
    checked_at: Seconds,
    passed_at: Seconds,
    sampled_at: Seconds,
}

static MEASURED: LazyLock<Measured> = LazyLock::new(Measured::default);

/// Registers the business gauges.
pub fn register(registry: &mut Registry) {
    let measured = &*MEASURED;
    registry.register(
        "prexsell_sweep_lag_seconds",
        "How long the oldest unpaid ticket is past its payment window; 0 if none",
        measured.sweep_lag.clone(),
    );
    registry.register(
        "prexsell_position_age_seconds",
        "Highest age of a latest position among tracked buses under way",
        measured.position_age.clone(),
    );
    registry.register(
        "prexsell_buses",
        "Tracked buses under way, by the age of their latest position",
        measured.buses.clone(),
    );
    registry.register(
        "prexsell_reports",
        "Reports, by status; finished ones are counted for an hour",
        measured.reports.clone(),
    );
    registry.register(
        "prexsell_timetable_uploads",
        "Timetable uploads, by status; finished previews and publications are counted for an hour",
        measured.uploads.clone(),
    );
    registry.register(
        "prexsell_invariant_violations",
        "Violations of an invariant, counted up to 1,000 per rule",
        measured.violations.clone(),
    );
    registry.register(
        "prexsell_invariants_checked_timestamp_seconds",
        "Unix time of the oldest latest check of any rule; 0 if one was never checked",
        measured.checked_at.clone(),
    );
    registry.register(
        "prexsell_invariants_passed_timestamp_seconds",
        "Unix time of the oldest latest pass over any table; 0 if one was never passed over",
        measured.passed_at.clone(),
    );
    registry.register(
        "prexsell_business_sampled_timestamp_seconds",
        "Unix time at which the gauges of the business were last read",
        measured.sampled_at.clone(),
    );
}

/// Reads the gauges periodically until shutdown. A failure leaves them as they were.
pub async fn keep(pool: PgPool, clock: Clock) {
    let mut is_failing = false;
    loop {
        let looked = tokio::time::timeout(TIMEOUT, look(&pool, &clock)).await;
        let looked = looked.unwrap_or_else(|_| Err(sqlx::Error::Io(io::ErrorKind::TimedOut.into()).into()));
        if let Err(error) = &looked
            && !is_failing
        {
            tracing::warn!(error = chain(error), "could not read the business gauges");
        }
        is_failing = looked.is_err();
        tokio::time::sleep(PERIOD).await;
    }
}

/// Reads violations first: they page even if a later query fails.
async fn look(pool: &PgPool, clock: &Clock) -> AppResult<()> {
    let now = clock.now();
    show_violations(pool).await?;
    let mut conn = pool.acquire().await?;
    let measured = &*MEASURED;
    measured.sweep_lag.set(db::gauge::sweep_lag(&mut conn, now).await?);
    let tracking = db::gauge::tracking(&mut conn, now).await?;
    measured.position_age.set(tracking.oldest_seconds);
    for (freshness, buses) in [
        (Freshness::Fresh, tracking.fresh),
        (Freshness::Stale, tracking.stale),
        (Freshness::Silent, tracking.silent),
    ] {
        measured.buses.get_or_create(&OfFreshness { freshness }).set(buses);
    }
    let reports = db::gauge::reports(&mut conn, now).await?;
    for (status, count) in [
        (ReportStatus::Pending, reports.pending),
        (ReportStatus::Processing, reports.processing),
        (ReportStatus::Completed, reports.completed),
        (ReportStatus::Failed, reports.failed),
    ] {
        measured.reports.get_or_create(&OfStatus { status }).set(count);
    }
    let uploads = db::gauge::uploads(&mut conn, now).await?;
    for (status, count) in [
        (UploadStatus::Receiving, uploads.receiving),
        (UploadStatus::Checking, uploads.checking),
        (UploadStatus::Publishing, uploads.publishing),
        (UploadStatus::Ready, uploads.ready),
        (UploadStatus::Refused, uploads.refused),
        (UploadStatus::Published, uploads.published),
        (UploadStatus::Failed, uploads.failed),
    ] {
        measured.uploads.get_or_create(&OfUploadStatus { status }).set(count);
    }
    measured.sampled_at.set(now.timestamp_millis() as f64 / 1000.0);
    Ok(())
}

async fn show_violations(pool: &PgPool) -> AppResult<()> {
    let measured = &*MEASURED;
    let checked = app::invariant::latest(pool).await?;
    let passed = app::invariant::passed(pool).await?;
    measured.passed_at.set(passed.map_or(0.0, |at| at.timestamp() as f64));
    for result in &checked {
        let rule = Name::from(result.rule.name());
        let violations = i64::try_from(result.violations).unwrap_or(i64::MAX);
        measured.violations.get_or_create(&OfRule { rule }).set(violations);
    }
    let instants = checked.iter().map(|result| result.checked_at);
    let oldest = instants.map(|at| at.map_or(0.0, |at| at.timestamp() as f64));
    measured.checked_at.set(oldest.fold(f64::INFINITY, f64::min));
    Ok(())
}
