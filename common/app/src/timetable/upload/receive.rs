//! Receives an upload: the archive is passed to the store as it arrives, with only a part or two in memory.

use std::sync::Arc;

use bytes::Bytes;
use clients::gtfs_source::MOST_DOWNLOAD;
use clients::storage::{FileStore, Upload as Sending};
use connect::postgres;
use db::timetable::upload::Archive;
use domain::id::{CompanyId, TimetableUploadId, UserId};
use domain::timetable::upload::{AT_A_TIME, RECEIVED_AT_A_TIME, folder, object_key};
use futures::{Stream, TryStreamExt};
use kernel::clock::Clock;
use ledger::Cause;
use sha2::{Digest, Sha256};
use sqlx::PgPool;
use tokio::task::JoinHandle;

use super::{TOO_MANY, Upload};
use crate::error::{AppError, AppResult, chain};
use crate::jobs::timetable_preview;
use crate::work::Work;

/// The first bytes of every zip archive: an entry or, if it is empty, the end of the central directory.
const SIGNATURES: [&[u8]; 2] = [b"PK\x03\x04", b"PK\x05\x06"];

/// Why an archive was not received; nothing of it remains.
#[derive(Debug, thiserror::Error)]
pub enum ReceiveError<E> {
    /// The body could not be read.
    #[error("the body cannot be read")]
    Body(E),
    /// It is larger than an archive may be.
    #[error("the body is larger than {MOST_DOWNLOAD} bytes")]
    TooLarge,
    /// Anything else.
    #[error(transparent)]
    App(#[from] AppError),
}

/// Where an archive goes.
#[derive(Clone)]
pub struct Destination {
    /// The database.
    pub pool: PgPool,
    /// The store.
    pub storage: Arc<dyn FileStore>,
    /// The time.
    pub clock: Clock,
}

/// Receives an archive and requests its preview. If the future is dropped before it ends, because the client
/// disconnected or took too long, nothing remains either.
///
/// # Errors
/// Validation when it is not an archive; [`AppError::TimetableConflict`] when the company has too many unfinished
/// uploads; unavailable when the store fails.
pub async fn receive<E>(
    work: &Work,
    to: &Destination,
    (company_id, by): (CompanyId, UserId),
    body: impl Stream<Item = Result<Bytes, E>> + Send + Unpin,
    cause: &Cause,
) -> Result<Upload, ReceiveError<E>> {
    let id = TimetableUploadId::new();
    begin(to, company_id, id, by).await?;
    let unfinished = Unfinished::new(to.clone(), company_id, id);
    let received = async {
        let mut sending = to.storage.upload(&object_key(company_id, id));
        let archive = match store(sending.as_mut(), body).await {
            Ok(archive) => archive,
            Err(error) => {
                sending.abort().await;
                return Err(error);
            }
        };
        sending.finish().await.map_err(|error| unavailable(&error))?;
        Ok(preview(work, &to.clock, company_id, id, &archive, cause).await?)
    }
    .await;
    match received {
        Ok(_) => unfinished.keep(),
        Err(_) => unfinished.remove().await,
    }
    received
}

/// Records that an upload begins, so that its remains can be found if the process ends. This is not part of the
/// request's own transaction, which begins when the body is known.
async fn begin(to: &Destination, company_id: CompanyId, id: TimetableUploadId, by: UserId) -> AppResult<()> {
    let mut tx = postgres::begin(&to.pool).await?;
    db::timetable::upload::lock(&mut tx, company_id).await?;
    let unfinished = db::timetable::upload::unfinished(&mut tx, company_id).await?;
    if unfinished.receiving >= RECEIVED_AT_A_TIME {
        return Err(AppError::TimetableConflict(
            "Too many timetables of the company are being received",
        ));
    }
    if unfinished.receiving + unfinished.checking >= AT_A_TIME {
        return Err(TOO_MANY);
    }
    db::timetable::upload::begin(&mut tx, company_id, id, by, to.clock.now()).await?;
    tx.commit().await?;
    Ok(())
}

/// An archive, and its checksum as bytes.
struct Received {
    archive: Archive,
    digest: [u8; 32],
}

async fn store<E>(
    sending: &mut dyn Sending,
    mut body: impl Stream<Item = Result<Bytes, E>> + Send + Unpin,
) -> Result<Received, ReceiveError<E>> {
    let (mut hash, mut size, mut head) = (Sha256::new(), 0_usize, Vec::new());
    while let Some(bytes) = body.try_next().await.map_err(ReceiveError::Body)? {
        size += bytes.len();
        if size > MOST_DOWNLOAD {
            return Err(ReceiveError::TooLarge);
        }
        if head.len() < 4 {
            head.extend(bytes.iter().take(4 - head.len()));
            if head.len() == 4 && !SIGNATURES.contains(&head.as_slice()) {
                return Err(no_archive().into());
            }
        }
        hash.update(&bytes);
        sending.put(bytes).await.map_err(|error| unavailable(&error))?;
    }
    match head.len() {
        0 => Err(AppError::field("body", "required", "is required").into()),
        4 => {
            let digest: [u8; 32] = hash.finalize().into();
            Ok(Received {
                archive: Archive {
                    size_bytes: i64::try_from(size).unwrap_or(i64::MAX),
                    sha256: digest.iter().map(|byte| format!("{byte:02x}")).collect(),
                },
                digest,
            })
        }
        _ => Err(no_archive().into()),
    }
}

fn no_archive() -> AppError {
    AppError::field("body", "zip", "must be a zip archive")
}

fn unavailable(error: &clients::storage::StorageError) -> AppError {
    tracing::warn!(error = chain(error), "could not store an uploaded timetable");
    AppError::Unavailable(error.words)
}

/// Records that the archive has arrived, and enqueues the job that previews it.
async fn preview(
    work: &Work,
    clock: &Clock,
    company_id: CompanyId,
    id: TimetableUploadId,
    received: &Received,
    cause: &Cause,
) -> AppResult<Upload> {
    let now = clock.now();
    work.note_body(received.digest);
    let mut tx = work.begin().await?;
    let key = timetable_preview::key(id);
    db::timetable::upload::received(&mut tx, company_id, id, &received.archive, &key).await?;
    let job = timetable_preview::new_job(id, now)?.with_key(key);
    ledger::enqueue(&mut tx, now, cause, &[job]).await?;
    trace::note("timetable_upload", id);
    let upload = super::found(&mut tx, company_id, id).await?;
    tx.commit().await?;
    Ok(upload)
}

/// An upload that has not been received yet. When dropped, its remains are removed in a task of its own, so that this
/// happens even if the request has ended.
struct Unfinished {
    /// `None` when there is nothing to remove any more.
    left: Option<(Destination, CompanyId, TimetableUploadId)>,
}

impl Unfinished {
    const fn new(to: Destination, company_id: CompanyId, id: TimetableUploadId) -> Self {
        Self {
            left: Some((to, company_id, id)),
        }
    }

