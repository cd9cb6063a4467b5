//! An object on its way into a store, in parts.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use object_store::buffered::BufWriter;
use object_store::path::Path;
use object_store::{Attributes, ObjectStore};
use tokio::io::AsyncWriteExt;

use super::StorageError;

/// The smallest part that S3 takes; ten thousand of them are 50 GB.
const PART: usize = 5 * 1024 * 1024;

/// Parts under way at a time: one is sent while the next one fills. With those before them this is what an upload
/// holds in memory.
const PARTS: usize = 2;

/// An upload. When it is dropped the store keeps nothing that anybody sees.
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

    /// Adds bytes; waits while as many parts are under way as may be.
    ///
    /// # Errors
    /// When the store refuses or is too slow.
    pub async fn put(&mut self, bytes: Bytes) -> Result<(), StorageError> {
        let put = self.writer.put(bytes);
        Ok(tokio::time::timeout(self.patience, put)
            .await
            .map_err(|_| StorageError::slow())??)
    }

    /// Makes the object visible, whole.
    ///
    /// # Errors
    /// When the store refuses or is too slow; the object may be there all the same.
    pub async fn finish(mut self) -> Result<(), StorageError> {
        let finish = self.writer.shutdown();
        Ok(tokio::time::timeout(self.patience, finish)
            .await
            .map_err(|_| StorageError::slow())??)
    }

    /// Gives up: parts that were sent are removed where the store lets us.
    pub async fn abort(mut self) {
        // There may be nothing to abort, or no store any more.
        let _ = tokio::time::timeout(self.patience.min(Duration::from_secs(10)), self.writer.abort()).await;
    }
}
