//! An attempt at the job of an upload: reads and checks the archive, and writes it in one transaction. A preview rolls
//! the transaction back; a publication commits it together with the status of the upload.

use std::io::{Seek, Write};

use chrono::{DateTime, Utc};
use clients::gtfs_source::{Source, SourceError, unpack_file};
use connect::postgres::{Limits, begin_within};
use db::timetable::company_feed::{self, CompanyFeed};
use db::timetable::upload::attempt::{self, Begun};
use domain::gtfs::{Clause, Findings, Remark};
use domain::id::TimetableUploadId;
use domain::timetable::upload::{UploadKind, UploadStatus, object_key};
use futures::TryStreamExt;
use sha2::{Digest, Sha256};
use sqlx::PgConnection;
use tracing::{Instrument, Span};

use super::super::feeds;
use super::super::former::Former;
use super::super::import::{self, ImportError, Ready, others};
use super::super::options::ImportOptions;
use super::super::owner::Owner;
use super::super::progress::ImportProgress;
use super::super::report::{ImportReport, Outcome};
use super::importer::{Ended, TimetableError, TimetableImporter, stored};
use super::report::UploadReport;
use crate::error::{AppError, chain};

/// An attempt that has begun.
pub(super) struct Attempt<'a> {
    /// Its dependencies.
    pub importer: &'a TimetableImporter,
    /// The upload.
    pub id: TimetableUploadId,
    /// The stored data of the upload.
    pub begun: &'a Begun,
    /// Where the attempt reports its phase.
    pub progress: ImportProgress,
}

impl Attempt<'_> {
    /// Previews or publishes the timetable, depending on the status of its upload.
    pub async fn work(&self, status: UploadStatus) -> Result<(), Ended> {
        let uploaded = match self.begun.kind {
            UploadKind::Upload => Some(self.compiled().await?),
            UploadKind::Undo => None,
        };
        let now = self.importer.clock.now();
        let mut tx = begin_within(&self.importer.pool, Limits::IMPORT).await?;
        // From here on, no other publication runs.
        db::timetable::feed::take_turn(&mut tx).await?;
        let present = target(&mut tx, self.begun).await?;
        let changed_at = present.as_ref().map(|feed| feed.changed_at);
        if status == UploadStatus::Publishing
            && self.begun.checked_at.is_some()
            && self.begun.compared_with != changed_at
        {
            return Err(Ended::Refused(Clause::ChangedSinceCheck {}.into(), None));
        }
        // Before the import takes locks that sales wait for.
        let replaced = match status {
            UploadStatus::Publishing => Some(self.replaced(&mut tx, present.as_ref()).await?),
            _ => None,
        };
        let writing = async {
            match uploaded {
                Some(uploaded) => self.import(&mut tx, now, present.as_ref(), uploaded).await,
                None => self.restore(&mut tx, now, present.as_ref()).await,
            }
        };
        let report = writing.instrument(span("write timetable")).await?;
        let (id, attempt) = (self.id, self.begun.attempt);
        let is_unchanged = report.outcome == Outcome::Unchanged;
        let report = stored(&UploadReport::from(&report))?;
        if status == UploadStatus::Checking {
            tx.rollback().await?;
            let mut conn = self.importer.pool.acquire().await?;
            return Ok(attempt::previewed(&mut conn, id, attempt, &report, changed_at, now).await?);
        }
        let replaced = replaced.filter(|_| !is_unchanged);
        if !attempt::published(&mut tx, id, attempt, &report, replaced.as_deref(), now).await? {
            return Err(Ended::Overtaken);
        }
        tx.commit().await?;
        tracing::info!(upload_id = %id, company_id = %self.begun.company_id, "timetable published");
        Ok(())
    }

    /// The timetable that is published at present, compressed.
    async fn replaced(&self, tx: &mut PgConnection, present: Option<&CompanyFeed>) -> Result<Vec<u8>, Ended> {
        let former = match present {
            Some(feed) => Former::read(tx, feed, (self.begun.company_id, &self.begun.slug)).await?,
            None => Former::default(),
        };
        let packing = tokio::task::spawn_blocking(move || former.pack());
        Ok(packing.await.map_err(|error| ended(&error))??)
    }

    /// The uploaded feed, read and checked.
    async fn compiled(&self) -> Result<(Source, Ready), Ended> {
        let key = object_key(self.begun.company_id, self.id);
        let mut bytes = self
            .importer
            .storage
            .read(&key)
            .await?
            .ok_or(TimetableError::NoArchive)?;
        let mut file = tempfile::tempfile()?;
        while let Some(part) = bytes.try_next().await? {
            file = tokio::task::spawn_blocking(move || file.write_all(&part).map(|()| file))
                .await
                .map_err(|error| ended(&error))??;
        }
        let now = self.importer.clock.now();
        let rates = db::published::rates(&mut *self.importer.pool.acquire().await?).await?;
        let options = ImportOptions {
            owner: Some(owner(self.begun, None)),
            ..ImportOptions::default()
        };
        let compiling = tokio::task::spawn_blocking(move || {
            file.rewind()?;
            let source = match unpack_file(file, "timetable") {
                Err(SourceError::Io { source, .. }) => return Err(source.into()),
                Err(error) => {
                    let reason = Remark::new(chain(&error), error.remark().clauses().to_vec());
                    return Err(Ended::Refused(reason, None));
                }
                Ok(source) => source,
            };
            let ready = import::compiled(now, rates, &source, &options).map_err(refused)?;
            Ok((source, ready))
        });
        let compiled = compiling.instrument(span("check timetable")).await;
        compiled.map_err(|error| ended(&error))?
    }

    async fn import(
        &self,
        tx: &mut PgConnection,
        now: DateTime<Utc>,
        present: Option<&CompanyFeed>,
        (source, ready): (Source, Ready),
    ) -> Result<ImportReport, Ended> {
        let options = ImportOptions {
            company: Some(self.begun.slug.clone()),
            tariff: present.and_then(|feed| feed.tariff),
            owner: Some(owner(self.begun, present)),
            ..ImportOptions::default()
        };
        import::write(tx, now, &source, &options, ready, &self.progress)
            .await
            .map_err(refused)
    }

    /// Publishes the timetable that the latest publication replaced.
    async fn restore(
        &self,
        tx: &mut PgConnection,
        now: DateTime<Utc>,
        present: Option<&CompanyFeed>,
    ) -> Result<ImportReport, Ended> {
        let refused = |reason: Clause| Ended::Refused(reason.into(), None);
        let former = attempt::former(tx, self.begun.company_id).await?;
        let (packed, published_at) = former.ok_or_else(|| refused(Clause::NoFormer {}))?;
        let present = present.ok_or_else(|| refused(Clause::NothingPublished {}))?;
        if published_at != Some(present.changed_at) {
            return Err(refused(Clause::ChangedByPlatform {}));
        }
        let Former {
            feed,
            vehicles,
            tariff,
            seats,
        } = Former::unpack(&packed)?;
        if feed.trips.is_empty() {
            let withdrawal = feeds::withdraw(tx, present.id, now).await?;
            return Ok(ImportReport::withdrawn(
                &present.key,
                present.synthetic,
                withdrawal.trips,
                withdrawal.closed,
            ));
        }
        let mut source = Source::default();
        // Used for the checksum of the published timetable.
        source.files.0.insert("former", Sha256::digest(&packed).to_vec());
        let options = ImportOptions {
            company: Some(self.begun.slug.clone()),
            owner: Some(owner(self.begun, Some(present))),
            new_feed: true,
            tariff,
            seats,
            ..ImportOptions::default()
        };
        let ready = Ready {
            feed,
            vehicles,
            findings: Findings::default(),
        };
        import::write(tx, now, &source, &options, ready, &self.progress)
            .await
            .map_err(self::refused)
    }
}

