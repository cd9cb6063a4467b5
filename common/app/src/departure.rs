//! Departures as their company works with them: lists, manifests, closing and reopening their sale.
//!
//! Departures come from the timetable in memory; what was sold or closed comes from the database. A stored departure is
//! shown as it was sold; one that is no longer in the timetable is shown while it has passengers.

use std::collections::{HashMap, HashSet};

use chrono::{DateTime, NaiveDate, Utc};
pub use db::departure::closure::Entry;
pub use db::departure::company::{Closure, Counts};
use db::departure::company::{Only, StoredDeparture};
pub use db::departure::manifest::Rider;
use db::journey::{DepartureKey, SoldDepartures};
use domain::catalogue::Window;
use domain::departure::{DepartureId, SaleStatus};
use domain::id::{CompanyId, RouteId};
use domain::journey::Journey;
use domain::sales_cutoff;
use domain::timetable::Timetable;
use sqlx::PgConnection;

use crate::error::{AppError, AppResult, Noun};
use crate::work::Work;
use crate::{Actor, Platform};

/// Maximum number of service days of a list.
pub const MOST_DAYS: i64 = 31;

/// Maximum number of history lines that are shown with a departure, the latest ones.
const HISTORY: i64 = 100;

/// How often closing is retried when the timetable changes meanwhile.
const ATTEMPTS: usize = 3;

/// A departure of a company.
#[derive(Debug, Clone)]
pub struct Departure {
    /// Its public id.
    pub id: DepartureId,
    /// Its route, its bus and all of its calls.
    pub journey: Journey,
    /// Whether it is on sale.
    pub status: SaleStatus,
    /// Who closed it, if the company did.
    pub closure: Option<Closure>,
    /// Its tickets.
    pub counts: Counts,
}

/// A departure with its passengers.
#[derive(Debug, Clone)]
pub struct Manifest {
    /// The departure.
    pub departure: Departure,
    /// The passengers, by boarding, then by seat.
    pub riders: Vec<Rider>,
    /// Who closed and reopened it, oldest first.
    pub history: Vec<Entry>,
}

/// A page of a company's departures on the service days `from` to `to`, both included, by time of departure, and how
/// many there are; of one route only, if it is given.
///
/// # Errors
/// Validation of `dateTo`: it is before `dateFrom`, or more than 30 days after it.
pub async fn list(
    platform: &Platform,
    company_id: CompanyId,
    (from, to): (NaiveDate, NaiveDate),
    route: Option<RouteId>,
    window: Window,
) -> AppResult<(Vec<Departure>, usize)> {
    check(from, to)?;
    let (published, now) = (platform.serving().await?, platform.clock.now());
    let timetable = &published.timetable;
    let mut snapshot = db::snapshot(&platform.pool).await?;
    let stored = db::departure::company::stored(&mut snapshot, company_id, (from, to), Only::route(route)).await?;
    let mut found: Vec<(DateTime<Utc>, DepartureKey)> = timetable
        .runs(company_id, from, to)
        .iter()
        .map(|run| (run, timetable.trip(run)))
        .filter(|(_, trip)| route.is_none_or(|route| trip.route.id == route))
        .map(|(run, trip)| (run.departs_at, (trip.id, run.service_day)))
        .collect();
    let running: HashSet<DepartureKey> = found.iter().map(|(_, key)| *key).collect();
    let left = stored
        .iter()
        .filter(|run| run.is_used && !running.contains(&run.key))
        .map(|run| (run.departs_at, run.key));
    found.extend(left);
    found.sort_unstable();
    let total = found.len();
    let page: Vec<DepartureKey> = found
        .into_iter()
        .skip(window.skip)
        .take(window.take)
        .map(|(_, key)| key)
        .collect();
    let departures = load(&mut snapshot, timetable, company_id, &page, stored, now).await?;
    snapshot.commit().await?;
    Ok((departures, total))
}

fn check(from: NaiveDate, to: NaiveDate) -> AppResult<()> {
    if to < from {
        return Err(AppError::field("dateTo", "order", "must not be before dateFrom"));
    }
    if (to - from).num_days() >= MOST_DAYS {
        return Err(AppError::field(
            "dateTo",
            "maxDays",
            format!("must be at most {MOST_DAYS} days from dateFrom, including both days"),
        ));
    }
    Ok(())
}

