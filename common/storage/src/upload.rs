//! Uploads an object in parts.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;
use clients::storage::StorageError;
use object_store::buffered::BufWriter;
use object_store::path::Path;
use object_store::{Attributes, ObjectStore};
use tokio::io::AsyncWriteExt;

use super::ask::ask;
use super::fault::{of_io, of_store, slow};

/// The smallest part that S3 accepts; ten thousand of them are 50 GB.
const PART: usize = 5 * 1024 * 1024;

/// Parts in flight: one is sent while the next one fills. This bounds the memory of an upload.
const PARTS: usize = 2;

/// An upload in parts.
pub(super) struct PartedUpload {
    writer: BufWriter,
    timeout: Duration,
}

impl PartedUpload {
    pub(super) fn new(
        store: Arc<dyn ObjectStore>,
        path: Path,
        attributes: Option<Attributes>,
        timeout: Duration,
    ) -> Self {
        let writer = BufWriter::with_capacity(store, path, PART).with_max_concurrency(PARTS);
        let writer = match attributes {
            Some(attributes) => writer.with_attributes(attributes),
            None => writer,
        };
        Self { writer, timeout }
    }
}

#[async_trait]
impl clients::storage::Upload for PartedUpload {
    async fn put(&mut self, bytes: Bytes) -> Result<(), StorageError> {
        let put = self.writer.put(bytes);
        let put = tokio::time::timeout(self.timeout, put).await.map_err(|_| slow())?;
        put.map_err(of_store)
    }

    async fn finish(mut self: Box<Self>) -> Result<(), StorageError> {
        let finishing = async {
            let finish = tokio::time::timeout(self.timeout, self.writer.shutdown()).await;
            finish.map_err(|_| slow())?.map_err(of_io)
        };
        ask("put", finishing).await
    }

    async fn abort(mut self: Box<Self>) {
        // There may be nothing to abort, or no store any more.
        let _ = tokio::time::timeout(self.timeout.min(Duration::from_secs(10)), self.writer.abort()).await;
    }
}
