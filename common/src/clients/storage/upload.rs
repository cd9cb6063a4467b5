//! Uploads an object in parts.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use object_store::buffered::BufWriter;
use object_store::path::Path;
use object_store::{Attributes, ObjectStore};
use tokio::io::AsyncWriteExt;

use super::StorageError;

/// The smallest part that S3 accepts; ten thousand of them are 50 GB.
const PART: usize = 5 * 1024 * 1024;

/// Parts in flight: one is sent while the next one fills. This bounds the memory of an upload.
const PARTS: usize = 2;

/// An upload. When it is dropped, no object becomes visible.
pub struct Upload {
    writer: BufWriter,
    patience: Duration,
}

impl Upload {
    pub(super) fn new(
        store: Arc<dyn ObjectStore>,
        path: Path,
        attributes: Option<Attributes>,
        patience: Duration,
    ) -> Self {
        let writer = BufWriter::with_capacity(store, path, PART).with_max_concurrency(PARTS);
        let writer = match attributes {
            Some(attributes) => writer.with_attributes(attributes),
            None => writer,
        };
        Self { writer, patience }
    }

    /// Adds bytes; waits while the maximum of parts is in flight.
    ///
    /// # Errors
    /// When the store refuses or is too slow.
    pub async fn put(&mut self, bytes: Bytes) -> Result<(), StorageError> {
        let put = self.writer.put(bytes);
        Ok(tokio::time::timeout(self.patience, put)
            .await
            .map_err(|_| StorageError::slow())??)
    }

    /// Completes the object, which makes it visible.
    ///
    /// # Errors
    /// When the store refuses or is too slow; the object may exist nevertheless.
    pub async fn finish(mut self) -> Result<(), StorageError> {
        let finish = self.writer.shutdown();
        Ok(tokio::time::timeout(self.patience, finish)
            .await
            .map_err(|_| StorageError::slow())??)
    }

    /// Aborts: parts that were sent are removed if the store allows it.
    pub async fn abort(mut self) {
        // There may be nothing to abort, or the store may be unreachable.
        let _ = tokio::time::timeout(self.patience.min(Duration::from_secs(10)), self.writer.abort()).await;
    }
}