    fn keep(mut self) {
        self.left = None;
    }

    async fn remove(mut self) {
        if let Some(removing) = self.begin_to_remove()
            && let Err(error) = removing.await
        {
            tracing::warn!(error = chain(&error), "removal of an upload was interrupted");
        }
    }

    fn begin_to_remove(&mut self) -> Option<JoinHandle<()>> {
        let (to, company_id, id) = self.left.take()?;
        Some(tokio::spawn(async move {
            if let Err(error) = forget(&to, company_id, id).await {
                tracing::warn!(upload_id = %id, error = chain(&error), "could not remove an incomplete upload");
            }
        }))
    }
}

impl Drop for Unfinished {
    fn drop(&mut self) {
        self.begin_to_remove();
    }
}

/// Removes the remains of an upload, unless it was received after all, since a request can end while its transaction
/// commits. If that fails, the clean-up does it later.
async fn forget(to: &Destination, company_id: CompanyId, id: TimetableUploadId) -> AppResult<()> {
    let mut tx = postgres::begin(&to.pool).await?;
    if !db::timetable::upload::upkeep::lock_unreceived(&mut tx, id).await? {
        return Ok(());
    }
    let removed = to.storage.remove(&folder(company_id, id)).await;
    removed.map_err(|error| AppError::Unavailable(error.words))?;
    db::timetable::upload::upkeep::note_removed(&mut tx, &[id], to.clock.now()).await?;
    tx.commit().await?;
    Ok(())
}