/// An exported span of a step.
fn span(step: &'static str) -> Span {
    tracing::info_span!(target: "otel", "step", otel.name = step)
}

/// The feed that a company replaces; `None` when it has none yet.
async fn target(conn: &mut PgConnection, begun: &Begun) -> Result<Option<CompanyFeed>, Ended> {
    let feeds = company_feed::list(conn, begun.company_id).await?;
    let live = feeds.iter().filter(|feed| feed.is_live).count();
    if live > 1 {
        return Err(Ended::Refused(Clause::InSeveralFeeds {}.into(), None));
    }
    match feeds.into_iter().next() {
        Some(feed) if feed.is_shared => Err(Ended::Refused(Clause::InSharedFeed {}.into(), None)),
        found => Ok(found),
    }
}

fn owner(begun: &Begun, present: Option<&CompanyFeed>) -> Owner {
    Owner {
        slug: begun.slug.clone(),
        names: begun.names.clone(),
        key: present.map_or_else(|| format!("{}/timetable", begun.slug), |feed| feed.key.clone()),
    }
}

/// The consequence of a failed import for an upload.
fn refused(error: ImportError) -> Ended {
    let words = chain(&error);
    match error {
        ImportError::App(AppError::Validation(_)) => Ended::Refused(words.into(), None),
        ImportError::App(error) => error.into(),
        ImportError::Strict(findings) => Ended::Refused("rows were rejected".into(), Some(findings)),
        ImportError::AnotherKey(_) => Ended::Refused(Clause::OnSaleElsewhere {}.into(), None),
        ImportError::Refused(refusal) => Ended::Refused(Remark::new(words, refusal.remark().clauses().to_vec()), None),
        ImportError::OtherAgencies(agencies) => Ended::Refused(Remark::new(words, vec![others(&agencies)]), None),
    }
}

fn ended(error: &tokio::task::JoinError) -> TimetableError {
    AppError::Internal(format!("the reader of a timetable ended: {error}")).into()
}
