//! Writes rows into an object, in three concurrent stages: a task receives rows, a thread decodes them, converts them to
//! CSV and computes the checksum, and the caller uploads the result. Bounded channels between the stages keep memory use
//! constant, whatever the size of the report: a faster stage waits for a slower one.

use bytes::Bytes;
use chrono::{DateTime, TimeDelta, Utc};
use clients::storage::Upload;
use db::report::attempt::Begun;
use db::report::line;
use db::report::rows::{self, RowFilter};
use domain::id::ReportId;
use domain::report::csv::Sheet;
use domain::report::{Range, progress};
use domain::zone::Zone;
use futures::TryStreamExt;
use sha2::{Digest, Sha256};
use sqlx::postgres::PgConnectOptions;
use tokio::sync::{mpsc, oneshot};
use tokio::task::JoinSet;

use super::generator::{GenerateError, ReportGenerator};
use crate::error::{AppError, AppResult};

/// Number of rows that are passed on together.
const BATCH: usize = 500;

/// Bytes that are reserved for a line: enough for most lines in Cyrillic, so that the text does not move while it grows.
const LINE: usize = 512;

/// Maximum number of batches or chunks that wait for the next stage.
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
struct Chunk {
    bytes: Bytes,
    rows: u64,
}

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
    let wanted = RowFilter {
        company_id: begun.company_id,
        date_field: begun.date_field,
        from,
        until,
    };
    let sheet = Sheet::new(zone, begun.dialect, generator.clock.now());

    let (count, counted) = oneshot::channel();
    let (received, batches) = mpsc::channel(WAITING);
    let (parts, mut chunks) = mpsc::channel(WAITING);
    let options = generator.pool.connect_options().as_ref().clone();
    // The reader ends together with this function, and closes its connection.
    let mut reader = JoinSet::new();
    reader.spawn(read(options, wanted, count, received));
    // The writer ends when one of its channels is closed.
    let writer = tokio::task::spawn_blocking(move || compose(sheet, batches, &parts));

    let mut progress = ReportProgress::new(generator, id, begun.attempt);
    // Without a count the reader has failed, and its error is returned below.
    if let Ok(total) = counted.await {
        progress.total = total;
        while let Some(chunk) = chunks.recv().await {
            upload.put(chunk.bytes).await?;
            if !progress.advance(chunk.rows).await? {
                return Ok(None);
            }
        }
    }
    drop(chunks);
    while let Some(read) = reader.join_next().await {
        read.map_err(|error| AppError::Internal(format!("the reader of a report ended: {error}")))??;
    }
    let written = writer
        .await
        .map_err(|error| AppError::Internal(format!("the writer of a report ended: {error}")))??;
    if written.rows != progress.total {
        return Err(GenerateError::Count {
            written: written.rows,
            counted: progress.total,
        });
    }
    Ok(Some(written))
}

/// Reads the tickets, from one snapshot of the database.
async fn read(
    options: PgConnectOptions,
    wanted: RowFilter,
    count: oneshot::Sender<u64>,
    batches: mpsc::Sender<Vec<Bytes>>,
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
            if batches.send(full).await.is_err() {
                // The receiver is gone.
                return Ok(());
            }
        }
    }
    if !batch.is_empty() {
        let _ = batches.send(batch).await;
    }
    Ok(())
}

/// Converts rows to CSV.
fn compose(
    mut sheet: Sheet,
    mut batches: mpsc::Receiver<Vec<Bytes>>,
    parts: &mpsc::Sender<Chunk>,
) -> Result<Written, GenerateError> {
    let mut sum = Sha256::new();
    let (mut rows, mut bytes) = (0, 0);
    let mut pass_on = |text: Vec<u8>, lines: u64| {
        sum.update(&text);
        rows += lines;
        bytes += text.len() as u64;
        let bytes = Bytes::from(text);
        parts.blocking_send(Chunk { bytes, rows: lines }).is_ok()
    };
    let mut wanted = pass_on(sheet.head(), 0);
    while wanted && let Some(batch) = batches.blocking_recv() {
        let mut file = Vec::with_capacity(batch.len() * LINE);
        for row in &batch {
            sheet.line(&mut file, &line::decode(row)?)?;
        }
        wanted = pass_on(file, batch.len() as u64);
    }
    let sha256 = sum.finalize().iter().map(|byte| format!("{byte:02x}")).collect();
    Ok(Written { rows, bytes, sha256 })
}

/// The progress of an attempt, recorded at intervals.
struct ReportProgress<'a> {
    generator: &'a ReportGenerator,
    id: ReportId,
    attempt: i16,
    total: u64,
    written: u64,
    noted: i16,
    noted_at: DateTime<Utc>,
}

impl<'a> ReportProgress<'a> {
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