/// Departures of a company by their keys, in that order. `stored` has the stored ones among them. One that cannot be
/// read (a stop without a city) is logged and left out.
async fn load(
    conn: &mut PgConnection,
    timetable: &Timetable,
    company_id: CompanyId,
    keys: &[DepartureKey],
    stored: Vec<StoredDeparture>,
    now: DateTime<Utc>,
) -> AppResult<Vec<Departure>> {
    let mut stored: HashMap<DepartureKey, StoredDeparture> = stored.into_iter().map(|run| (run.key, run)).collect();
    let sold: Vec<DepartureKey> = keys.iter().copied().filter(|key| stored.contains_key(key)).collect();
    let journeys = if sold.is_empty() {
        SoldDepartures::default()
    } else {
        db::journey::load(conn, &sold).await?
    };
    let counts = db::departure::company::counts(conn, company_id, &sold, now).await?;
    let mut departures = Vec::with_capacity(keys.len());
    for key in keys {
        let row = stored.remove(key);
        let run = timetable.run(key.0, key.1);
        let journey = match &row {
            Some(_) => journeys.whole(*key),
            None => run.as_ref().and_then(|run| timetable.journey(run)),
        };
        let Some(journey) = journey else {
            tracing::error!(trip = %key.0, day = %key.1, "could not read a departure: its stops have no city");
            continue;
        };
        let is_withdrawn = run.is_none() || row.as_ref().is_some_and(|row| row.is_withdrawn);
        let closure = row.and_then(|row| row.closure);
        departures.push(Departure {
            id: DepartureId {
                trip_id: key.0,
                service_day: key.1,
            },
            status: SaleStatus::at(now, end_of_sale(&journey), is_withdrawn, closure.is_some()),
            journey,
            closure,
            counts: counts.get(key).copied().unwrap_or_default(),
        });
    }
    Ok(departures)
}

/// When the sale ends at the last stop where passengers can board.
fn end_of_sale(journey: &Journey) -> DateTime<Utc> {
    let last = journey.between.last().unwrap_or(&journey.boarding);
    sales_cutoff::closes_at(last.departs_at, journey.route.company.sales_cutoff)
}

/// A company's departure with its passengers.
///
/// # Errors
/// Not found, when it is unknown or another company's.
pub async fn get(platform: &Platform, company_id: CompanyId, id: DepartureId) -> AppResult<Manifest> {
    let published = platform.serving().await?;
    let mut snapshot = db::snapshot(&platform.pool).await?;
    let found = manifest(
        &mut snapshot,
        &published.timetable,
        company_id,
        id,
        platform.clock.now(),
    )
    .await?;
    snapshot.commit().await?;
    Ok(found)
}

async fn manifest(
    conn: &mut PgConnection,
    timetable: &Timetable,
    company_id: CompanyId,
    id: DepartureId,
    now: DateTime<Utc>,
) -> AppResult<Manifest> {
    let (key, day) = ((id.trip_id, id.service_day), id.service_day);
    let stored = db::departure::company::stored(conn, company_id, (day, day), Only::trip(id.trip_id)).await?;
    let is_own = |timetable: &Timetable| {
        let run = timetable.run(key.0, key.1);
        run.is_some_and(|run| timetable.trip(&run).route.company.id == company_id)
    };
    if stored.is_empty() && !is_own(timetable) {
        return Err(AppError::NotFound(Noun::Resource));
    }
    let found = load(conn, timetable, company_id, &[key], stored, now).await?.pop();
    let departure = found.ok_or_else(|| AppError::Internal(format!("departure {id} cannot be read")))?;
    Ok(Manifest {
        departure,
        riders: db::departure::manifest::riders(conn, company_id, key, now).await?,
        history: db::departure::closure::history(conn, key, HISTORY).await?,
    })
}

/// Closes the sale of a company's departure, or reopens it, and returns the changed departure. Its tickets do not
/// change. Repeating it changes nothing. Reopening does not put a departure on sale that an import took off sale.
///
/// # Errors
/// Not found, when it is unknown or another company's; departure closed, when no passenger can board any more.
pub async fn set_closed(
    platform: &Platform,
    work: &Work,
    company_id: CompanyId,
    actor: &Actor,
    id: DepartureId,
    is_closed: bool,
) -> AppResult<Manifest> {
    for _ in 0..ATTEMPTS {
        let now = platform.clock.now();
        let published = platform.published().await?;
        let mut tx = work.begin().await?;
        if attempt(&mut tx, &published.timetable, company_id, actor, id, is_closed, now).await? {
            tx.commit().await?;
            let mut after = work.read().await?;
            let found = manifest(&mut after, &published.timetable, company_id, id, platform.clock.now()).await?;
            after.commit().await?;
            return Ok(found);
        }
        tx.rollback().await?;
    }
    Err(AppError::Unavailable("the timetable keeps changing"))
}

/// Closes or reopens in the caller's transaction; false when the timetable is not what is published now.
async fn attempt(
    conn: &mut PgConnection,
    timetable: &Timetable,
    company_id: CompanyId,
    actor: &Actor,
    id: DepartureId,
    is_closed: bool,
    now: DateTime<Utc>,
) -> AppResult<bool> {
    // Taken before the departure is locked or stored, so that no import moves it meanwhile.
    if db::publication::hold(conn).await? != timetable.version() {
        return Ok(false);
    }
    let before = manifest(conn, timetable, company_id, id, now).await?.departure;
    if before.status == SaleStatus::Over {
        return Err(AppError::DepartureClosed);
    }
    let key = (id.trip_id, id.service_day);
    // Only a closed departure needs a row.
    if is_closed
        && let Some(run) = timetable.run(key.0, key.1)
        && db::departure::ensure(conn, key, timetable.trip(&run).bus.id).await?
    {
        db::journey::freeze(conn, key, &timetable.calls(&run)).await?;
    }
    db::departure::lock(conn, &[key]).await?;
    db::departure::closure::set(conn, key, is_closed, actor.author(), now).await?;
    Ok(true)
}
