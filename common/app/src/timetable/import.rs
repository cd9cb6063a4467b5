//! The use case that imports a feed.

use chrono::{DateTime, Utc};
use clients::gtfs_source::Source;
use connect::postgres::begin;
use db::timetable::feed::FeedRow;
use domain::exchange_rate::Rates;
use domain::gtfs::model::Feed;
use domain::gtfs::vehicles::Vehicle;
use domain::gtfs::{Clause, Findings, Refusal, Remark, Terms, compile, vehicles};
use domain::id::FeedId;
use domain::identity::leave_out_doubles;
use domain::slug::is_slug;
use domain::timetable::upload::UploadPhase;
use sqlx::{PgConnection, PgPool};

use super::keys::{checksum, feed_key};
use super::known::{Known, Same};
use super::likeness::{self, Likeness, Newcomer};
use super::options::ImportOptions;
use super::progress::ImportProgress;
use super::publish::{Publisher, cities_of};
use super::report::{ImportReport, Outcome, SoldChanges};
use super::sold;
use crate::error::AppError;

/// Why a feed was not imported; nothing has changed.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    /// The feed as a whole cannot be used.
    #[error("feed refused: {0}")]
    Refused(#[from] Refusal),
    /// Rows were rejected, although the operator requires that none are.
    #[error("feed refused (strict): {} rejected rows", .0.flaws.len())]
    Strict(Findings),
    /// It names agencies that are not those of the company that publishes it.
    #[error("feed refused: {}", others(.0))]
    OtherAgencies(Vec<String>),
    /// It seems to be an existing feed under another key.
    #[error("feed refused: {0}")]
    AnotherKey(Box<Likeness>),
    /// The database, or an invalid option.
    #[error(transparent)]
    App(#[from] AppError),
}

impl From<sqlx::Error> for ImportError {
    fn from(error: sqlx::Error) -> Self {
        Self::App(error.into())
    }
}

/// Publishes a feed in one transaction: readers see the timetable before or after it, never a mix.
///
/// # Errors
/// When the feed is refused, an option is invalid or the database fails. Nothing has then changed.
pub async fn import(
    pool: &PgPool,
    now: DateTime<Utc>,
    source: &Source,
    options: &ImportOptions,
) -> Result<ImportReport, ImportError> {
    let ready = read(pool, now, source, options).await?;
    let mut tx = begin(pool).await?;
    let report = write(&mut tx, now, source, options, ready, &ImportProgress::unobserved()).await?;
    if let Some(by) = options.by.as_ref().filter(|_| report.outcome != Outcome::Unchanged) {
        let details = [("isNew", (report.outcome == Outcome::New).into())];
        by.record(&mut tx, now, "feed.imported", &report.feed, details).await?;
    }
    tx.commit().await?;
    Ok(report)
}

/// The report that [`import`] would give, sold tickets included. It carries out the import and rolls it back; meanwhile
/// first sales, and sales on the feed's sold departures, wait.
///
/// # Errors
/// As [`import`].
pub async fn preview(
    pool: &PgPool,
    now: DateTime<Utc>,
    source: &Source,
    options: &ImportOptions,
) -> Result<ImportReport, ImportError> {
    let ready = read(pool, now, source, options).await?;
    let mut tx = begin(pool).await?;
    let report = write(&mut tx, now, source, options, ready, &ImportProgress::unobserved()).await?;
    tx.rollback().await?;
    Ok(report)
}

/// A feed that was read and checked.
pub(super) struct Ready {
    pub(super) feed: Feed,
    pub(super) vehicles: Vec<Vehicle>,
    pub(super) findings: Findings,
}

async fn read(
    pool: &PgPool,
    now: DateTime<Utc>,
    source: &Source,
    options: &ImportOptions,
) -> Result<Ready, ImportError> {
    check(options)?;
    let rates = db::published::rates(&mut *pool.acquire().await?).await?;
    compiled(now, rates, source, options)
}

/// Checks the files of a feed. This computes for a while on a large feed, and does no I/O.
pub(super) fn compiled(
    now: DateTime<Utc>,
    rates: Rates,
    source: &Source,
    options: &ImportOptions,
) -> Result<Ready, ImportError> {
    let terms = Terms {
        now,
        window: options.window,
        shift_calendar: options.shift_calendar,
        fares: options.fares.clone(),
        rates,
    };
    let (mut feed, mut findings) = compile(&source.files, &terms)?;
    findings.notices.splice(0..0, source.notices.iter().cloned());
    for double in leave_out_doubles(&mut feed) {
        findings.notice(double);
    }
    let vehicles = vehicles::read(&source.files, &mut findings)?;
    if options.strict && !findings.flaws.is_empty() {
        return Err(ImportError::Strict(findings));
    }
    if feed.fares.is_empty() && options.tariff.is_none() {
        let notice = Clause::NoFares {};
        findings.notice(match options.owner {
            Some(_) => Remark::from(notice),
            None => Remark::new(format!("{notice} unless it is imported with --tariff"), vec![notice]),
        });
    }
    Ok(Ready {
        feed,
        vehicles,
        findings,
    })
}

/// Writes the difference between the feed and what is stored.
pub(super) async fn write(
    tx: &mut PgConnection,
    now: DateTime<Utc>,
    source: &Source,
    options: &ImportOptions,
    ready: Ready,
    progress: &ImportProgress,
) -> Result<ImportReport, ImportError> {
    let Ready {
        feed,
        vehicles,
        findings,
    } = ready;
    let mut report = ImportReport {
        feed: feed_key(&feed, source, options),
        outcome: Outcome::Unchanged,
        synthetic: feed.synthetic,
        counts: Vec::new(),
        dated_departures: feed.dated_departures(),
        stops_without_city: Vec::new(),
        sold: SoldChanges::default(),
        findings,
    };

    progress.enters(UploadPhase::Comparing);
    if let Some(owner) = &options.owner {
        owner.check(&feed).map_err(ImportError::OtherAgencies)?;
    }
    db::timetable::feed::take_turn(tx).await?;
    let cities = db::city::points(tx).await?;
    let sha256 = checksum(&feed, source, options, &cities);
    let stored = db::timetable::feed::find(tx, &report.feed).await?;
    // A timetable that depends on the date may differ tomorrow, even if the server reports no change.
    let follows_clock = options.shift_calendar || options.window.is_none() && feed.window.is_some();
    let origin = source.origin.as_ref().filter(|_| !follows_clock);
    if let Some((id, _)) = stored.as_ref().filter(|(_, of_last_import)| *of_last_import == sha256) {
        db::timetable::feed::set_origin(tx, *id, origin).await?;
        return Ok(report);
    }
    report.outcome = if stored.is_some() {
        Outcome::Updated
    } else {
        Outcome::New
    };
    let key = report.feed.clone();
    let row = FeedRow {
        id: stored.map_or_else(FeedId::new, |(id, _)| id),
        key: &key,
        sha256: &sha256,
        tariff: options.tariff,
        synthetic: feed.synthetic,
        imported_at: now,
    };
    db::timetable::feed::upsert(tx, &row).await?;
    db::timetable::feed::set_origin(tx, row.id, origin).await?;
    let known = Known::load(tx, row.id).await?;
    let stop_cities = cities_of(&feed, &cities);
    let same = Same::of(&feed, row.key, &known, &stop_cities);
    if !options.new_feed {
        let newcomer = Newcomer {
            feed: &feed,
            id: row.id,
            key: row.key,
            is_update: report.outcome == Outcome::Updated,
            options,
        };
        let is_new = same.new_trips(&feed, &known);
        if let Some(likeness) = likeness::find(tx, newcomer, &is_new, now).await? {
            return Err(ImportError::AnotherKey(Box::new(likeness)));
        }
    }
    if cities.is_empty() {
        report.findings.notice(Clause::NoCities {});
    }
    let publisher = Publisher {
        feed: &feed,
        feed_id: row.id,
        key: row.key,
        known: &known,
        same: &same,
        cities: &stop_cities,
        vehicles: &vehicles,
        options,
        now,
    };
    progress.enters(UploadPhase::Writing);
    let published = publisher.publish(tx, &mut report).await?;
    progress.enters(UploadPhase::Tickets);
    db::publication::close_first_sales(tx).await?;
    report.sold = sold::follow(tx, publisher.feed_id, &published, (&known, &stop_cities), now).await?;
    db::publication::bump(tx).await?;
    Ok(report)
}

pub(super) fn others(agencies: &[String]) -> Clause {
    let agencies = agencies.join(", ");
    Clause::OtherAgencies { agencies }
}

fn check(options: &ImportOptions) -> Result<(), AppError> {
    if options.feed.as_ref().is_some_and(|feed| !is_slug(feed)) {
        return Err(AppError::field(
            "feed",
            "slug",
            "must be lower-case letters, digits and dashes",
        ));
    }
    if options.seats.is_some_and(|seats| !(1..=200).contains(&seats)) {
        return Err(AppError::field("seats", "range", "must be between 1 and 200"));
    }
    Ok(())
}
