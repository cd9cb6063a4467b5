//! Imports a feed from a URL.

use chrono::{DateTime, Utc};
use clients::gtfs_source::{self, Address, Fetched, Fetcher, SourceError};
use domain::gtfs::{Findings, Origin, Validators};
use sqlx::PgPool;

use super::import::{ImportError, import, preview};
use super::keys::origin_checksum;
use super::options::ImportOptions;
use super::report::{ImportReport, Outcome, SoldChanges};

/// Why a feed was not fetched and imported; nothing has changed.
#[derive(Debug, thiserror::Error)]
pub enum FetchImportError {
    /// It could not be fetched, or is not a feed.
    #[error(transparent)]
    Source(#[from] SourceError),
    /// It was not imported.
    #[error(transparent)]
    Import(#[from] ImportError),
}

/// Fetches a feed and publishes it. If it was fetched from there before with the same options, the server is asked
/// whether it has changed since; if not, nothing is done.
///
/// # Errors
/// When it cannot be fetched, is refused, or the database fails. Nothing has changed then.
pub async fn fetch_and_import(
    pool: &PgPool,
    now: DateTime<Utc>,
    fetcher: &Fetcher,
    address: &Address,
    vehicles: Option<Vec<u8>>,
    options: &ImportOptions,
) -> Result<ImportReport, FetchImportError> {
    let (sha256, known) = known(pool, address, vehicles.as_deref(), options).await?;
    let validators = known.as_ref().map(|known| known.validators.clone()).unwrap_or_default();
    let fetched = fetcher.fetch(address, &validators).await.map_err(SourceError::from)?;
    match (fetched, known) {
        (Fetched::Archive { bytes, validators }, _) => {
            let mut source = gtfs_source::unpack(&bytes, &address.stem(), vehicles)?;
            source.origin = Some(Origin { sha256, validators });
            Ok(import(pool, now, &source, options).await?)
        }
        (Fetched::Unchanged, known) => {
            let known = known.ok_or(sqlx::Error::RowNotFound).map_err(ImportError::from)?;
            Ok(ImportReport {
                feed: known.key,
                outcome: Outcome::Unchanged,
                synthetic: known.synthetic,
                counts: Vec::new(),
                dated_departures: known.dated_departures,
                stops_without_city: Vec::new(),
                sold: SoldChanges::default(),
                findings: Findings::default(),
            })
        }
    }
}

/// What fetching a feed and publishing it would do.
///
/// # Errors
/// As [`fetch_and_import`].
pub async fn fetch_and_preview(
    pool: &PgPool,
    now: DateTime<Utc>,
    fetcher: &Fetcher,
    address: &Address,
    vehicles: Option<Vec<u8>>,
    options: &ImportOptions,
) -> Result<ImportReport, FetchImportError> {
    match fetcher
        .fetch(address, &Validators::default())
        .await
        .map_err(SourceError::from)?
    {
        Fetched::Archive { bytes, .. } => {
            let source = gtfs_source::unpack(&bytes, &address.stem(), vehicles)?;
            Ok(preview(pool, now, &source, options).await?)
        }
        Fetched::Unchanged => Err(SourceError::NotAFeed.into()),
    }
}

async fn known(
    pool: &PgPool,
    address: &Address,
    vehicles: Option<&[u8]>,
    options: &ImportOptions,
) -> Result<(Vec<u8>, Option<db::timetable::feed::KnownFeed>), ImportError> {
    let mut conn = pool.acquire().await?;
    let cities = db::city::points(&mut conn).await?;
    let rates = db::published::rates(&mut conn).await?;
    let sha256 = origin_checksum(address.secret(), vehicles, options, &cities, &rates);
    let known = db::timetable::feed::of_origin(&mut conn, &sha256).await?;
    Ok((sha256, known))
}
