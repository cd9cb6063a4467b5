//! The store of report files and timetable archives, as use cases see it. The stores themselves are in the crate
//! `storage`.
//!
//! Callers name an object by its key, such as `reports/cmp_…/rpt_…/1/orders-2026-11-01_2026-11-30.csv`; its last part
//! is the name under which people save the file.

use async_trait::async_trait;
use bytes::Bytes;
use chrono::{DateTime, TimeDelta, Utc};
use domain::provider::Fault;
use futures::stream::BoxStream;

use super::BoxError;
use super::breaker::{BreakerSlot, TurnedAway};

/// The bytes of an object, as they arrive.
pub type Download = BoxStream<'static, Result<Bytes, StorageError>>;

/// A store of files.
#[async_trait]
pub trait FileStore: Send + Sync {
    /// A slot at the store for work in the background, which must not begin while the store fails.
    ///
    /// # Errors
    /// While the breaker of the store rejects requests.
    async fn enter(&self) -> Result<BreakerSlot<'_>, TurnedAway>;

    /// Opens an object to be read from its beginning; `None` if it does not exist.
    ///
    /// # Errors
    /// When the store refuses or does not answer.
    async fn read(&self, key: &str) -> Result<Option<Download>, StorageError>;

    /// Begins an object. It is not visible until it is finished.
    fn upload(&self, key: &str) -> Box<dyn Upload>;

    /// Removes every object below a folder of keys, and the remains of uploads there that were killed half-way. A
    /// missing folder is not an error.
    ///
    /// # Errors
    /// When the store refuses or does not answer.
    async fn remove(&self, folder: &str) -> Result<(), StorageError>;

    /// Size of an object in bytes; `None` if it does not exist.
    ///
    /// # Errors
    /// When the store refuses or does not answer.
    async fn size(&self, key: &str) -> Result<Option<u64>, StorageError>;

    /// A link to an object that is valid for `lifetime`, and when it ends. Whether the object exists is not checked.
    ///
    /// # Errors
    /// When the link cannot be signed.
    async fn link(
        &self,
        key: &str,
        now: DateTime<Utc>,
        lifetime: TimeDelta,
    ) -> Result<(String, DateTime<Utc>), StorageError>;
}

/// An object that is being uploaded. If it is dropped, the store keeps nothing that is visible.
#[async_trait]
pub trait Upload: Send {
    /// Adds bytes; waits while the maximum number of parts is in flight.
    ///
    /// # Errors
    /// When the store refuses or is too slow.
    async fn put(&mut self, bytes: Bytes) -> Result<(), StorageError>;

    /// Makes the complete object visible.
    ///
    /// # Errors
    /// When the store refuses or is too slow; the object may exist nevertheless.
    async fn finish(self: Box<Self>) -> Result<(), StorageError>;

    /// Gives up: parts that were sent are removed where the store allows it.
    async fn abort(self: Box<Self>);
}

/// A failure of a store. Every one may be temporary: operators free disk space and repair permissions.
#[derive(Debug, thiserror::Error)]
#[error("{words}")]
pub struct StorageError {
    /// What is wrong, in words that name no internals: the company that waits for its report reads them.
    pub words: &'static str,
    /// Whose fault it is: the store's, or our setup's (a disk that is full, a permission, a missing bucket).
    pub fault: Fault,
    /// The cause, for the log.
    #[source]
    pub source: Option<BoxError>,
}
