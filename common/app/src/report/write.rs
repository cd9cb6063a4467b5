//! Writes rows into an object, in three concurrent stages: a task receives rows in batches, threads decode several
//! batches at a time and convert them to CSV, and the caller computes the checksum and uploads the result, in the order of
//! the rows. The number of batches on their way is limited, which keeps memory use constant, whatever the size of the
//! report: a faster stage waits for a slower one.

use bytes::Bytes;
use chrono::{DateTime, TimeDelta, Utc};
use clients::storage::Upload;
use db::report::attempt::Begun;
use db::report::line;
use db::report::rows::{self, Wanted};
use domain::id::ReportId;
use domain::report::sheet::Sheet;
use domain::report::{Range, progress};
use domain::zone::Zone;
use futures::TryStreamExt;
use sha2::{Digest, Sha256};
use sqlx::postgres::PgConnectOptions;
use tokio::sync::{mpsc, oneshot};
use tokio::task::{JoinError, JoinHandle, JoinSet};

use super::generator::{GenerateError, ReportGenerator};
use crate::error::{AppError, AppResult};

/// Number of rows that are passed on together.
const BATCH: usize = 500;

/// Bytes that are reserved for a line: enough for most lines in Cyrillic, so that the text does not move while it grows.
const LINE: usize = 512;

/// Maximum number of batches that are converted at a time, or wait to be uploaded.
const WAITING: usize = 3;

/// Shortest time between two progress updates.
const PACE: TimeDelta = TimeDelta::milliseconds(250);

/// Longest time without a progress update while rows arrive: each update also checks that the attempt is still current.
const BEAT: TimeDelta = TimeDelta::seconds(1);

/// The result of writing.
#[derive(Debug)]
pub(super) struct Written {
    /// Number of tickets.
    pub rows: u64,
    /// Size of the file.
    pub bytes: u64,
    /// SHA-256 in hex.
    pub sha256: String,
}

/// Part of the file.
struct Part {
    bytes: Bytes,
    rows: u64,
}

/// A part that is being made.
type Making = JoinHandle<Result<Part, GenerateError>>;

/// Writes the tickets of a report into an upload, which stays unfinished. `None` when another attempt has begun
/// meanwhile.
pub(super) async fn write(
    generator: &ReportGenerator,
    id: ReportId,
    begun: &Begun,
    upload: &mut dyn Upload,
) -> Result<Option<Written>, GenerateError> {
    let zone = Zone::named(&begun.time_zone)?;
    let range = Range::new(begun.date_from, begun.date_to).map_err(|error| AppError::Internal(error.to_string()))?;
    let (from, until) = range.instants(&zone);
    let wanted = Wanted {
        company_id: begun.company_id,
        date_field: begun.date_field,
        from,
        until,
    };
    let sheet = Sheet::new(zone, begun.dialect, generator.clock.now());

    let (count, counted) = oneshot::channel();
    let (made, mut parts) = mpsc::channel(WAITING);
    let options = generator.pool.connect_options().as_ref().clone();
    let head = sheet.head();
    // The reader ends together with this function, and closes its connection.
    let mut reader = JoinSet::new();
    reader.spawn(read(options, wanted, sheet, count, made));

    let mut course = Course::new(generator, id, begun.attempt);
    let mut file = FileSum::default();
    // Without a count the reader has failed, and its error is returned below.
    if let Ok(total) = counted.await {
        course.total = total;
        upload.put(file.add(head.into())).await?;
        while let Some(making) = parts.recv().await {
            let part = making.await.map_err(|error| ended(&error))??;
            upload.put(file.add(part.bytes)).await?;
            if !course.advance(part.rows).await? {
                return Ok(None);
            }
        }
    }
    drop(parts);
    while let Some(read) = reader.join_next().await {
        read.map_err(|error| ended(&error))??;
    }
    if course.written != course.total {
        return Err(GenerateError::Count {
            written: course.written,
            counted: course.total,
        });
    }
    Ok(Some(file.written(course.written)))
}

/// A stage that has panicked.
fn ended(error: &JoinError) -> AppError {
    AppError::Internal(format!("a stage of a report ended: {error}"))
}

/// Size and checksum of what was written.
#[derive(Default)]
struct FileSum {
    sum: Sha256,
    bytes: u64,
}

impl FileSum {
    /// Counts bytes in, and returns them.
    fn add(&mut self, bytes: Bytes) -> Bytes {
        self.sum.update(&bytes);
        self.bytes += bytes.len() as u64;
        bytes
    }

    fn written(self, rows: u64) -> Written {
        let sha256 = self.sum.finalize().iter().map(|byte| format!("{byte:02x}")).collect();
        Written {
            rows,
            bytes: self.bytes,
            sha256,
        }
    }
}

/// Reads the tickets, from one snapshot of the database, and has them converted.
async fn read(
    options: PgConnectOptions,
    wanted: Wanted,
    sheet: Sheet,
    count: oneshot::Sender<u64>,
    parts: mpsc::Sender<Making>,
) -> AppResult<()> {
    let mut conn = rows::connect(&options).await?;
    let mut tx = rows::begin(&mut conn).await?;
    let total = rows::count(&mut tx, &wanted).await?;
    if count.send(total.unsigned_abs()).is_err() {
        return Ok(());
    }
    let mut tickets = rows::copy(&mut tx, &wanted).await?;
    let mut batch = Vec::with_capacity(BATCH);
    while let Some(row) = tickets.try_next().await? {
        batch.push(row);
        if batch.len() == BATCH {
            let full = std::mem::replace(&mut batch, Vec::with_capacity(BATCH));
            if parts.send(compose(sheet.clone(), full)).await.is_err() {
                // The receiver is gone.
                return Ok(());
            }
        }
    }
    if !batch.is_empty() {
        let _ = parts.send(compose(sheet, batch)).await;
    }
    Ok(())
}

/// Converts rows to CSV, on a thread beside those of other tasks.
fn compose(mut sheet: Sheet, batch: Vec<Bytes>) -> Making {
    tokio::task::spawn_blocking(move || {
        let mut file = String::with_capacity(batch.len() * LINE);
        for row in &batch {
            sheet.line(&mut file, &line::decode(row)?)?;
        }
        Ok(Part {
            bytes: file.into(),
            rows: batch.len() as u64,
        })
    })
}

/// The progress of an attempt, recorded at intervals.
struct Course<'a> {
    generator: &'a ReportGenerator,
    id: ReportId,
    attempt: i16,
    total: u64,
    written: u64,
    noted: i16,
    noted_at: DateTime<Utc>,
}

impl<'a> Course<'a> {
    fn new(generator: &'a ReportGenerator, id: ReportId, attempt: i16) -> Self {
        Self {
            generator,
            id,
            attempt,
            total: 0,
            written: 0,
            noted: 0,
            noted_at: generator.clock.now(),
        }
    }

    /// Counts rows, and records progress when an update is due; false when the attempt is no longer the current one.
    async fn advance(&mut self, rows: u64) -> AppResult<bool> {
        self.written += rows;
        let percent = progress(self.written, self.total);
        let now = self.generator.clock.now();
        // The absolute value, since the clock may have been set back.
        let since = (now - self.noted_at).abs();
        if since < PACE || percent == self.noted && since < BEAT {
            return Ok(true);
        }
        let mut conn = self.generator.pool.acquire().await?;
        let present = db::report::attempt::note_progress(&mut conn, self.id, self.attempt, percent).await?;
        (self.noted, self.noted_at) = (percent, now);
        Ok(present)
    }
}
